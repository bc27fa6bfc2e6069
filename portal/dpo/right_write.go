package dpo

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// blank stands in a template where the officer writes; a message that still has it is
// not sent.
const blank = "[…]"

// draft is a message before it is sent.
type draft struct {
	kind       consent.RightsMessageKind
	text, lang string
}

// draftIn is the message as it was typed.
func draftIn(form web.Params) draft {
	return draft{kind: consent.RightsMessageKind(form.Get("kind")), text: form.Get("text"), lang: "fr"}
}

// template is a message to begin with; its text is dpo.template.<key>.
type template struct {
	key  string
	kind consent.RightsMessageKind
}

// templatesFor are those that fit a request: one answer, its right's. A restriction is
// lifted on the page of the measures, which answers.
func templatesFor(r consent.RightsRequest) []template {
	all := []template{
		{"received", consent.RightsNews}, {string(r.Right), consent.RightsAnswer}, {"extension", consent.RightsExtension}, {"refusal", consent.RightsRefusal},
	}
	if r.Lifts != "" {
		return slices.Delete(all, 1, 2)
	}
	return all
}

// draftOf is the message of the template that was chosen, in the language that was
// chosen, or the citizen's when it is known, or French.
func (room *Room) draftOf(params web.Params, view consent.RightsView) draft {
	d := draft{lang: "fr"}
	for _, lang := range []string{view.Language, params.Get("lang")} {
		if slices.Contains(room.Site.Languages(), lang) {
			d.lang = lang
		}
	}
	for _, t := range templatesFor(view.Request) {
		if t.key == params.Get("template") {
			d.kind, d.text = t.kind, room.Site.PageIn(d.lang, "dpo.template."+t.key).Title
		}
	}
	return d
}

// offer adds what may be written, and templates to begin with.
func (room *Room) offer(page *RightPage, r consent.RightsRequest, d draft) {
	for _, kind := range consent.RightsMessageKinds() {
		if kind == consent.RightsExtension && !r.MayExtend(room.Now()) || kind == consent.RightsAnswer && r.Lifts != "" {
			continue
		}
		key := "dpo.right.kind." + string(kind)
		page.Kinds = append(page.Kinds, RoleChoice{Value: string(kind), Name: page.T(key), Explain: page.T(key + "_explain"), Checked: kind == d.kind})
	}
	address := func(key, lang string) string {
		return "/dpo/rights/" + r.ID + "?" + url.Values{"template": {key}, "lang": {lang}}.Encode() + "#write"
	}
	chosen := ""
	for _, t := range templatesFor(r) {
		if t.kind == consent.RightsExtension && !r.MayExtend(room.Now()) {
			continue
		}
		current := d.text != "" && t.kind == d.kind
		if current {
			chosen = t.key
		}
		page.Templates = append(page.Templates, Link{URL: address(t.key, d.lang), Name: page.T("dpo.right.template." + string(t.kind)), Current: current})
	}
	for _, l := range page.Page.Languages {
		page.Translations = append(page.Translations, TranslatedLink{Link{URL: address(chosen, l.Code), Name: l.Name, Current: l.Code == d.lang}, l.Code})
	}
}

func (room *Room) writeRight(c *gin.Context, by consent.Agent) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	d := draftIn(form)
	if strings.Contains(d.text, blank) {
		err = consent.Refuse(consent.InvalidRequest, "text", "what is to be written is not")
	} else {
		err = room.Service.WriteRight(c.Request.Context(), by, id, d.kind, d.text)
	}
	if consent.CodeOf(err) == consent.InvalidRequest {
		return room.mendMessage(c, by, d, err)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/rights/"+id+"?done=written")
	return nil
}

// mendMessage shows the form as it was typed, with what to mend.
func (room *Room) mendMessage(c *gin.Context, by consent.Agent, d draft, problem error) error {
	view, err := room.rightView(c, by)
	if err != nil {
		return err
	}
	p := room.page(c, "dpo.rights.title")
	page := RightPage{Text: d.text, TextLang: d.lang, ProblemField: consent.FieldOf(problem)}
	switch {
	case page.ProblemField == "kind":
		page.Problem = p.T("dpo.right.problem_kind")
	case strings.Contains(d.text, blank):
		page.Problem = p.T("dpo.right.problem_blank", "Blank", blank)
	case d.kind == consent.RightsRefusal && !consent.TellsComplaint(d.text):
		page.Problem = p.T("dpo.right.problem_cnil")
	default:
		page.Problem = p.T("dpo.right.problem_text", "Least", consent.MinReason, "Most", p.Number(consent.MaxRightsReply))
	}
	return room.rightPage(c, http.StatusUnprocessableEntity, by, view, page, d, "")
}

// RightKeys are the keys that these pages put together, for the catalogues' test.
func RightKeys() (out []string) {
	out = append(out, "dpo.rights.kind."+consent.Lifting)
	for _, right := range consent.Rights() {
		out = append(out, "dpo.rights.kind."+string(right), "dpo.template."+string(right))
	}
	for _, state := range consent.RightsStates() {
		out = append(out, "dpo.rights.state."+string(state), "dpo.rights.none."+string(state), "dpo.rights.state_one."+string(state))
	}
	for _, kind := range consent.RightsMessageKinds() {
		key := "dpo.right.kind." + string(kind)
		out = append(out, key, key+"_explain", "dpo.right.template."+string(kind))
	}
	return append(out, "dpo.template.received", "dpo.template.extension", "dpo.template.refusal")
}
