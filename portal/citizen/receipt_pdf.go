package citizen

import (
	"bytes"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// receiptPDF is the receipt as a tagged PDF to keep.
func (room *Room) receiptPDF(c *gin.Context) error {
	receipt, err := room.receipt(c)
	if err != nil {
		return err
	}
	page := room.printed(c, "citizen.receipt.title")
	document := room.document(c, page)
	writeReceipt(document, page, receipt)
	return sendPDF(c, document, "recapitulatif.pdf")
}

// printed is a page in the citizen's language, or in French where the PDF's font
// lacks the letters.
func (room *Room) printed(c *gin.Context, titleKey string) web.Page {
	if lang := room.Site.Localizer(c).Lang; held.InLatin(lang) {
		return room.Site.PageIn(lang, titleKey)
	}
	return room.Site.PageIn("fr", titleKey)
}

// document starts a PDF, which says so when it is not in the citizen's language.
func (room *Room) document(c *gin.Context, page web.Page) *export.Document {
	d := export.NewDocument(page.Title, page.Lang, room.Now())
	if !held.InLatin(room.Site.Localizer(c).Lang) {
		d.Paragraph(page.T("citizen.receipt.pdf_french"))
	}
	return d
}

func writeReceipt(d *export.Document, p web.Page, r consent.Receipt) {
	d.Facts(held.Lines(held.Receipt(p.Localizer, r)))
	text := held.TextOf(r.Decision.Statement)
	d.Heading(2, p.T("citizen.receipt.text"))
	if !held.InLatin(text.Lang) {
		d.Paragraph(p.T("citizen.receipt.pdf_elsewhere"))
		text.Lines = nil
	}
	for _, line := range text.Lines {
		d.Paragraph(line)
	}
	d.Paragraph(p.T("citizen.receipt.fingerprint", "Hash", text.Hash))
}

// sendPDF finishes a document before the first byte leaves, so that a failure is an
// error page.
func sendPDF(c *gin.Context, d *export.Document, name string) error {
	var body bytes.Buffer
	if _, err := d.WriteTo(&body); err != nil {
		return err
	}
	web.SendFile(c, name, body.Bytes())
	return nil
}
