package consent

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strconv"
	"strings"
	"unicode"
)

// AttestationLines is how many lines of an attestation can be checked. As many tags are
// stored for each, so that their number says nothing of a household.
const AttestationLines = 32

// tagLength is that of a line's tag, in bytes: a wrong line passes once in 2⁶⁴.
const tagLength = 8

// Attestation is what is kept of a paper that states released data: enough to say
// whether somebody who holds its code typed what it says, and no value. Without the
// code nothing can be tried.
type Attestation struct {
	Code  Hash
	Lines []byte // a tag for each line, keyed by the code; those without a line are drawn
}

// PrintedLine is a line of an attestation: what it is called, and what it says. A value
// under another name is another line: "yes" is an answer to one question.
type PrintedLine struct{ Name, Value string }

// Attest keeps what an attestation says, line by line as printed.
func (c AttestationCode) Attest(lines []PrintedLine) Attestation {
	tags := make([]byte, AttestationLines*tagLength)
	rand.Read(tags)
	for i, line := range lines[:min(len(lines), AttestationLines)] {
		copy(tags[i*tagLength:], c.tag(i+1, line))
	}
	return Attestation{Code: c.Hash(), Lines: tags}
}

// says reports whether a line is what was typed, whatever its case, marks and spaces, and
// under which of the names that it can have.
func (a Attestation) says(code AttestationCode, number int, names []string, typed string) (name string, ok bool) {
	if number < 1 || number*tagLength > len(a.Lines) {
		return "", false
	}
	kept := a.Lines[(number-1)*tagLength : number*tagLength]
	for _, name := range names {
		if hmac.Equal(kept, code.tag(number, PrintedLine{name, typed})) {
			return name, true
		}
	}
	return "", false
}

func (c AttestationCode) tag(number int, line PrintedLine) []byte {
	mac := hmac.New(sha256.New, c.key("attestation lines"))
	mac.Write([]byte(strconv.Itoa(number) + "\n" + line.Name + "\n" + foldLine(line.Value)))
	return mac.Sum(nil)[:tagLength]
}

// foldLine leaves letters and digits, and the sign that parts decimals.
func foldLine(line string) string {
	var out strings.Builder
	text := []rune(folded.Replace(strings.ToLower(latinDigits(line))))
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out.WriteRune(r)
		case (r == ',' || r == '.') && i > 0 && i+1 < len(text) && unicode.IsDigit(text[i-1]) && unicode.IsDigit(text[i+1]):
			out.WriteByte(',')
		}
	}
	return out.String()
}
