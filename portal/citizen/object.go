package citizen

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// ObjectPage is templates/citizen/object.html: what stopping an administration does,
// before it is done.
type ObjectPage struct {
	web.Page
	HeldPart
	Value    string // the administration, as the form names it
	Sentence string
}

// askObject shows the consents that would end.
func (room *Room) askObject(c *gin.Context) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	of, name, err := room.objected(c, params.Get("administration"))
	if err != nil {
		return room.mendObject(c, err)
	}
	held, err := room.Service.StandingGrants(c.Request.Context(), room.Site.Session(c).Subject, consent.Party{Recipient: of.Recipient}, heldShown)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.object.title", "Client", name)
	return room.Site.Render(c, http.StatusOK, "citizen/object", ObjectPage{
		Page: page, HeldPart: heldPart(c, page, held, "active"), Value: params.Get("administration"), Sentence: page.T("citizen.object.sentence", "Client", name),
	})
}

func (room *Room) object(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	of, _, err := room.objected(c, form.Get("administration"))
	if err == nil {
		_, err = room.Service.Object(c.Request.Context(), room.Site.Session(c).Subject, of)
	}
	if err != nil {
		return room.mendObject(c, err)
	}
	c.Redirect(http.StatusSeeOther, "/my-data/measures?done=stopped")
	return nil
}

// objected is the administration that a form names, among those that ever asked.
func (room *Room) objected(c *gin.Context, value string) (consent.Party, string, error) {
	list, err := room.Service.Measures(c.Request.Context(), room.Site.Session(c).Subject)
	if err != nil {
		return consent.Party{}, "", err
	}
	of := partyOf(value)
	if value == allAsk {
		of = consent.Party{}
	} else if !slices.Contains(list.Askers, of) {
		return consent.Party{}, "", consent.Refuse(consent.InvalidRequest, "administration", "not one that ever asked")
	}
	return of, whom(room.Site.Page(c, "citizen.measures.title"), of, list.Clients), nil
}

// mendObject shows the list again when nobody that asked was chosen.
func (room *Room) mendObject(c *gin.Context, err error) error {
	if consent.CodeOf(err) != consent.InvalidRequest {
		return err
	}
	_ = c.Error(err)
	page := MeasuresPage{Page: room.Site.Page(c, "citizen.measures.title"), ProblemField: "administration"}
	page.Problem = page.T("citizen.measures.problem_choose")
	return room.measuresPage(c, http.StatusUnprocessableEntity, page)
}
