// Package exporttest looks at a finished PDF as a reader's software does, through
// qpdf's account of it and not through our own writer, and says what keeps it from
// being accessible: PDF/UA-1 (ISO 14289-1), as far as a program can tell.
package exporttest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Accessible fails the test for each fault of a PDF.
func Accessible(t testing.TB, name string, pdf []byte) {
	t.Helper()
	faults := Faults(t, pdf)
	for _, fault := range faults[:min(len(faults), 20)] {
		t.Errorf("%s: %s", name, fault)
	}
}

// Faults are what keeps a PDF from being accessible; none when nothing does.
func Faults(t testing.TB, pdf []byte) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "looked-at.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), "qpdf", "--check", path).CombinedOutput(); err != nil {
		return []string{fmt.Sprintf("qpdf --check: %s", said)}
	}
	raw, err := exec.CommandContext(t.Context(), "qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=generalized", path).Output()
	if err != nil {
		return []string{fmt.Sprintf("qpdf --json: %v", err)}
	}
	f := &file{}
	if err := f.read(raw); err != nil {
		return []string{err.Error()}
	}
	f.catalog()
	f.structure()
	f.contents()
	f.fonts()
	return f.faults
}

// file is a PDF by qpdf's account.
type file struct {
	objects map[string]object // by "obj:1 0 R", and "trailer"
	pages   []string          // their objects, in order
	marked  map[mark]string   // the tag of each piece of content that the tree names
	owner   map[mark]string   // the element it belongs to
	faults  []string
}

// object is one of them: a value, or a stream with a dictionary.
type object struct {
	Value  any
	Stream struct {
		Data string
		Dict map[string]any
	}
}

// mark is a piece of marked content: its page's object, and its number there.
type mark struct {
	page string
	id   int
}

func (f *file) read(raw []byte) error {
	var said struct {
		Pages []struct{ Object string }
		QPDF  []json.RawMessage
	}
	if err := json.Unmarshal(raw, &said); err != nil || len(said.QPDF) != 2 {
		return fmt.Errorf("qpdf's JSON is not version 2: %v", err)
	}
	for _, p := range said.Pages {
		f.pages = append(f.pages, p.Object)
	}
	return json.Unmarshal(said.QPDF[1], &f.objects)
}

func (f *file) fault(format string, args ...any) {
	f.faults = append(f.faults, fmt.Sprintf(format, args...))
}

// at follows a reference; what is no reference is itself.
func (f *file) at(value any) any {
	if o, known := f.object(value); known {
		if o.Stream.Dict != nil {
			return o.Stream.Dict
		}
		return o.Value
	}
	return value
}

func (f *file) object(value any) (object, bool) {
	reference, _ := value.(string)
	o, known := f.objects["obj:"+reference]
	return o, known
}

// dict is a dictionary, or one without entries.
func (f *file) dict(value any) map[string]any {
	d, _ := f.at(value).(map[string]any)
	return d
}

// list is an array; a single thing is an array of one.
func (f *file) list(value any) []any {
	switch v := f.at(value).(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

// data is what a stream holds.
func (f *file) data(value any) string {
	o, _ := f.object(value)
	raw, err := base64.StdEncoding.DecodeString(o.Stream.Data)
	if err != nil {
		f.fault("a stream cannot be read: %v", err)
	}
	return string(raw)
}

// text is a string without qpdf's mark of its kind.
func text(value any) string {
	s, _ := value.(string)
	return strings.TrimPrefix(s, "u:")
}
