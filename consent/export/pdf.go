package export

import (
	"bytes"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Measures of an A4 page, in millimetres, and of letters, in points.
const (
	pageWidth, pageHeight = 210.0, 297.0
	margin                = 20.0
	nameWidth             = 55.0 // the left column of a table of facts
	dashWidth             = 4.5
	fontName              = "Go"
	normal, small         = 10.5, 8.0
)

// Document is a PDF under way: headings, paragraphs, lists and facts from top to
// bottom, each tagged as what it is, so that screen readers follow. The first error
// is kept and told by WriteTo.
type Document struct {
	pdf  *fpdf.Fpdf
	tree *element
	meta []byte // its XMP packet
	// next counts the marked pieces of each page.
	next map[int]int
	// attached is a file inside; nil without one.
	attached *attachment
}

// NewDocument starts a document. Its language is that of its text (BCP 47); the
// font knows Latin, Greek and Cyrillic letters.
func NewDocument(title, lang string, made time.Time) *Document {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(fontName, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(fontName, "B", gobold.TTF)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, margin) // lines are placed one by one: none is cut
	pdf.SetTitle(title, true)
	pdf.SetLang(lang)
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	d := &Document{pdf: pdf, tree: &element{tag: "Document"}, meta: xmp(title, lang), next: map[int]int{}}
	pdf.SetFooterFunc(func() { d.footer(title) })
	pdf.AddPage()
	d.Heading(1, title)
	return d
}

// Heading adds a title of level 1, 2 or 3.
func (d *Document) Heading(level int, text string) {
	size := map[int]float64{1: 20, 2: 14, 3: 11.5}[level]
	d.space(map[int]float64{1: 0, 2: 5, 3: 3}[level])
	d.room(3 * lineHeight(size)) // not alone at the foot of a page
	d.flow(d.tree.add("H"+string(rune('0'+level))), text, style{"B", size, margin, pageWidth - 2*margin})
	d.space(1.5)
}

// Paragraph adds a paragraph.
func (d *Document) Paragraph(text string) {
	d.flow(d.tree.add("P"), text, style{"", normal, margin, pageWidth - 2*margin})
	d.space(1.5)
}

// List adds items with a dash, which is their label and not their text.
func (d *Document) List(items []string) {
	list := d.tree.add("L")
	dash, text := style{"", normal, margin + 3, dashWidth}, style{"", normal, margin + 3 + dashWidth, pageWidth - 2*margin - 3 - dashWidth}
	for _, item := range items {
		row := list.add("LI")
		d.sideBySide(row.add("Lbl"), row.add("LBody"), [2]string{"–", item}, dash, text)
	}
	d.space(1.5)
}

// Facts adds a table of names, in bold, and values.
func (d *Document) Facts(facts [][2]string) {
	table := d.tree.add("Table")
	for _, fact := range facts {
		row := table.add("TR")
		d.room(lineHeight(normal))
		name := style{"B", normal, margin, nameWidth - 3}
		value := style{"", normal, margin + nameWidth, pageWidth - 2*margin - nameWidth}
		d.sideBySide(row.add("TH"), row.add("TD"), fact, name, value)
		d.space(1)
	}
	d.space(1.5)
}

// WriteTo finishes the document and writes it.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	var plain bytes.Buffer
	if err := d.pdf.Output(&plain); err != nil {
		return 0, err
	}
	out, err := withTags(plain.Bytes(), d)
	if err != nil {
		return 0, err
	}
	n, err := w.Write(out)
	return int64(n), err
}

// footer is the page's number; it is decoration for a screen reader.
func (d *Document) footer(title string) {
	d.pdf.RawWriteStr("/Artifact BMC\n")
	d.pdf.SetFont(fontName, "", small)
	d.pdf.SetXY(margin, pageHeight-margin+4)
	d.pdf.CellFormat(pageWidth-2*margin, 4, printable(title)+" – "+itoa(d.pdf.PageNo()), "", 0, "R", false, 0, "")
	d.pdf.RawWriteStr("EMC\n")
}

// printable replaces what the font lacks: the narrow no-break space by the ordinary
// one, letters of other planes by the sign for a letter that cannot be shown.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u202f' || r == '\u2009':
			return '\u00a0'
		case r > 0xffff || r < ' ':
			return '\ufffd'
		}
		return r
	}, text)
}
