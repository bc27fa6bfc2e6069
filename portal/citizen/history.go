package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// HistoryPage is templates/citizen/history.html: what happened, month by month.
type HistoryPage struct {
	web.Page
	Span            string // how far back the page goes
	Administrations []Option
	From, To        string // days, as typed
	Min, Max        string
	// What is wrong with the days, in the summary and beside each.
	Problems               []FieldProblem
	FromProblem, ToProblem string
	Months                 []HistoryMonth
	Empty                  string // why there is nothing to show
	Picture                Picture
	Previous, Next, File   string // addresses; empty where there is none
}

// FieldProblem is a line of a form's summary.
type FieldProblem struct{ Field, Text string }

// history shows what happened; days that cannot be read come back as they were typed.
func (room *Room) history(c *gin.Context) error {
	q, params, err := room.historyQuery(c)
	if err != nil {
		return err
	}
	page, status := HistoryPage{Page: room.Site.Page(c, "citizen.history.title"), From: params.Get("from"), To: params.Get("to")}, http.StatusOK
	told, err := room.chosenHistory(c, q, params)
	if consent.CodeOf(err) == consent.InvalidEndDate {
		_ = c.Error(err)
		page.explain()
		status = http.StatusUnprocessableEntity
		told, err = room.Service.History(c.Request.Context(), q) // for the filters it offers
	}
	if err != nil {
		return err
	}
	page.offer(room, told, q)
	if page.Problems == nil {
		page.fill(told, params)
	}
	return room.Site.Render(c, status, "citizen/history", page)
}

// chosenHistory is a page of the days that were chosen. It fails with InvalidEndDate
// when they are none.
func (room *Room) chosenHistory(c *gin.Context, q consent.HistoryQuery, params web.Params) (consent.History, error) {
	if err := historyDays(&q, params); err != nil {
		return consent.History{}, err
	}
	return room.Service.History(c.Request.Context(), q)
}

// historyQuery reads all but the days. It fails with InvalidRequest and the
// parameter's name.
func (room *Room) historyQuery(c *gin.Context) (q consent.HistoryQuery, params web.Params, err error) {
	q.Subject = room.Site.Session(c).Subject
	if params, err = web.Query(c); err != nil {
		return q, params, err
	}
	if err = params.Only("administration", "from", "to", "after", "before"); err != nil {
		return q, params, err
	}
	q.Party = partyOf(params.Get("administration"))
	for _, direction := range []string{"after", "before"} {
		if place := params.Get(direction); place != "" {
			q.Back = direction == "before"
			if q.From, err = consent.ParseHistoryPlace(place); err != nil {
				return q, params, consent.Refuse(consent.InvalidRequest, direction, "not a place in this history")
			}
		}
	}
	return q, params, nil
}

// historyDays adds the days that were chosen. It fails with InvalidEndDate and the
// name of the first that is none.
func historyDays(q *consent.HistoryQuery, params web.Params) (err error) {
	if q.First, err = params.Day("from"); err != nil {
		return err
	}
	q.Last, err = params.Day("to")
	return err
}
