package locales_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"portail.example/consent"
	"portail.example/locales"
	"portail.example/portal/citizen"
	"portail.example/portal/dpo"
	"portail.example/portal/dpo/report"
	"portail.example/portal/web"
)

// languages are the catalogues' names.
func languages(t *testing.T) (out []string) {
	t.Helper()
	files, err := fs.Glob(locales.FS, "*.toml")
	if err != nil || len(files) < 4 {
		t.Fatalf("catalogues %v: %v", files, err)
	}
	for _, file := range files {
		out = append(out, strings.TrimSuffix(file, ".toml"))
	}
	return out
}

// pluralForms are the categories CLDR gives a language's whole numbers: those
// that a text with all six of them shows for one number or another.
func pluralForms(t *testing.T, lang string) (out []string) {
	t.Helper()
	tag := language.MustParse(lang)
	bundle := i18n.NewBundle(tag)
	bundle.MustAddMessages(tag, &i18n.Message{ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"})
	localizer := i18n.NewLocalizer(bundle, lang)
	for _, count := range []int{0, 1, 2, 3, 11, 100, 1_000_000} {
		out = append(out, localizer.MustLocalize(&i18n.LocalizeConfig{MessageID: "form", PluralCount: count}))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// message is a text, or one text for each plural form.
type message map[string]string

// catalogue is what a language says: its file, and its part of each data set.
func catalogue(t *testing.T, lang string) map[string]message {
	t.Helper()
	raw, err := locales.FS.ReadFile(lang + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	out := map[string]message{}
	flatten("", tree, out)
	sets, known := consent.Texts(lang)
	if !known {
		t.Errorf("the catalogue of data sets has no texts in %s", lang)
	}
	for key, text := range sets {
		if _, twice := out[key]; twice {
			t.Errorf("%s: %s is said in two files", lang, key)
		}
		out[key] = message{"": text}
	}
	return out
}

func flatten(prefix string, tree map[string]any, out map[string]message) {
	if _, plural := tree["other"].(string); plural {
		out[prefix] = message{}
		for form, text := range tree {
			out[prefix][form] = text.(string)
		}
		return
	}
	for name, value := range tree {
		key := strings.TrimPrefix(prefix+"."+name, ".")
		switch v := value.(type) {
		case string:
			out[key] = message{"": v}
		case map[string]any:
			flatten(key, v, out)
		}
	}
}

func keys(c map[string]message) (out []string) {
	for key := range c {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

var placeholder = regexp.MustCompile(`{{\.\w+}}`)

func placeholders(m message) []string {
	var out []string
	for _, text := range m {
		out = append(out, placeholder.FindAllString(text, -1)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	french := catalogue(t, "fr")
	for _, lang := range languages(t) {
		forms, c := pluralForms(t, lang), catalogue(t, lang)
		if diff := cmp.Diff(keys(french), keys(c)); diff != "" {
			t.Errorf("%s has not the keys of French:\n%s", lang, diff)
		}
		for key, m := range c {
			if diff := cmp.Diff(placeholders(french[key]), placeholders(m)); diff != "" {
				t.Errorf("%s: %s: placeholders differ:\n%s", lang, key, diff)
			}
			if _, single := m[""]; !single && !cmp.Equal(forms, keysOf(m)) {
				t.Errorf("%s: %s has the plural forms %v, not %v", lang, key, keysOf(m), forms)
			}
			for form, text := range m {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s %s is empty", lang, key, form)
				}
			}
		}
	}
}

func keysOf(m message) (out []string) {
	for form := range m {
		out = append(out, form)
	}
	slices.Sort(out)
	return out
}

// built are the keys that code puts together from the domain's closed lists.
func built() (out []string) {
	for _, p := range consent.Purposes() {
		for _, part := range []string{"name", "ask", "use", "without"} {
			out = append(out, "purpose."+p.ID+"."+part)
		}
	}
	for _, set := range consent.DataSets() {
		for _, part := range []string{"name", "source", "no_file", "not_identified", "mistake"} {
			out = append(out, "data_set."+set.Type+"."+part)
		}
		if set.Confirmed() {
			out = append(out, "data_set."+set.Type+".warning")
		}
		for _, p := range set.Given {
			out = append(out, "parameter."+set.Type+"."+p.Name+".name")
		}
		for _, g := range set.Groups {
			for _, part := range []string{"name", "asked", "explain", "register", "line"} {
				out = append(out, fmt.Sprintf("group.%s.%s", g, part))
			}
		}
	}
	for _, o := range []consent.Outcome{consent.Open, consent.Released, consent.Verified, consent.Compared, consent.Refused, consent.Busy, consent.Failed, consent.TimedOut} {
		out = append(out, "outcome."+string(o))
	}
	for _, s := range []consent.GrantStatus{consent.GrantActive, consent.GrantEnded, consent.GrantTakenBack, consent.GrantGivenUp, consent.GrantMerged, consent.GrantPaused, consent.GrantRestricted, consent.GrantUsed} {
		out = append(out, "state."+string(s), "citizen.consent."+string(s))
	}
	for _, end := range []consent.EndKind{consent.EndAsked, consent.EndOneYear, consent.EndSchoolYear, consent.EndOnce, consent.EndDate} {
		out = append(out, "citizen.request.end."+string(end))
	}
	for _, o := range []consent.Outcome{consent.NoFile, consent.NotIdentified, consent.Busy, consent.Failed, consent.TimedOut} {
		out = append(out, "citizen.preview."+string(o))
	}
	for _, answer := range []string{"granted", "refused"} {
		out = append(out, "citizen.receipt."+answer, "citizen.receipt.how."+answer)
	}
	out = append(out, "citizen.receipt.reduced")
	for _, right := range consent.Rights() {
		out = append(out, "citizen.rights."+string(right), "citizen.rights."+string(right)+"_explain")
	}
	out = append(out, "citizen.rights."+consent.Lifting)
	for _, why := range consent.Reasons() {
		out = append(out, "citizen.reason."+string(why))
	}
	for _, kind := range consent.RightsMessageKinds() {
		out = append(out, "citizen.right.kind."+string(kind))
	}
	for _, state := range consent.RightsStates() {
		out = append(out, "citizen.rights.state."+string(state))
	}
	for _, record := range citizen.ShownRecords() {
		key := "citizen.kept." + string(record)
		if out = append(out, key); !(consent.Kept{Record: record}).Erased() {
			out = append(out, key+"_why")
		}
	}
	for _, part := range consent.Parts() {
		out = append(out, "citizen.my_copy."+string(part))
	}
	out = append(out, citizen.AboutKeys()...)
	out = append(out, builtForAgents()...)
	for _, kind := range consent.HistoryKinds() {
		out = append(out, "citizen.history.kind."+string(kind))
	}
	for _, kind := range consent.NoticeKinds() {
		out = append(out, "mail.subject."+string(kind), "mail.line."+string(kind), "citizen.notices.kind."+string(kind))
	}
	for month := 1; month <= 12; month++ {
		out = append(out, fmt.Sprintf("common.month.%d", month))
	}
	out = append(out, web.ErrorKeys()...)
	return append(out, "citizen.done.refused_sentence", "citizen.done.cancelled", "citizen.done.cancelled_sentence", "citizen.done.expired_sentence", "citizen.done.refused", "citizen.done.expired")
}

// builtForAgents are those of the agents' pages.
func builtForAgents() (out []string) {
	out = append(out, dpo.ReportKeys()...)
	out = append(out, dpo.EvidenceKeys()...)
	for _, role := range consent.Roles() {
		out = append(out, "dpo.role."+string(role), "dpo.role."+string(role)+"_explain")
	}
	for _, state := range consent.AgentStates() {
		out = append(out, "dpo.agents.state."+string(state))
	}
	for _, kind := range consent.LookupKinds() {
		out = append(out, "dpo.lookups.by."+string(kind))
	}
	for _, rule := range consent.RetentionRules() {
		out = append(out, "dpo.register.record."+string(rule.Record))
	}
	for _, record := range dpo.ErasureRecords() {
		out = append(out, "dpo.erasure.record."+string(record))
	}
	out = append(out, report.PointKeys()...)
	for _, f := range consent.Figures() {
		out = append(out, "dpo.statistics.figure."+string(f))
	}
	for _, part := range dpo.PartKeys() {
		out = append(out, "dpo.home."+part, "dpo.home."+part+"_explain")
	}
	out = append(out, dpo.MeasureKeys()...)
	out = append(out, dpo.RightKeys()...)
	for _, key := range dpo.RefusalKeys() {
		for _, part := range []string{"title", "what", "step", "next"} {
			out = append(out, "dpo.refused."+key+"."+part)
		}
	}
	return out
}

var literal = regexp.MustCompile(`"((?:layout|common|citizen|dpo|mail|error|purpose|data_set|group|outcome|state)\.[a-z0-9_.-]*[a-z0-9_])"`)

// written are the keys that templates and code spell out.
func written(t *testing.T) (out []string) {
	t.Helper()
	for _, root := range []string{"../templates", "../portal", "../internal/i18n", "../internal/mail"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "node_modules") || filepath.Ext(path) != ".go" && filepath.Ext(path) != ".html" {
				return err
			}
			text, err := os.ReadFile(path)
			for _, found := range literal.FindAllStringSubmatch(string(text), -1) {
				if !strings.HasSuffix(found[1], ".html") {
					out = append(out, found[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestEveryTextIsUsedAndEveryUseHasAText(t *testing.T) {
	used := append(written(t), built()...)
	slices.Sort(used)
	if diff := cmp.Diff(keys(catalogue(t, "fr")), slices.Compact(used)); diff != "" {
		t.Errorf("in the catalogue (-), used (+):\n%s", diff)
	}
}

func TestFrenchKeepsItsSpacesUnbroken(t *testing.T) {
	broken := regexp.MustCompile(` [?!:;»]|« `)
	for key, m := range catalogue(t, "fr") {
		for _, text := range m {
			if broken.MatchString(text) || strings.Contains(text, "'") {
				t.Errorf("%s: %q breaks a line before a sign, or has a typewriter's apostrophe", key, text)
			}
		}
	}
}

// The words that screens must not use.
func TestWordsCitizensDoNotKnowAreNotUsed(t *testing.T) {
	banned := regexp.MustCompile(`(?i)\b(consentement éclairé|jeton|scope|redirection|payload|token)\b`)
	for _, lang := range languages(t) {
		for key, m := range catalogue(t, lang) {
			for _, text := range m {
				if banned.MatchString(text) {
					t.Errorf("%s: %s: %q", lang, key, text)
				}
			}
		}
	}
}
