package export

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

// attachment is a file inside a PDF (ISO 32000-1 section 7.11.4).
type attachment struct {
	name, about string
	body        []byte
}

// Attach puts a file into the document, beside what is printed. Its name is in ASCII.
func (d *Document) Attach(name, about string, body []byte) {
	d.attached = &attachment{name, about, body}
}

// attach writes the file's objects and returns the catalog's entries for it. The file is
// not compressed: Attached finds it without reading the rest of the document.
func (u *update) attach(a *attachment) string {
	if a == nil {
		return ""
	}
	file, spec := u.reserve(), u.reserve()
	u.write(file, fmt.Sprintf("<<%s /Length %d /Params <</Size %d>>>>\nstream\n%s\nendstream", embeddedFile, len(a.body), len(a.body), a.body))
	u.write(spec, fmt.Sprintf("<</Type /Filespec /F (%s) /UF (%s) /Desc %s /AFRelationship /Source /EF <</F %d 0 R /UF %d 0 R>>>>", a.name, a.name, textString(a.about), file, file))
	return fmt.Sprintf(" /Names <</EmbeddedFiles <</Names [(%s) %d 0 R]>>>> /AF [%d 0 R]", a.name, spec, spec)
}

// embeddedFile is how the dictionary of our attachment begins.
const embeddedFile = "/Type /EmbeddedFile /Subtype /application#2Fjwt"

var embedded = regexp.MustCompile(`<<` + regexp.QuoteMeta(embeddedFile) + ` /Length (\d+) /Params <</Size \d+>>>>\nstream\n`)

// ErrNoAttachment is a PDF without a file of ours inside, or one that another program
// wrote anew.
var ErrNoAttachment = errors.New("export: the PDF holds no file that the portal put into it")

// Attached is the file that Attach put into a PDF.
func Attached(pdf []byte) ([]byte, error) {
	at := embedded.FindSubmatchIndex(pdf)
	if at == nil {
		return nil, ErrNoAttachment
	}
	length, err := strconv.Atoi(string(pdf[at[2]:at[3]]))
	body := pdf[at[1]:]
	if err != nil || length > len(body) || !bytes.HasPrefix(body[length:], []byte("\nendstream")) {
		return nil, ErrNoAttachment
	}
	return body[:length], nil
}

// textString is a text in a dictionary (ISO 32000-1 section 7.9.2.2).
func textString(text string) string {
	out := "<FEFF"
	for _, unit := range utf16.Encode([]rune(text)) {
		out += fmt.Sprintf("%04X", unit)
	}
	return out + ">"
}
