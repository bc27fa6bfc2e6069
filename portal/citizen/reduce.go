package citizen

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// ReducePage is templates/citizen/reduce.html: what goes on being shared.
type ReducePage struct {
	web.Page
	ID                        string
	Words                     reduceWords
	Watch                     bool // the monthly look goes on
	Choices                   []Choice
	EndsOn, Min, Max, LastDay string
	Shown                     string // names the text of this page
	// What kept the choice from being recorded, and where to mend it.
	Problem, ProblemField     string
	GroupProblem, DateProblem string
}

// reduceWords are the sentences that the page shows and the decision records.
type reduceWords struct {
	Sentence, Effect, Stays, Undo string
	// Watch is the monthly look, as on the screen that asked for it; empty when there is none.
	Watch, WatchExplain, WatchRefused string
}

func reduceWordsOf(p web.Page, view consent.GrantView) reduceWords {
	g, client := view.Grant, view.Client.LegalName
	out := reduceWords{
		Sentence: p.T("citizen.reduce.sentence", "Client", client, "Data", asked(p, g.Details.Groups), "Date", p.Date(g.Details.EndsOn)),
		Effect:   p.T("citizen.reduce.effect", "Client", client),
		Stays:    p.T("citizen.withdraw.stays_text", "Client", client, "Count", view.Client.Retention[g.Details.Purpose]),
		Undo:     p.T("citizen.reduce.undo", "Client", client),
	}
	if g.Details.Watch {
		out.Watch, out.WatchExplain, out.WatchRefused = watchWords(p, g.Details, client)
	}
	return out
}

func (w reduceWords) statement(p web.Page, g consent.Grant) consent.Statement {
	lines := []string{w.Sentence, w.Effect, w.Stays, w.Undo}
	if w.Watch != "" {
		lines = append(lines, w.Watch, w.WatchExplain)
	}
	return evidence(p, consent.Request{Details: g.Details}, lines)
}

// reducible tells whether there may be less of a consent.
func (room *Room) reducible(g consent.Grant) bool {
	return g.Standing(room.Now()) == nil && g.Details.Access == consent.Continuous
}

func (room *Room) askReduce(c *gin.Context) error {
	view, err := room.view(c)
	if err != nil {
		return err
	}
	if !room.reducible(view.Grant) {
		c.Redirect(http.StatusSeeOther, "/consents/"+view.Grant.ID)
		return nil
	}
	return room.showReduce(c, http.StatusOK, view, room.kept(c), nil)
}

func (room *Room) showReduce(c *gin.Context, status int, view consent.GrantView, d draft, problem error) error {
	page, g := room.Site.Page(c, "citizen.reduce.title"), view.Grant
	page.Back = "/consents/" + g.ID + "/reduce"
	words := reduceWordsOf(page, view)
	out := ReducePage{
		Page: page, ID: g.ID, Words: words, Shown: nameOf(words.statement(page, g)), EndsOn: g.Details.EndsOn.String(),
		Min: consent.DateOf(room.Now()).String(), Max: g.Details.EndsOn.String(), LastDay: page.Date(g.Details.EndsOn),
	}
	out.Watch = d.watch || !d.typed
	if d.typed {
		out.EndsOn = d.endsOn
	}
	for _, group := range g.Details.Groups {
		kept := !d.typed || slices.Contains(d.groups, group)
		out.Choices = append(out.Choices, Choice{Group: group, Name: held.GroupName(page.Localizer, group), Explain: page.T("group." + string(group) + ".explain"), Checked: kept})
	}
	out.explain(problem)
	return room.Site.Render(c, status, "citizen/reduce", out)
}

// explain puts a problem in the summary and beside its field.
func (p *ReducePage) explain(problem error) {
	switch consent.CodeOf(problem) {
	case consent.NothingChosen:
		p.GroupProblem, p.ProblemField = p.T("citizen.reduce.problem_nothing"), "datatypes"
	case consent.InvalidEndDate:
		p.DateProblem, p.ProblemField = p.T("citizen.request.problem_date", "Date", p.LastDay), "ends_on"
	case consent.InvalidRequest:
		p.GroupProblem, p.ProblemField = p.T("citizen.reduce.problem_same"), "datatypes"
		if consent.FieldOf(problem) == "shown" {
			p.GroupProblem = p.T("citizen.request.problem_changed")
		}
	}
	p.Problem = p.GroupProblem + p.DateProblem // one of the two at most
}

// reduce records the smaller extent; what the citizen can mend comes back as typed.
func (room *Room) reduce(c *gin.Context) error {
	form, err := web.Form(c, "datatypes")
	if err != nil {
		return err
	}
	view, err := room.view(c)
	if err != nil {
		return err
	}
	d := typed(form)
	if room.reducible(view.Grant) {
		err = room.lessen(c, view, d, form.Get("shown"))
	}
	switch consent.CodeOf(err) {
	case consent.NothingChosen, consent.InvalidEndDate, consent.InvalidRequest:
		_ = c.Error(err)
		return room.showReduce(c, http.StatusUnprocessableEntity, view, d, err)
	}
	if err != nil && !consent.Ended(err) { // the page says what ended it
		return err
	}
	c.Redirect(http.StatusSeeOther, "/consents/"+view.Grant.ID)
	return nil
}

// lessen asks the domain to record the choice.
func (room *Room) lessen(c *gin.Context, view consent.GrantView, d draft, read string) (err error) {
	page, session := room.Site.Page(c, "citizen.reduce.title"), room.Site.Session(c)
	words := reduceWordsOf(page, view)
	shown := words.statement(page, view.Grant)
	if read != nameOf(shown) {
		return consent.Refuse(consent.InvalidRequest, "shown", "not the text of this consent as it is now")
	}
	in := consent.Reduction{
		GrantID: view.Grant.ID, Subject: view.Grant.Subject, Groups: d.groups, Unwatched: view.Grant.Details.Watch && !d.watch, ACR: session.ACR, AuthTime: session.AuthTime,
	}
	in.Statement = lookRefused(shown, words.WatchRefused, in.Unwatched)
	if d.endsOn != "" {
		if in.EndsOn, err = d.day(); err != nil {
			return err
		}
	}
	_, err = room.Service.Reduce(c.Request.Context(), in)
	return err
}
