package export_test

import (
	"errors"
	"strings"
	"testing"

	"portail.example/consent/export"
)

func TestATableIsWrittenSoThatNothingRuns(t *testing.T) {
	var out strings.Builder
	file := export.NewCSV(&out, "Qui", "Quoi")
	for _, row := range [][]string{
		{"Mairie", "plain"}, {"=HYPERLINK(1)", "+1"}, {"-1", "@SUM"}, {"\tx", "a=b"}, {"semi;colon", "quote\"d"}, {"two\nlines", ""},
	} {
		if err := file.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.End(); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffQui;Quoi\r\nMairie;plain\r\n'=HYPERLINK(1);'+1\r\n'-1;'@SUM\r\n'\tx;a=b\r\n\"semi;colon\";\"quote\"\"d\"\r\n\"two\r\nlines\";\r\n"
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}
}

// narrow takes so many bytes and no more.
type narrow struct{ left, largest int }

func (n *narrow) Write(p []byte) (int, error) {
	n.largest = max(n.largest, len(p))
	if n.left -= len(p); n.left < 0 {
		return 0, errors.New("the reader hung up")
	}
	return len(p), nil
}

func TestATableIsWrittenAsItGoes(t *testing.T) {
	w := &narrow{left: 1 << 20}
	file := export.NewCSV(w, "column")
	var err error
	rows := 0
	for ; err == nil && rows < 1_000_000; rows++ {
		err = file.Row(strings.Repeat("x", 100))
	}
	if err == nil || rows > 11_000 || w.largest > 8192 {
		t.Errorf("%d rows in pieces of up to %d bytes: %v", rows, w.largest, err)
	}
}
