package dpo

import (
	"bufio"
	"encoding/json"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
)

// rightLine is one line of the register: what was asked, when, and how it ended.
type rightLine struct {
	Right    consent.Right       `json:"right"`
	Lifts    bool                `json:"asks_for_the_end,omitempty"` // of a restriction
	State    consent.RightsState `json:"state"`
	Asked    consent.Date        `json:"asked_on"`
	Due      consent.Date        `json:"due_on"`
	Extended consent.Date        `json:"extended_on,omitzero"`
	Closed   consent.Date        `json:"closed_on,omitzero"`
	Days     int                 `json:"days"`
	Entered  bool                `json:"entered_by_officer"`
}

func (room *Room) rightLine(r consent.RightsRequest) rightLine {
	line := rightLine{Right: r.Right, Lifts: r.Lifts != "", State: r.State, Asked: consent.DateOf(r.AskedAt), Due: r.DueOn, Days: r.DaysTaken(room.Now()), Entered: r.EnteredBy != ""}
	if !r.ExtendedAt.IsZero() {
		line.Extended = consent.DateOf(r.ExtendedAt)
	}
	if !r.ClosedAt.IsZero() {
		line.Closed = consent.DateOf(r.ClosedAt)
	}
	return line
}

// rightsCSV sends the register as a table, line by line.
func (room *Room) rightsCSV(c *gin.Context, by consent.Agent) error {
	p := room.page(c, "dpo.rights.title")
	return room.file(c, "registre-des-droits.csv", func() error {
		file := export.NewCSV(c.Writer,
			p.T("dpo.rights.column.right"), p.T("dpo.rights.column.state"), p.T("dpo.rights.column.asked"), p.T("dpo.rights.column.due"),
			p.T("dpo.rights.column.extended"), p.T("dpo.rights.column.closed"), p.T("dpo.rights.column.days"),
			p.T("dpo.rights.column.entered"))
		err := room.Service.EachRight(c.Request.Context(), by, func(r consent.RightsRequest) error {
			l := room.rightLine(r)
			enteredBy := p.T("dpo.rights.column.entered_by_citizen")
			if l.Entered {
				enteredBy = p.T("dpo.rights.column.entered_by_officer")
			}
			return file.Row(p.T("dpo.rights.kind."+r.Asks()), p.T("dpo.rights.state_one."+string(l.State)),
				l.Asked.String(), l.Due.String(), l.Extended.String(), l.Closed.String(), strconv.Itoa(l.Days), enteredBy)
		})
		if err != nil {
			return err
		}
		return file.End()
	})
}

// rightsJSON sends the register as one object, line by line.
func (room *Room) rightsJSON(c *gin.Context, by consent.Agent) error {
	return room.file(c, "registre-des-droits.json", func() error {
		out := bufio.NewWriter(c.Writer)
		_, _ = out.WriteString(`{"made_at":"` + room.Now().UTC().Format(time.RFC3339) + `","requests":[`) // Flush tells a failure
		between := ""
		err := room.Service.EachRight(c.Request.Context(), by, func(r consent.RightsRequest) error {
			line, err := json.Marshal(room.rightLine(r))
			if err == nil {
				_, err = out.WriteString(between + string(line))
			}
			between = ",\n"
			return err
		})
		if err != nil {
			return err
		}
		_, _ = out.WriteString("]}\n")
		return out.Flush()
	})
}
