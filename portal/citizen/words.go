package citizen

import (
	"encoding/base64"
	"strings"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// words are the sentences of a question. The page shows them and the decision
// records them: they are made once, here.
type words struct {
	Sentence, Duration, Use, Retention, Rights, Without, Legal string
	// Through names an editor that acts for the administration; may be empty.
	Through, Source string
	Already         string // what is shared already; empty when nothing is
	// Watch asks whether we may look each month if the value changed, and WatchExplain says
	// what that is; WatchRefused is the answer no. All empty when it was not asked.
	Watch, WatchExplain, WatchRefused string
	Again                             string // why the citizen is asked again; empty when they are not
	// Warning says what the data reveal of health, or that they are somebody else's, and
	// Confirm is what the citizen says to that; all empty for other data.
	Warning, ConfirmTitle, Confirm string
	Groups                         []string // one line each
	// Given is what the question is about beside the person: an account, a pupil.
	Given []held.Fact
	Ends  []EndOption
}

func wordsOf(p web.Page, r consent.Request, who asker) words {
	purpose := "purpose." + r.Details.Purpose
	source := ""
	if known, ok := consent.PurposeOf(r.Details.Purpose); ok {
		source = known.LegalSource
	}
	out := words{
		Sentence:  sentence(p, r.Details, who.Client),
		Duration:  held.Duration(p.Localizer, r.Details),
		Ends:      endOptions(p, r.Details, who),
		Use:       p.T(purpose+".use", "Client", who.LegalName),
		Retention: p.T("citizen.request.retention", "Count", who.Retention[r.Details.Purpose]),
		Rights:    p.T("citizen.request.rights_text"),
		Without:   p.T(purpose + ".without"),
		Legal:     p.T("citizen.request.legal", "Source", source),
	}
	if len(who.held) > 0 {
		out.Already = p.T("citizen.request.already", "Data", asked(p, who.held))
	}
	if !who.agreed.IsZero() {
		out.Again = p.T("citizen.request.again", "Date", p.Date(who.agreed), "Client", who.LegalName)
	}
	if who.Through != "" {
		out.Through = p.T("citizen.request.through", "Editor", who.Through, "Client", who.LegalName)
	}
	if r.Details.Watch {
		out.Watch, out.WatchExplain, out.WatchRefused = watchWords(p, r.Details, who.LegalName)
	}
	out.Source = held.Source(p.Localizer, r.Details.Groups)
	if who.source != "" {
		out.Source = p.T("citizen.request.source_provider", "Provider", who.source)
	}
	if set, _ := consent.DataSetOf(r.Details.Type); set.Confirmed() {
		out.Warning, out.ConfirmTitle, out.Confirm = p.T("data_set."+set.Type+".warning"), p.T("citizen.request.confirm_title"), p.T("citizen.request.confirm")
		if set.OfAnother {
			out.ConfirmTitle, out.Confirm = p.T("citizen.request.confirm_another_title"), p.T("citizen.request.confirm_another")
		}
	}
	for _, g := range r.Details.Groups {
		out.Groups = append(out.Groups, held.GroupName(p.Localizer, g)+" – "+p.T("group."+string(g)+".explain"))
	}
	out.Given = held.Given(p.Localizer, r.Details.Type, who.given)
	return out
}

// watchWords ask for the monthly look, explain it, and are the answer no.
func watchWords(p web.Page, d consent.Details, client string) (question, explained, refused string) {
	return p.T("citizen.request.watch", "Data", p.T("data_set."+d.Type+".name")), p.T("citizen.request.watch_explain", "Client", client), p.T("citizen.request.watch_refused")
}

// statement is the consent screen as evidence: exactly what was on it.
func (w words) statement(p web.Page, r consent.Request) consent.Statement {
	lines := append([]string{w.Sentence}, w.Groups...)
	if r.Reference != "" {
		lines = append(lines, p.T("citizen.request.reference", "Reference", r.Reference))
	}
	for _, line := range []string{w.Again, w.Already, w.Warning, w.Confirm} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	for _, fact := range w.Given {
		lines = append(lines, p.T("citizen.request.given_recorded", "Name", fact.Name))
	}
	if w.Through != "" {
		lines = append(lines, w.Through)
	}
	lines = append(lines, w.Duration)
	if w.Watch != "" {
		lines = append(lines, w.Watch, w.WatchExplain)
	}
	for _, end := range w.Ends {
		lines = append(lines, end.Label)
	}
	return evidence(p, r, append(lines, w.Use, w.Retention, w.Rights, w.Without, w.Legal, w.Source))
}

// answered is the screen as evidence of an answer, which says what was left out of it
// besides data and time: these are in the decision's own members.
func (w words) answered(shown consent.Statement, a consent.Answer) consent.Statement {
	return lookRefused(shown, w.WatchRefused, a.Unwatched)
}

// lookRefused is a screen as evidence of the answer no to the monthly look, when it was.
func lookRefused(shown consent.Statement, line string, refused bool) consent.Statement {
	if refused {
		shown.Text += "\n" + line
	}
	return shown
}

// arrivalStatement is the arrival page as evidence, for those who refuse there.
func (w words) arrivalStatement(p web.Page, r consent.Request) consent.Statement {
	return evidence(p, r, []string{w.Sentence, w.Without})
}

// nameOf names a text in the form that shows it, so that what is recorded is what
// was read: language, registration or words may change before the answer comes.
func nameOf(shown consent.Statement) string {
	hash := shown.Hash()
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

func evidence(p web.Page, r consent.Request, lines []string) consent.Statement {
	out := consent.Statement{Language: p.Lang, Version: 1, Text: strings.Join(lines, "\n"), Own: r.Reference != ""}
	if purpose, ok := consent.PurposeOf(r.Details.Purpose); ok {
		out.Version = purpose.Version
	}
	return out
}

// sentence says who asks for what and why, in one breath.
func sentence(p web.Page, d consent.Details, client consent.Client) string {
	return p.T("purpose."+d.Purpose+".ask", "Client", client.LegalName, "Data", asked(p, d.Groups))
}

func asked(p web.Page, groups []consent.DataGroup) string {
	var names []string
	for _, g := range groups {
		names = append(names, p.T("group."+string(g)+".asked"))
	}
	return p.List(names)
}

// Badge is a state by word; its tone only repeats it in colour.
type Badge struct{ Text, Tone string }

func badge(p web.Page, status consent.GrantStatus) Badge {
	tone := map[consent.GrantStatus]string{
		consent.GrantActive: "success", consent.GrantTakenBack: "warning", consent.GrantPaused: "warning", consent.GrantRestricted: "warning",
	}[status]
	if tone == "" {
		tone = "info"
	}
	return Badge{Text: p.T("state." + string(status)), Tone: tone}
}

// AccessRow is one consultation in words.
type AccessRow struct{ When, Who, What, Outcome string }

// accessRows are consultations, newest first.
func accessRows(p web.Page, accesses []consent.Access, client func(consent.Party) consent.Client) []AccessRow {
	var out []AccessRow
	for _, a := range accesses {
		out = append(out, AccessRow{
			When: p.DateTime(a.OpenedAt), Who: client(a.Party()).LegalName,
			What: held.AccessData(p.Localizer, a), Outcome: held.AccessOutcome(p.Localizer, a, client(a.Asker())),
		})
	}
	return out
}
