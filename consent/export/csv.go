package export

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
)

// CSV writes a table row by row (RFC 4180, UTF-8): its memory is one row. Fields end
// with semicolons and the file begins with a byte order mark, so that the
// spreadsheets of French offices read it when it is double-clicked.
type CSV struct{ w *csv.Writer }

// NewCSV writes to w, the columns' names first.
func NewCSV(w io.Writer, columns ...string) *CSV {
	buffer := bufio.NewWriter(w)
	_, _ = buffer.WriteString("\ufeff") // a failure is told by what is written next
	out := &CSV{csv.NewWriter(buffer)}
	out.w.Comma, out.w.UseCRLF = ';', true
	_ = out.Row(columns...)
	return out
}

// Row writes one row. No cell is taken for a formula by the spreadsheet that opens
// the file (OWASP, CSV injection): one that might be begins with an apostrophe.
func (c *CSV) Row(cells ...string) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			cell = "'" + cell
		}
		safe[i] = cell
	}
	return c.w.Write(safe)
}

// End writes what was not yet. It fails when any of it could not be written.
func (c *CSV) End() error {
	c.w.Flush()
	return c.w.Error()
}
