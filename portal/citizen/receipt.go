package citizen

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// ReceiptPage is templates/citizen/receipt.html: the proof of one answer, to keep.
type ReceiptPage struct {
	web.Page
	ID    string
	Facts []Fact
	Text  ReceiptText
	// Signed is the machine-readable part, a compact JWS.
	Signed string
}

// Fact is one line of a receipt.
type Fact struct{ Name, Value string }

// ReceiptText is the text that was read, in the language it was read in.
type ReceiptText struct {
	Lang  string
	Lines []string
	Hash  string
}

func (room *Room) showReceipt(c *gin.Context) error {
	receipt, err := room.receipt(c)
	if err != nil {
		return err
	}
	signed, err := room.signed(receipt)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.receipt.title")
	return room.Site.Render(c, http.StatusOK, "citizen/receipt", ReceiptPage{
		Page: page, ID: receipt.Decision.ID, Facts: facts(page, receipt), Text: textOf(receipt.Decision.Statement), Signed: signed,
	})
}

// receiptFile is the signed part alone (application/jwt), under a name that says
// nothing of its owner.
func (room *Room) receiptFile(c *gin.Context) error {
	receipt, err := room.receipt(c)
	if err != nil {
		return err
	}
	signed, err := room.signed(receipt)
	if err != nil {
		return err
	}
	attach(c, "recapitulatif.jwt")
	c.Data(http.StatusOK, "application/jwt", []byte(signed))
	return nil
}

// attach makes the answer a file to keep, that nothing on the way keeps too.
func attach(c *gin.Context, name string) {
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
}

// receipt is that of the path, if it is this citizen's.
func (room *Room) receipt(c *gin.Context) (consent.Receipt, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return consent.Receipt{}, err
	}
	session := room.Site.Session(c)
	return room.Service.Receipt(c.Request.Context(), session.Subject, id)
}

// facts are the receipt in words: the page, the PDF and the export show the same.
func facts(p web.Page, r consent.Receipt) []Fact {
	purpose := "purpose." + r.Details.Purpose
	known, _ := consent.PurposeOf(r.Details.Purpose)
	out := []Fact{
		{p.T("citizen.receipt.answer"), p.T("citizen.receipt." + choiceOf(r))},
		{p.T("citizen.receipt.when"), p.Instant(r.Decision.At)},
		{p.T("citizen.receipt.client"), r.Client.LegalName},
		{p.T("citizen.receipt.recipient"), p.T("citizen.request.siret", "Service", r.Client.ServiceName, "SIRET", r.Details.Recipient)},
		{p.T("citizen.receipt.data"), strings.Join(groupNames(p, r.Details.Groups), p.T("common.comma"))},
		{p.T("citizen.receipt.purpose"), p.T(purpose + ".name")},
		{p.T("citizen.receipt.ground"), p.T("citizen.receipt.ground_text", "Source", known.LegalSource)},
	}
	if r.Decision.Allowed {
		out = append(out, Fact{p.T("citizen.receipt.until"), duration(p, r.Details)})
		out = append(out, Fact{p.T("citizen.receipt.retention"), p.T("citizen.request.retention", "Count", r.Client.Retention[r.Details.Purpose])})
	}
	if r.Grant.Status == consent.GrantTakenBack {
		out = append(out, Fact{p.T("citizen.receipt.withdrawn"), p.Instant(r.Grant.WithdrawnAt)})
	}
	return append(out,
		Fact{p.T("citizen.receipt.change"), p.T("citizen.receipt.how." + answerOf(r))},
		Fact{p.T("citizen.receipt.dpo"), r.Client.DPOContact},
	)
}

func answerOf(r consent.Receipt) string {
	if r.Decision.Allowed {
		return "granted"
	}
	return "refused"
}

// choiceOf is what the answer did.
func choiceOf(r consent.Receipt) string {
	if r.Reduces {
		return "reduced"
	}
	return answerOf(r)
}

func textOf(s consent.Statement) ReceiptText {
	return ReceiptText{Lang: s.Language, Lines: strings.Split(s.Text, "\n"), Hash: hexOf(s)}
}
