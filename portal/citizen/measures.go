package citizen

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// MeasuresPage is templates/citizen/measures.html: what is frozen, whom the citizen
// stopped, and the ways to change either.
type MeasuresPage struct {
	web.Page
	Done         string // what was just done; may be empty
	Problem      string // why nothing was; may be empty
	ProblemField string
	Frozen       []MeasureItem
	Stopped      []MeasureItem
	Choices      []Option // whom the citizen may stop; none without anybody who asked
}

// MeasureItem is one restriction or objection in force.
type MeasureItem struct {
	ID, Name, Since string
	Request         string // the request it answers; may be empty
	Asked           string // that the citizen asked for its lifting; may be empty
}

// allAsk stands for every administration in the form.
const allAsk = "all"

func (room *Room) measures(c *gin.Context) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page := MeasuresPage{Page: room.Site.Page(c, "citizen.measures.title")}
	if key, known := measureDone[params.Get("done")]; known {
		page.Done = page.T(key)
	}
	return room.measuresPage(c, http.StatusOK, page)
}

// measureDone are the texts of what was just done.
var measureDone = map[string]string{
	"stopped": "citizen.measures.done_stopped", "lifted": "citizen.measures.done_lifted", "asked": "citizen.measures.done_asked",
}

// measuresPage completes a page that may hold a form to mend.
func (room *Room) measuresPage(c *gin.Context, status int, page MeasuresPage) error {
	list, err := room.Service.Measures(c.Request.Context(), room.Site.Session(c).Subject)
	if err != nil {
		return err
	}
	for _, m := range list.Measures {
		if item := measureItem(page.Page, m, list.Clients); m.Right == consent.RightRestriction {
			page.Frozen = append(page.Frozen, item)
		} else {
			page.Stopped = append(page.Stopped, item)
		}
	}
	if page.Choices = administrations(list.Askers, list.Clients, consent.Party{}); len(page.Choices) > 0 {
		page.Choices = append(page.Choices, Option{Value: allAsk, Name: page.T("citizen.measures.all")})
	}
	return room.Site.Render(c, status, "citizen/measures", page)
}

func measureItem(p web.Page, m consent.Measure, clients map[consent.Party]consent.Client) MeasureItem {
	out := MeasureItem{ID: m.ID, Name: whom(p, m.Of, clients), Since: p.T("citizen.measures.since", "Instant", p.Instant(m.SetAt)), Request: m.RightsID}
	if !m.LiftAskedAt.IsZero() {
		out.Asked = p.T("citizen.measures.asked", "Date", p.Date(consent.DateOf(m.LiftAskedAt)))
	}
	return out
}

// whom is the administration by name, or all of them.
func whom(p web.Page, of consent.Party, clients map[consent.Party]consent.Client) string {
	if of == (consent.Party{}) {
		return p.T("citizen.measures.all")
	}
	return clients[of].LegalName
}

// liftObjection and askLifting answer at once: the citizen may object again, and the
// officer answers a request.
func (room *Room) liftObjection(c *gin.Context) error {
	return room.changeMeasure(c, "lifted", func(id string) error {
		return room.Service.LiftObjection(c.Request.Context(), room.Site.Session(c).Subject, id)
	})
}

func (room *Room) askLifting(c *gin.Context) error {
	return room.changeMeasure(c, "asked", func(id string) error {
		return room.Service.AskLifting(c.Request.Context(), room.Site.Session(c).Subject, id)
	})
}

func (room *Room) changeMeasure(c *gin.Context, done string, do func(id string) error) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	err = do(form.Get("measure"))
	page := MeasuresPage{Page: room.Site.Page(c, "citizen.measures.title")}
	if consent.CodeOf(err) == consent.TooMany {
		page.Problem = page.T("citizen.rights.problem_many", "Count", consent.MaxOpenRights)
		return room.measuresPage(c, http.StatusUnprocessableEntity, page)
	}
	if err != nil && consent.CodeOf(err) != consent.NotFound { // a second press of the button
		return err
	}
	c.Redirect(http.StatusSeeOther, "/my-data/measures?done="+done)
	return nil
}

// keptFromAsking tells whether a measure in force keeps an administration from asking.
func (room *Room) keptFromAsking(c *gin.Context, by consent.SIRET) (bool, error) {
	held, err := room.Service.InForce(c.Request.Context(), room.Site.Session(c).Subject)
	return slices.ContainsFunc(held, func(m consent.Measure) bool { return m.Covers(by) }), err
}
