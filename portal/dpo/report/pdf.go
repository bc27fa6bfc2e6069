package report

import (
	"context"
	"errors"
	"io"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/internal/i18n"
	"portail.example/portal/web/held"
)

// MaxPrinted is how many items of one list the PDF shows, the newest; a document is in
// memory as a whole until it is finished. The other files have all of them.
const MaxPrinted = 1000

// pdf writes the report as a tagged document.
func (w *Writer) pdf(ctx context.Context, to io.Writer, from consent.ReportSource, words i18n.Localizer) error {
	o := w.opening(words, from)
	d := export.NewDocument(o.Title, words.Lang, from.At)
	d.Paragraph(o.Lead)
	d.Facts(held.Lines(o.Facts))
	d.Heading(2, o.Law)
	for _, point := range o.Points {
		d.Heading(3, point.Name)
		d.Paragraph(point.Value)
	}
	t := &told{words: words, to: &printed{document: d, words: words}}
	for _, part := range consent.Parts() { // each is left when enough of it is printed
		if err := from.Collect(ctx, t, part); err != nil && !errors.Is(err, errEnough) {
			return err
		}
		if err := t.End(); err != nil {
			return err
		}
	}
	d.Heading(2, o.Files)
	for _, text := range o.FilesText {
		d.Paragraph(text)
	}
	_, err := d.WriteTo(to)
	return err
}

// printed is pages as a PDF.
type printed struct {
	document *export.Document
	words    i18n.Localizer
	shown    int
}

func (x *printed) begin(_, title string) error {
	x.document.Heading(2, title)
	x.shown = 0
	return nil
}

// errEnough ends the reading of a list that goes on in the other files.
var errEnough = errors.New("enough is printed")

func (x *printed) item(i held.Item) error {
	if x.shown == MaxPrinted {
		x.document.Paragraph(x.words.T("dpo.report.more", "Shown", x.words.Number(MaxPrinted)))
		return errEnough
	}
	x.shown++
	i.Write(x.document)
	return nil
}

func (x *printed) end(items int) error {
	if items == 0 {
		x.document.Paragraph(x.words.T("citizen.my_copy.none"))
	}
	return nil
}
