package dpo

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// accept carries out what the request asks, and answers it.
func (room *Room) accept(c *gin.Context, by consent.Agent) error {
	return room.measureForm(c, by, "set", func(id string, form web.Params) error {
		of, err := room.chosenAsker(c, by, id, form.Get("administration"))
		if err == nil {
			_, err = room.Service.AcceptRight(c.Request.Context(), by, id, of, form.Get("text"))
		}
		return err
	})
}

// allAskers stands for every administration in the form. A form that names nobody is
// refused: what an objection ends does not come back.
const allAskers = "all"

// chosenAsker is the administration that the form names by its SIRET, or all of them.
func (room *Room) chosenAsker(c *gin.Context, by consent.Agent, id, siret string) (consent.Party, error) {
	if siret == allAskers {
		return consent.Party{}, nil
	}
	_, list, err := room.Service.MeasuresOn(c.Request.Context(), by, id)
	if err != nil {
		return consent.Party{}, err
	}
	i := slices.IndexFunc(list.Askers, func(p consent.Party) bool { return string(p.Recipient) == siret })
	if i < 0 {
		return consent.Party{}, consent.Refuse(consent.InvalidRequest, "administration", "not one that ever asked this person")
	}
	return list.Askers[i], nil
}

func (room *Room) announceLifting(c *gin.Context, by consent.Agent) error {
	return room.measureForm(c, by, "told", func(id string, form web.Params) error {
		return room.Service.AnnounceLifting(c.Request.Context(), by, id, form.Get("measure"), form.Get("text"))
	})
}

func (room *Room) liftRestriction(c *gin.Context, by consent.Agent) error {
	return room.measureForm(c, by, "lifted", func(id string, form web.Params) error {
		return room.Service.LiftRestriction(c.Request.Context(), by, id, form.Get("measure"), form.Get("text"))
	})
}

// measureForm does what a form of the page asks.
func (room *Room) measureForm(c *gin.Context, by consent.Agent, done string, do func(id string, form web.Params) error) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if strings.Contains(form.Get("text"), blank) {
		err = consent.Refuse(consent.InvalidRequest, "text", "what is to be written is not")
	} else {
		err = do(id, form)
	}
	if consent.CodeOf(err) == consent.InvalidRequest {
		return room.mendMeasure(c, by, form, err)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/rights/"+id+"/measures?done="+done)
	return nil
}

// mendMeasure shows the page again, with what to mend.
func (room *Room) mendMeasure(c *gin.Context, by consent.Agent, form web.Params, problem error) error {
	page := MeasuresPage{Page: room.page(c, "dpo.measures.title"), ProblemField: consent.FieldOf(problem)}
	measure := form.Get("measure")
	switch {
	case page.ProblemField == "notice":
		page.Problem, page.ProblemField = page.T("dpo.measures.problem_notice"), ""
	case page.ProblemField == "right":
		page.Problem, page.ProblemField = page.T("dpo.measures.problem_right"), ""
	case page.ProblemField == "administration":
		page.Problem = page.T("dpo.measures.problem_administration")
	case strings.Contains(form.Get("text"), blank):
		page.Problem = page.T("dpo.right.problem_blank", "Blank", blank)
	default:
		page.Problem = page.T("dpo.right.problem_text", "Least", consent.MinReason, "Most", page.Number(consent.MaxRightsReply))
	}
	if measure != "" && page.ProblemField == "text" {
		page.ProblemField = "text-" + measure
	}
	return room.measuresPage(c, http.StatusUnprocessableEntity, by, page, form)
}
