package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// ReceiptPage is templates/citizen/receipt.html: the proof of one answer, to keep.
type ReceiptPage struct {
	web.Page
	ID    string
	Facts []held.Fact
	Text  held.Text
	// Signed is the machine-readable part, a compact JWS.
	Signed string
}

func (room *Room) showReceipt(c *gin.Context) error {
	receipt, signed, err := room.signedReceipt(c)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.receipt.title")
	return room.Site.Render(c, http.StatusOK, "citizen/receipt", ReceiptPage{
		Page: page, ID: receipt.Decision.ID, Facts: held.Receipt(page.Localizer, receipt), Text: held.TextOf(receipt.Decision.Statement), Signed: signed,
	})
}

// receiptFile is the signed part alone (application/jwt).
func (room *Room) receiptFile(c *gin.Context) error {
	_, signed, err := room.signedReceipt(c)
	if err != nil {
		return err
	}
	web.SendFile(c, "recapitulatif.jwt", []byte(signed))
	return nil
}

// signedReceipt is the receipt of the path, with its signed part.
func (room *Room) signedReceipt(c *gin.Context) (receipt consent.Receipt, signed string, err error) {
	if receipt, err = room.receipt(c); err == nil {
		signed, err = room.signed(receipt)
	}
	return receipt, signed, err
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
