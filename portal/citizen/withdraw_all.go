package citizen

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// WithdrawAllPage is templates/citizen/withdraw_all.html: what everything is, before
// it stops.
type WithdrawAllPage struct {
	web.Page
	ReasonForm
	Action   string // where the confirmation goes
	Sentence string
	Items    []HeldItem
}

// WithdrawnPage is templates/citizen/withdrawn.html: what was withdrawn, counted.
type WithdrawnPage struct {
	web.Page
	Sentence, Since string
	Everywhere      string // from when on nobody takes them; may be empty
	Items           []HeldItem
}

// HeldItem is one consent, what becomes of the data already received, and the way
// without sharing.
type HeldItem struct {
	ID, Name, Stays, Without string
	Receipt                  string // address of the proof of its withdrawal; empty before
}

func (room *Room) askWithdrawAll(c *gin.Context) error {
	subject, from := room.everything(c)
	held, err := room.Service.StandingGrants(c.Request.Context(), subject, from)
	if err != nil {
		return err
	}
	return room.showWithdrawAll(c, http.StatusOK, held, room.keptReason(c), nil)
}

func (room *Room) showWithdrawAll(c *gin.Context, status int, held consent.StandingGrants, why consent.Reason, problem error) error {
	page := room.Site.Page(c, "citizen.withdraw_all.title")
	if c.Param("client") != "" && len(held.Grants) > 0 {
		page.Title = page.T("citizen.withdraw_all.title_from", "Client", held.Clients[held.Grants[0].Party()].LegalName)
	}
	page.Back = c.Request.URL.EscapedPath()
	return room.Site.Render(c, status, "citizen/withdraw_all", WithdrawAllPage{
		Page: page, ReasonForm: reasonForm(page, why, problem), Action: page.Back, Items: heldItems(page, held.Grants, held.Clients),
		Sentence: page.T("citizen.withdraw_all.sentence", "Count", len(held.Grants)),
	})
}

// withdrawAll answers with what it did, since the number is known only then.
func (room *Room) withdrawAll(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	subject, from := room.everything(c)
	held, err := room.Service.StandingGrants(c.Request.Context(), subject, from)
	if err != nil {
		return err
	}
	why := consent.Reason(form.Get("reason"))
	done, err := room.Service.WithdrawAll(c.Request.Context(), subject, from, why)
	if notOffered(err) {
		_ = c.Error(err)
		return room.showWithdrawAll(c, http.StatusUnprocessableEntity, held, why, err)
	}
	if err != nil {
		return err
	}
	return room.showWithdrawn(c, done, held.Clients)
}

func (room *Room) showWithdrawn(c *gin.Context, done []consent.Grant, clients map[consent.Party]consent.Client) error {
	page := room.Site.Page(c, "citizen.withdrawn.title")
	page.Back = c.Request.URL.EscapedPath()
	out := WithdrawnPage{Page: page, Items: heldItems(page, done, clients), Sentence: page.T("citizen.withdrawn.sentence", "Count", len(done))}
	if len(done) == 0 { // a second press of the button
		out.Sentence = page.T("citizen.withdraw_all.none")
	} else {
		out.Since = page.T("citizen.withdrawn.since", "Instant", page.Instant(done[0].WithdrawnAt))
		out.Everywhere = room.stopsEverywhere(c, page, done)
	}
	return room.Site.Render(c, http.StatusOK, "citizen/withdrawn", out)
}

// stopsEverywhere is left out when it cannot be read: what was done is told all the
// same.
func (room *Room) stopsEverywhere(c *gin.Context, p web.Page, done []consent.Grant) string {
	at, err := room.Service.StopsEverywhere(c.Request.Context(), done)
	if err != nil {
		_ = c.Error(err)
		return ""
	}
	return room.holdsFrom(p, at)
}

// everything is who withdraws, and from whom: the party of the path, or all. A party
// that the citizen shares nothing with looks like one that is not known.
func (room *Room) everything(c *gin.Context) (consent.SubjectID, consent.Party) {
	return room.Site.Session(c).Subject, consent.Party{ClientID: c.Param("client"), Recipient: consent.SIRET(c.Param("siret"))}
}

// everythingFrom is where all consents that a party holds are withdrawn.
func everythingFrom(p consent.Party) string {
	return "/administrations/" + url.PathEscape(p.ClientID) + "/" + url.PathEscape(string(p.Recipient)) + "/withdraw"
}

func heldItems(p web.Page, grants []consent.Grant, clients map[consent.Party]consent.Client) (out []HeldItem) {
	for _, g := range grants {
		client, purpose := clients[g.Party()], "purpose."+g.Details.Purpose
		out = append(out, HeldItem{
			ID: g.ID, Receipt: withdrawalOf(g), Name: client.LegalName + " – " + p.T(purpose+".name"), Without: p.T(purpose + ".without"),
			Stays: p.T("citizen.withdraw.stays_text", "Client", client.LegalName, "Count", client.Retention[g.Details.Purpose]),
		})
	}
	return out
}
