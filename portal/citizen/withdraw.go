package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// WithdrawPage is templates/citizen/withdraw.html: what will happen, before it does.
type WithdrawPage struct {
	web.Page
	ReasonForm
	ID, Client, Retention, Without string
	Given                          []held.Fact // what it is about beside the person
	From                           string      // where all that the administration holds is withdrawn
}

func (room *Room) askWithdraw(c *gin.Context) error {
	view, err := room.view(c)
	if err != nil {
		return err
	}
	g := view.Grant
	if !g.StatusAt(room.Now()).Stands() {
		c.Redirect(http.StatusSeeOther, "/consents/"+g.ID)
		return nil
	}
	return room.showWithdraw(c, http.StatusOK, view, room.keptReason(c), nil)
}

func (room *Room) showWithdraw(c *gin.Context, status int, view consent.GrantView, why consent.Reason, problem error) error {
	page, g := room.Site.Page(c, "citizen.withdraw.title"), view.Grant
	page.Back = "/consents/" + g.ID + "/withdraw"
	given, err := room.Service.GrantParameters(c.Request.Context(), g)
	if err != nil {
		return err
	}
	return room.Site.Render(c, status, "citizen/withdraw", WithdrawPage{
		Page: page, ReasonForm: reasonForm(page, why, problem), ID: g.ID, From: everythingFrom(g.Party()), Client: view.Client.LegalName,
		Retention: page.T("citizen.withdraw.stays_text", "Client", view.Client.LegalName, "Count", view.Client.Retention[g.Details.Purpose]),
		Without:   page.T("purpose." + g.Details.Purpose + ".without"),
		Given:     held.Given(page.Localizer, g.Details.Type, given),
	})
}

// withdraw takes the consent back; the page that follows says since when. A reason
// that is not offered comes back with the page.
func (room *Room) withdraw(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	view, err := room.view(c)
	if err != nil {
		return err
	}
	why := consent.Reason(form.Get("reason"))
	_, err = room.Service.Withdraw(c.Request.Context(), view.Grant.Subject, view.Grant.ID, why)
	if notOffered(err) {
		_ = c.Error(err)
		return room.showWithdraw(c, http.StatusUnprocessableEntity, view, why, err)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/consents/"+view.Grant.ID)
	return nil
}
