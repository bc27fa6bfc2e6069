package citizen

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// heldShown is how many consents these pages tell one by one: a citizen may hold
// hundreds, and a phone shows the page. The rest is one link away.
const heldShown = 30

// WithdrawAllPage is templates/citizen/withdraw_all.html: what everything is, before
// it stops.
type WithdrawAllPage struct {
	web.Page
	ReasonForm
	HeldPart
	Action   string // where the confirmation goes
	Sentence string
}

// WithdrawnPage is templates/citizen/withdrawn.html: what was withdrawn, counted.
type WithdrawnPage struct {
	web.Page
	Sentence, Since string
	HeldPart
	Everywhere string // from when on nobody takes them; may be empty
}

// HeldPart is what everything is: the first consents, and the way to the others.
type HeldPart struct {
	Items         []HeldItem
	More, MoreURL string // empty when all are shown
}

// HeldItem is one consent, what becomes of the data already received, and the way
// without sharing.
type HeldItem struct {
	ID, Name, Stays, Without string
	Receipt                  string // address of the proof of its withdrawal; empty before
}

func (room *Room) askWithdrawAll(c *gin.Context) error {
	subject, from := room.everything(c)
	held, err := room.Service.StandingGrants(c.Request.Context(), subject, from, heldShown)
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
		Page: page, ReasonForm: reasonForm(page, why, problem), Action: page.Back, HeldPart: heldPart(c, page, held, "active"),
		Sentence: page.T("citizen.withdraw_all.sentence", "Count", held.Count),
	})
}

// withdrawAll answers with what it did, since the number is known only then.
func (room *Room) withdrawAll(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	subject, from := room.everything(c)
	held, err := room.Service.StandingGrants(c.Request.Context(), subject, from, heldShown)
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
	out := WithdrawnPage{Page: page, HeldPart: heldPart(c, page, consent.StandingGrants{Grants: done, Count: len(done), Clients: clients}, "ended"), Sentence: page.T("citizen.withdrawn.sentence", "Count", len(done))}
	if len(done) == 0 { // a second press of the button
		out.Sentence = page.T("citizen.withdraw_all.none")
	} else {
		out.Since = page.T("citizen.withdrawn.since", "Instant", page.Instant(done[len(done)-1].WithdrawnAt)) // the last one's, which holds for all
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
	return room.Site.Session(c).Subject, partyOfPath(c)
}

// partyOfPath is the zero Party on the page that withdraws from all.
func partyOfPath(c *gin.Context) consent.Party {
	return consent.Party{ClientID: c.Param("client"), Recipient: consent.SIRET(c.Param("siret"))}
}

// everythingFrom is where all consents that a party holds are withdrawn.
func everythingFrom(p consent.Party) string {
	return "/administrations/" + url.PathEscape(p.ClientID) + "/" + url.PathEscape(string(p.Recipient)) + "/withdraw"
}

// heldPart leads to the others where they are listed: in that state, with the party of
// the path.
func heldPart(c *gin.Context, p web.Page, held consent.StandingGrants, state string) HeldPart {
	items := heldItems(p, held.Grants[:min(heldShown, len(held.Grants))], held.Clients)
	if held.Count <= heldShown {
		return HeldPart{Items: items}
	}
	list := url.Values{"state": {state}}
	if from := partyOfPath(c); from.ClientID != "" {
		list.Set("administration", optionOf(from))
	}
	return HeldPart{
		Items: items, More: p.T("citizen.withdraw_all.more", "Count", held.Count-heldShown), MoreURL: "/consents?" + list.Encode(),
	}
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
