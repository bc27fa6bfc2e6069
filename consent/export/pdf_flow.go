package export

import (
	"fmt"
	"strconv"
	"strings"
)

// style is how a text is set, and where: millimetres from the left, and width.
type style struct {
	weight      string // "" or "B"
	size        float64
	left, width float64
}

// lineHeight is in millimetres for letters in points.
func lineHeight(size float64) float64 { return size * 0.3528 * 1.4 }

func itoa(n int) string { return strconv.Itoa(n) }

// flow sets a text as lines of one element, over as many pages as it takes.
func (d *Document) flow(e *element, text string, s style) {
	for _, line := range d.lines(text, s) {
		d.room(lineHeight(s.size))
		d.line(e, line, s)
		d.space(lineHeight(s.size))
	}
}

// sideBySide sets two texts in two columns, line by line.
func (d *Document) sideBySide(left, right *element, texts [2]string, a, b style) {
	names, values := d.lines(texts[0], a), d.lines(texts[1], b)
	for i := range max(len(names), len(values)) {
		d.room(lineHeight(a.size))
		if i < len(names) {
			d.line(left, names[i], a)
		}
		if i < len(values) {
			d.line(right, values[i], b)
		}
		d.space(lineHeight(a.size))
	}
}

// line sets one line at the height of the moment and marks it as its element's
// (ISO 32000-1 section 14.7.4.2). A line is on one page: no mark straddles two.
func (d *Document) line(e *element, text string, s style) {
	d.pdf.SetFont(fontName, s.weight, s.size)
	d.marked(e, func() {
		y := d.pdf.GetY()
		d.pdf.SetXY(s.left, y)
		d.pdf.CellFormat(s.width, lineHeight(s.size), text, "", 0, "L", false, 0, "")
		d.pdf.SetXY(s.left, y)
	})
}

// marked draws a piece of an element on the page of the moment.
func (d *Document) marked(e *element, draw func()) {
	page := d.pdf.PageNo()
	id := d.next[page]
	d.next[page]++
	e.pieces = append(e.pieces, piece{page, id})
	d.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC\n", e.tag, id))
	draw()
	d.pdf.RawWriteStr("EMC\n")
}

// room begins a page when less than a height is left on this one.
func (d *Document) room(height float64) {
	if d.pdf.GetY()+height > pageHeight-margin {
		d.pdf.AddPage()
	}
}

func (d *Document) space(height float64) { d.pdf.SetY(d.pdf.GetY() + height) }

// lines breaks a text at spaces, never at no-break spaces, and words that are wider
// than the column where they must be.
func (d *Document) lines(text string, s style) []string {
	d.pdf.SetFont(fontName, s.weight, s.size)
	width := s.width - 2*d.pdf.GetCellMargin()
	fits := func(line string) bool { return d.pdf.GetStringWidth(line) <= width }
	var out []string
	line := ""
	for _, word := range strings.Split(printable(text), " ") {
		if longer := strings.TrimPrefix(line+" "+word, " "); fits(longer) {
			line = longer
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		for line = word; !fits(line); {
			head := cut(line, fits)
			out, line = append(out, head), line[len(head):]
		}
	}
	return append(out, line)
}

// cut is as much of a word as fits, one letter at least.
func cut(word string, fits func(string) bool) string {
	end := 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && !fits(word[:next]) {
			break
		}
		end = next
	}
	return word[:end]
}
