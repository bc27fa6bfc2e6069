package citizen

import (
	"errors"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// ReasonForm is the question why, which nobody has to answer.
type ReasonForm struct {
	Reasons []ReasonChoice
	// What kept the withdrawal from being recorded, and where to mend it.
	Problem, ProblemField string
}

// ReasonChoice is one reason that may be given.
type ReasonChoice struct {
	Value, Name string
	Checked     bool
}

// reasonForm offers the reasons with one chosen; none is chosen when it is not on
// the list.
func reasonForm(p web.Page, chosen consent.Reason, problem error) ReasonForm {
	out := ReasonForm{Reasons: []ReasonChoice{{Value: string(consent.Unsaid), Name: p.T("citizen.reason.unsaid"), Checked: chosen == consent.Unsaid}}}
	for _, why := range consent.Reasons() {
		out.Reasons = append(out.Reasons, ReasonChoice{Value: string(why), Name: held.Reason(p.Localizer, why), Checked: chosen == why})
	}
	if problem != nil {
		out.Problem, out.ProblemField = p.T("citizen.reason.problem"), "reason"
	}
	return out
}

// notOffered tells a reason that is on no list: the page shows its form again.
func notOffered(err error) bool {
	return errors.Is(err, consent.InvalidRequest) && consent.FieldOf(err) == "reason"
}

// keptReason is the reason as it was left when the session ended.
func (room *Room) keptReason(c *gin.Context) consent.Reason {
	form, _ := room.Site.Kept(c)
	return consent.Reason(form.Get("reason"))
}
