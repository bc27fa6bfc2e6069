package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// WithdrawPage is templates/citizen/withdraw.html: what will happen, before it does.
type WithdrawPage struct {
	web.Page
	ID, Client, Retention, Without string
	From                           string // where all that the administration holds is withdrawn
}

func (room *Room) askWithdraw(c *gin.Context) error {
	view, err := room.view(c)
	if err != nil {
		return err
	}
	g := view.Grant
	if status := g.StatusAt(room.Now()); status != consent.GrantActive && status != consent.GrantPaused {
		c.Redirect(http.StatusSeeOther, "/consents/"+g.ID)
		return nil
	}
	page := room.Site.Page(c, "citizen.withdraw.title")
	return room.Site.Render(c, http.StatusOK, "citizen/withdraw", WithdrawPage{
		Page: page, ID: g.ID, From: everythingFrom(g.Party()), Client: view.Client.LegalName,
		Retention: page.T("citizen.withdraw.stays_text", "Client", view.Client.LegalName, "Count", view.Client.Retention[g.Details.Purpose]),
		Without:   page.T("purpose." + g.Details.Purpose + ".without"),
	})
}

// withdraw takes the consent back; the page that follows says since when.
func (room *Room) withdraw(c *gin.Context) error {
	if _, err := web.Form(c); err != nil {
		return err
	}
	view, err := room.view(c)
	if err != nil {
		return err
	}
	if _, err := room.Service.Withdraw(c.Request.Context(), view.Grant.Subject, view.Grant.ID); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/consents/"+view.Grant.ID)
	return nil
}
