package citizen

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// WithdrawalPage is templates/citizen/withdrawal.html: the proof that a consent was
// taken back, to keep.
type WithdrawalPage struct {
	web.Page
	ID    string
	Facts []Fact
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
	view, err := room.withdrawn(c)
	if err != nil {
		return err
	}
	signed, err := room.signedWithdrawal(view)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.withdrawal.title")
	return room.Site.Render(c, http.StatusOK, "citizen/withdrawal", WithdrawalPage{Page: page, ID: view.Grant.ID, Facts: room.withdrawalFacts(page, view), Signed: signed})
}

// withdrawalFile is the signed part alone (application/jwt).
func (room *Room) withdrawalFile(c *gin.Context) error {
	view, err := room.withdrawn(c)
	if err != nil {
		return err
	}
	signed, err := room.signedWithdrawal(view)
	if err != nil {
		return err
	}
	attach(c, "retrait.jwt")
	c.Data(http.StatusOK, "application/jwt", []byte(signed))
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
	var lines [][2]string
	for _, fact := range room.withdrawalFacts(page, view) {
		lines = append(lines, [2]string{fact.Name, fact.Value})
	}
	document.Facts(lines)
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
func (room *Room) withdrawalFacts(p web.Page, view consent.GrantView) []Fact {
	g, client := view.Grant, view.Client
	return []Fact{
		{p.T("citizen.receipt.answer"), p.T("citizen.withdrawal.answer")},
		{p.T("citizen.receipt.when"), p.Instant(g.WithdrawnAt)},
		{p.T("citizen.withdrawal.client"), client.LegalName},
		{p.T("citizen.withdrawal.recipient"), p.T("citizen.request.siret", "Service", client.ServiceName, "SIRET", g.Details.Recipient)},
		{p.T("citizen.withdrawal.data"), strings.Join(groupNames(p, g.Details.Groups), p.T("common.comma"))},
		{p.T("citizen.receipt.purpose"), p.T("purpose." + g.Details.Purpose + ".name")},
		{p.T("citizen.withdrawal.period"), period(p, g)},
		{p.T("citizen.withdrawal.stops"), p.T("citizen.withdrawal.stops_text", "Client", client.LegalName, "Instant", p.Instant(view.QuietSince()))},
		{p.T("citizen.withdrawal.everywhere"), room.everywhere(p, view)},
		{p.T("citizen.withdraw.stays"), p.T("citizen.withdraw.stays_text", "Client", client.LegalName, "Count", client.Retention[g.Details.Purpose])},
		{p.T("citizen.receipt.change"), p.T("citizen.withdraw.undo")},
		{p.T("citizen.receipt.dpo"), client.DPOContact},
	}
}

// signedWithdrawal is the receipt for programs, under the identifier of the consent.
func (room *Room) signedWithdrawal(view consent.GrantView) (string, error) {
	g, d := view.Grant, view.Grant.Details
	purpose, _ := consent.PurposeOf(d.Purpose)
	return room.Receipts.MintReceipt(token.ReceiptClaims{
		Issuer: room.Issuer, ID: g.ID, IssuedAt: token.At(room.Now()),
		Receipt: token.Receipt{
			SchemaVersion: token.ReceiptSchema, RecordID: g.ID, PIIPrincipal: g.Sub, Parties: recipient(view.Client, d),
			Processing: []token.Processing{{
				Purpose: d.Purpose, LawfulBasis: "dpv-gdpr:A6-1-e", LegalSource: purpose.LegalSource, Data: names(d.Groups), Asked: names(d.Groups),
				RetentionMonths: view.Client.Retention[d.Purpose], Withdrawal: room.Issuer + "/home",
			}},
			Events: []token.RecordEvent{{State: "dpv:ConsentGiven", Time: token.At(g.CreatedAt)}, {State: "dpv:ConsentWithdrawn", Time: token.At(g.WithdrawnAt)}},
		},
	})
}
