package export

import (
	"fmt"

	"rsc.io/qr"
)

// Measures of a QR code: its side in millimetres, and the margin that scanners need, in
// modules (ISO/IEC 18004).
const (
	codeSide  = 32.0
	codeQuiet = 4
)

// QRCode adds an address as a QR code, which a screen reader tells by alt.
func (d *Document) QRCode(address, alt string) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		d.pdf.SetError(err)
		return
	}
	d.room(codeSide)
	x, y := margin, d.pdf.GetY()
	e := d.tree.add("Figure")
	e.alt, e.box = alt, [4]float64{x, y, x + codeSide, y + codeSide}
	d.marked(e, func() { d.modules(code, x, y) })
	d.space(codeSide + 1.5)
}

// modules draws each run of black modules as one rectangle, so that no hairline parts
// them.
func (d *Document) modules(code *qr.Code, left, top float64) {
	module := codeSide / float64(code.Size+2*codeQuiet)
	d.pdf.SetFillColor(0, 0, 0)
	for row := range code.Size {
		for column := 0; column < code.Size; column++ {
			from := column
			for code.Black(column, row) { // white beyond the edge
				column++
			}
			if column > from {
				d.pdf.Rect(left+module*float64(from+codeQuiet), top+module*float64(row+codeQuiet), module*float64(column-from), module, "F")
			}
		}
	}
}

// figure is what the structure says of a picture (ISO 32000-1 sections 14.8.4.5 and
// 14.9.3), empty for a text. A PDF's origin is at the foot of the page.
func (e *element) figure() string {
	if e.alt == "" {
		return ""
	}
	const points = 72 / 25.4
	return fmt.Sprintf(" /Alt %s /A <</O /Layout /BBox [%.2f %.2f %.2f %.2f]>>", textString(e.alt),
		e.box[0]*points, (pageHeight-e.box[3])*points, e.box[2]*points, (pageHeight-e.box[1])*points)
}
