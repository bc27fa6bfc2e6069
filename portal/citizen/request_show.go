package citizen

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// ArrivalPage is templates/citizen/arrival.html: a request, nobody signed in.
type ArrivalPage struct {
	web.Page
	RequestID, Sentence, SIRET, Service, Without string
	Shown                                        string // names the text of this page
	Connect                                      Connect
}

// RequestPage is templates/citizen/request.html: the question itself.
type RequestPage struct {
	web.Page
	RequestID, SIRET, Service, Client, DPO string
	Words                                  words
	Choices                                []Choice
	Held                                   []consent.DataGroup // shared already, and sent along
	EndsOn, Min, Max, LastDay              string
	Reference                              string // the administration's file number; may be empty
	Shown                                  string // names the text of this page
	Watch                                  bool   // the box of the monthly look is ticked
	CanPreview                             bool
	Previews                               []Preview // the data, once the citizen asked to see it
	// What kept the answer from being recorded, and where to mend it.
	Problem, ProblemField     string
	GroupProblem, DateProblem string
	ConfirmProblem            string
}

// Choice is one data group to tick.
type Choice struct {
	Group         consent.DataGroup
	Name, Explain string
	Checked       bool
}

// draft is what the citizen typed; the zero draft is a form not filled in yet.
type draft struct {
	typed  bool
	groups []consent.DataGroup
	watch  bool
	until  string
	endsOn string
}

func (room *Room) showRequest(c *gin.Context) error {
	r, who, err := room.request(c)
	if consent.CodeOf(err) == consent.SignInRequired {
		return room.invite(c, err)
	}
	if err != nil {
		return err
	}
	room.Site.Prefer(c, r.Language)
	if r.Answerable(room.Now()) != nil {
		c.Redirect(http.StatusSeeOther, "/requests/"+r.ID+"/done")
		return nil
	}
	if !room.Site.Session(c).SignedIn() {
		return room.showArrival(c, r, who)
	}
	if r, err = room.Service.Identify(c.Request.Context(), r.ID, room.Site.Viewer(c)); err != nil {
		return err
	}
	if r.Status == consent.RequestGranted { // an earlier consent covers it: nothing to ask
		c.Redirect(http.StatusSeeOther, "/requests/"+r.ID+wayBack(r))
		return nil
	}
	if r.Status == consent.RequestCancelled { // one question too many
		c.Redirect(http.StatusSeeOther, "/requests/"+r.ID+"/done")
		return nil
	}
	if who, err = room.asker(c.Request.Context(), r); err != nil { // now that it is known whose request it is
		return err
	}
	return room.showForm(c, http.StatusOK, r, who, room.kept(c), nil)
}

// wayBack leads to the administration, when the citizen came from it.
func wayBack(r consent.Request) string {
	if r.Filed {
		return "/done"
	}
	return "/return"
}

// request is the request of the path and who asks, if this viewer may see it.
func (room *Room) request(c *gin.Context) (consent.Request, asker, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return consent.Request{}, asker{}, err
	}
	r, err := room.Service.Request(c.Request.Context(), id, room.Site.Viewer(c))
	if err != nil {
		return consent.Request{}, asker{}, err
	}
	who, err := room.asker(c.Request.Context(), r)
	return r, who, err
}

func (room *Room) showArrival(c *gin.Context, r consent.Request, who asker) error {
	page := room.Site.Page(c, "citizen.arrival.title")
	return room.Site.Render(c, http.StatusOK, "citizen/arrival", ArrivalPage{
		Page: page, RequestID: r.ID, Sentence: sentence(page, r.Details, who.Client), SIRET: string(who.SIRET), Service: who.ServiceName,
		Without: page.T("purpose." + r.Details.Purpose + ".without"), Connect: connect(page, r.ID),
		Shown: nameOf(wordsOf(page, r, who).arrivalStatement(page, r)),
	})
}

// showForm shows the question, with what was typed and what was wrong with it.
func (room *Room) showForm(c *gin.Context, status int, r consent.Request, who asker, d draft, problem error) error {
	page := room.Site.Page(c, "citizen.request.title")
	page.Back = "/requests/" + r.ID
	out := room.requestPage(page, r, who, d)
	out.explain(problem)
	return room.Site.Render(c, status, "citizen/request", out)
}

func (room *Room) requestPage(page web.Page, r consent.Request, who asker, d draft) RequestPage {
	today, words := consent.DateOf(room.Now()), wordsOf(page, r, who)
	out := RequestPage{
		Page: page, RequestID: r.ID, SIRET: string(who.SIRET), Service: who.ServiceName, Client: who.LegalName, DPO: who.DPOContact,
		Words: words, Shown: nameOf(words.statement(page, r)), Choices: choices(page, r, who, d), Held: who.held,
		EndsOn: d.endsOn, Min: today.String(), Max: r.Details.EndsOn.String(), LastDay: page.Date(r.Details.EndsOn), Reference: r.Reference,
	}
	out.CanPreview = room.showsPreview(r, who)
	out.Watch = d.watch // never ticked in the citizen's place (GDPR recital 32)
	tick(out.Words.Ends, d)
	return out
}

// choices are what is new. They tick the citizen's own data at first, never other
// people's, nor what they must confirm.
func choices(p web.Page, r consent.Request, who asker, d draft) []Choice {
	set, _ := consent.DataSetOf(r.Details.Type)
	var out []Choice
	for _, g := range r.Details.Groups {
		if slices.Contains(who.held, g) {
			continue
		}
		checked := !set.AboutOthers(g) && !set.Confirmed()
		if d.typed {
			checked = slices.Contains(d.groups, g)
		}
		out = append(out, Choice{Group: g, Name: held.GroupName(p.Localizer, g), Explain: p.T("group." + string(g) + ".explain"), Checked: checked})
	}
	return out
}

// explain puts a problem in the summary and beside its field.
func (p *RequestPage) explain(problem error) {
	switch consent.CodeOf(problem) {
	case consent.NothingChosen:
		p.GroupProblem, p.ProblemField = p.T("citizen.request.problem_nothing"), "datatypes"
		p.Problem = p.GroupProblem
	case consent.InvalidEndDate:
		p.DateProblem, p.ProblemField = p.T("citizen.request.problem_date", "Date", p.LastDay), "ends_on"
		if consent.FieldOf(problem) == "until" {
			p.DateProblem, p.ProblemField = p.T("citizen.request.problem_until"), "until"
		}
		p.Problem = p.DateProblem
	case consent.InvalidRequest:
		p.Problem, p.ProblemField = p.T("citizen.request.problem_decision"), "content"
		switch consent.FieldOf(problem) {
		case "shown":
			p.Problem = p.T("citizen.request.problem_changed")
		case "confirmed":
			p.ConfirmProblem, p.ProblemField = p.T("citizen.request.problem_confirm"), "confirmed"
			p.Problem = p.ConfirmProblem
		}
	}
}
