package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// WithdrawalPage is templates/citizen/withdrawal.html: the proof that a consent was
// taken back, to keep.
type WithdrawalPage struct {
	web.Page
	ID    string
	Facts []held.Fact
	// Signed is the machine-readable part, a compact JWS.
	Signed string
}

// withdrawalOf is where the proof is; empty unless the citizen withdrew.
func withdrawalOf(g consent.Grant) string {
	if g.Status != consent.GrantTakenBack {
		return ""
	}
	return "/consents/" + g.ID + "/withdrawal"
}

func (room *Room) showWithdrawal(c *gin.Context) error {
	view, signed, err := room.signedWithdrawal(c)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.withdrawal.title")
	return room.Site.Render(c, http.StatusOK, "citizen/withdrawal", WithdrawalPage{Page: page, ID: view.Grant.ID, Facts: room.withdrawalFacts(page, view), Signed: signed})
}

// withdrawalFile is the signed part alone (application/jwt).
func (room *Room) withdrawalFile(c *gin.Context) error {
	_, signed, err := room.signedWithdrawal(c)
	if err != nil {
		return err
	}
	web.SendFile(c, "retrait.jwt", []byte(signed))
	return nil
}

// withdrawalPDF is the receipt as a tagged PDF to keep.
func (room *Room) withdrawalPDF(c *gin.Context) error {
	view, err := room.withdrawn(c)
	if err != nil {
		return err
	}
	page := room.printed(c, "citizen.withdrawal.title")
	document := room.document(c, page)
	document.Facts(held.Lines(room.withdrawalFacts(page, view)))
	return sendPDF(c, document, "retrait.pdf")
}

// withdrawn is the consent of the path, once its citizen took it back.
func (room *Room) withdrawn(c *gin.Context) (consent.GrantView, error) {
	view, err := room.view(c)
	if err == nil && view.Grant.Status != consent.GrantTakenBack {
		err = consent.Refuse(consent.NotFound, "", "the citizen did not withdraw this consent")
	}
	return view, err
}

// withdrawalFacts are the receipt in words. The reason is not among them: the citizen
// may hand the receipt to anybody.
func (room *Room) withdrawalFacts(p web.Page, view consent.GrantView) []held.Fact {
	g, client := view.Grant, view.Client
	return []held.Fact{
		{Name: p.T("citizen.receipt.answer"), Value: p.T("citizen.withdrawal.answer")},
		{Name: p.T("citizen.receipt.when"), Value: p.Instant(g.WithdrawnAt)},
		{Name: p.T("citizen.withdrawal.client"), Value: client.LegalName},
		{Name: p.T("citizen.withdrawal.recipient"), Value: held.Service(p.Localizer, client, g.Details.Recipient)},
		{Name: p.T("citizen.withdrawal.data"), Value: held.Data(p.Localizer, g.Details.Groups)},
		{Name: p.T("citizen.receipt.purpose"), Value: p.T("purpose." + g.Details.Purpose + ".name")},
		{Name: p.T("citizen.withdrawal.period"), Value: held.Period(p.Localizer, g)},
		{Name: p.T("citizen.withdrawal.stops"), Value: p.T("citizen.withdrawal.stops_text", "Client", client.LegalName, "Instant", p.Instant(view.QuietSince()))},
		{Name: p.T("citizen.withdrawal.everywhere"), Value: room.everywhere(p, view)},
		{Name: p.T("citizen.withdraw.stays"), Value: p.T("citizen.withdraw.stays_text", "Client", client.LegalName, "Count", client.Retention[g.Details.Purpose])},
		{Name: p.T("citizen.receipt.change"), Value: p.T("citizen.withdraw.undo")},
		{Name: p.T("citizen.receipt.dpo"), Value: client.DPOContact},
	}
}

// signedWithdrawal is the consent of the path, with the receipt for programs, which is
// under the identifier of the consent.
func (room *Room) signedWithdrawal(c *gin.Context) (view consent.GrantView, signed string, err error) {
	if view, err = room.withdrawn(c); err != nil {
		return view, "", err
	}
	g, d := view.Grant, view.Grant.Details
	done := room.processing(d, d.Groups)
	done.Data, done.RetentionMonths = done.Asked, view.Client.Retention[d.Purpose]
	signed, err = room.mint(token.Receipt{
		RecordID: g.ID, PIIPrincipal: g.Sub, Parties: recipient(view.Client, d), Processing: []token.Processing{done},
		Events: []token.RecordEvent{{State: given, Time: token.At(g.CreatedAt)}, {State: withdrawn, Time: token.At(g.WithdrawnAt)}},
	})
	return view, signed, err
}
