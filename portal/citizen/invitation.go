package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// InvitationPage is templates/citizen/invitation.html: a filed request, nobody signed
// in. What it may say is consent.Invitation's to choose.
type InvitationPage struct {
	web.Page
	Sentence, SIRET, Service, Through, Without string
	Connect                                    Connect
}

// invite shows a filed request's first page to whoever has its address. A request of
// another kind is as it was refused.
func (room *Room) invite(c *gin.Context, refusal error) error {
	in, err := room.Service.Invitation(c.Request.Context(), c.Param("id"))
	if consent.CodeOf(err) == consent.NotFound {
		return refusal
	}
	if err != nil {
		return err
	}
	page, from := room.Site.Page(c, "citizen.invitation.title"), in.From
	out := InvitationPage{
		Page: page, SIRET: string(from.SIRET), Service: from.ServiceName, Connect: connect(page, in.RequestID),
		Sentence: page.T("citizen.invitation.sentence", "Client", from.LegalName, "Purpose", page.T("purpose."+in.Purpose+".name")),
		Without:  page.T("purpose." + in.Purpose + ".without"),
	}
	if from.Through != "" {
		out.Through = page.T("citizen.request.through", "Editor", from.Through, "Client", from.LegalName)
	}
	return room.Site.Render(c, http.StatusOK, "citizen/invitation", out)
}
