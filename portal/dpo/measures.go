package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// MeasuresPage is templates/dpo/measures.html: what restricts the sharing of whoever made
// a request, or keeps administrations from asking them, and the forms to set and to lift.
type MeasuresPage struct {
	web.Page
	ID           string // the request
	Done         string // what was just done; may be empty
	Problem      string // why nothing was; may be empty
	ProblemField string
	Measures     []MeasureItem
	// Accept is the form to carry out what is asked; zero when there is nothing to accept.
	Accept AcceptForm
}

// AcceptForm sets a restriction or an objection, and answers the request with it.
type AcceptForm struct {
	Title, What, Send string
	Choices           []Choice
	Text, TextLang    string
}

// Choice is one administration of the form.
type Choice struct {
	Value, Name string
	Selected    bool
}

// MeasureItem is one measure in force, with what may be done about it.
type MeasureItem struct {
	ID, Name, Set  string
	Asked          string // that the citizen wants it lifted; may be empty
	Told           string // that the citizen was told of its lifting; may be empty
	AskedIn        string // the request that asks for it, which lifting answers; may be empty
	Notice         string // the message of the lifting, or the answer, to begin with
	NoticeLang     string
	Announce, Lift bool // what may be done now
}

func (room *Room) measures(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page := MeasuresPage{Page: room.page(c, "dpo.measures.title")}
	if key, known := measureDone[params.Get("done")]; known {
		page.Done = page.T(key)
	}
	form, _ := kept(c)
	return room.measuresPage(c, http.StatusOK, by, page, form)
}

// measureDone are the texts of what was just done.
var measureDone = map[string]string{"set": "dpo.measures.done_set", "told": "dpo.measures.done_told", "lifted": "dpo.measures.done_lifted"}

// measuresPage completes a page that may hold a form as it was typed.
func (room *Room) measuresPage(c *gin.Context, status int, by consent.Agent, page MeasuresPage, form web.Params) error {
	view, err := room.rightView(c, by)
	if err != nil {
		return err
	}
	held, list, err := room.Service.MeasuresOn(c.Request.Context(), by, view.Request.ID)
	if err != nil {
		return err
	}
	names, err := room.names(c, by)
	if err != nil {
		return err
	}
	page.ID = view.Request.ID
	lang := room.draftOf(web.Params{}, view).lang
	for _, m := range held {
		item := room.measureItem(page.Page, m, list.Clients, names)
		item.Notice, item.NoticeLang = room.Site.PageIn(lang, liftTemplate(m)).Title, lang
		if form.Get("measure") == m.ID && form.Has("text") {
			item.Notice = form.Get("text")
		}
		page.Measures = append(page.Measures, item)
	}
	room.offerAccept(&page, view, list, lang, form)
	return room.Site.Render(c, status, "dpo/measures", page)
}

func (room *Room) measureItem(p web.Page, m consent.HeldMeasure, clients map[consent.Party]consent.Client, names map[consent.AgentID]string) MeasureItem {
	out := MeasureItem{ID: m.ID, Name: p.T("dpo.measures.kind."+string(m.Right), "Whom", whom(p, m.Of, clients))}
	if out.Set = p.T("dpo.measures.set_by", "Instant", p.DateTime(m.SetAt), "Who", names[m.SetBy]); m.SetBy == "" {
		out.Set = p.T("dpo.measures.set_here", "Instant", p.DateTime(m.SetAt))
	}
	if !m.LiftAskedAt.IsZero() {
		out.Asked = p.T("dpo.measures.asked", "Instant", p.DateTime(m.LiftAskedAt))
	}
	if m.Right != consent.RightRestriction {
		return out
	}
	if out.AskedIn = m.AskedIn; out.AskedIn != "" {
		return out
	}
	from := m.LiftableFrom()
	if out.Announce = m.Told.IsZero(); !out.Announce {
		out.Told = p.T("dpo.measures.told", "Instant", p.DateTime(m.Told), "From", p.DateTime(from))
		out.Lift = !room.Now().Before(from)
	}
	return out
}

// liftTemplate is what a message begins with: the answer to whoever asked, or the notice.
func liftTemplate(m consent.HeldMeasure) string {
	if m.AskedIn != "" {
		return "dpo.template.lifted"
	}
	return "dpo.template.lifting"
}

// whom is the administration by name, or all of them.
func whom(p web.Page, of consent.Party, clients map[consent.Party]consent.Client) string {
	if of == (consent.Party{}) {
		return p.T("dpo.measures.all")
	}
	return clients[of].LegalName
}

// offerAccept adds the form while the request is open and asks for a measure. What was
// typed in it stays.
func (room *Room) offerAccept(page *MeasuresPage, view consent.RightsView, list consent.MeasureList, lang string, form web.Params) {
	r := view.Request
	if r.State != consent.RightsOpen || !stops(r.Right) || r.Lifts != "" {
		return
	}
	key, chosen := "dpo.measures.accept."+string(r.Right), form.Get("administration")
	page.Accept = AcceptForm{Title: page.T(key), What: page.T(key + "_what"), Send: page.T(key + "_send"), TextLang: lang}
	if page.Accept.Text = form.Get("text"); page.Accept.Text == "" || form.Has("measure") {
		page.Accept.Text = room.Site.PageIn(lang, "dpo.template.accepted."+string(r.Right)).Title
	}
	for _, p := range list.Askers {
		page.Accept.Choices = append(page.Accept.Choices, Choice{string(p.Recipient), list.Clients[p].LegalName, chosen == string(p.Recipient)})
	}
	page.Accept.Choices = append(page.Accept.Choices, Choice{allAskers, page.T("dpo.measures.all"), chosen == allAskers})
}

// stops tells a right that a measure carries out.
func stops(right consent.Right) bool {
	return right == consent.RightRestriction || right == consent.RightObjection
}

// MeasureKeys are the keys that this page puts together, for the catalogues' test.
func MeasureKeys() (out []string) {
	for _, right := range []consent.Right{consent.RightRestriction, consent.RightObjection} {
		key := "dpo.measures.accept." + string(right)
		out = append(out, "dpo.measures.kind."+string(right), key, key+"_what", key+"_send", "dpo.template.accepted."+string(right))
	}
	return append(out, "dpo.template.lifting", "dpo.template.lifted", "dpo.right.kind.lifting", "citizen.right.kind.lifting")
}
