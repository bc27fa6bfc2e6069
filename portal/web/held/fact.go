package held

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"portail.example/consent"
	"portail.example/internal/i18n"
)

// Fact is one line of what is held: a name and a value.
type Fact struct{ Name, Value string }

// Known leaves out what a citizen does not have, such as a name in use.
func Known(facts []Fact) []Fact {
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

// Text is a text that was read, in the language it was read in.
type Text struct {
	Lang  string
	Lines []string
	Hash  string // SHA-256, hexadecimal
}

// TextOf is a statement, line by line.
func TextOf(s consent.Statement) Text {
	return Text{Lang: s.Language, Lines: strings.Split(s.Text, "\n"), Hash: HashOf(s)}
}

// HashOf is a statement's SHA-256, hexadecimal.
func HashOf(s consent.Statement) string {
	hash := s.Hash()
	return hex.EncodeToString(hash[:])
}

// InLatin tells the languages that the font of our PDFs can write.
func InLatin(lang string) bool { return lang != "ar" }

// GroupName is what a group of data is called.
func GroupName(p i18n.Localizer, g consent.DataGroup) string {
	return p.T("group." + string(g) + ".name")
}

// GroupNames are what groups of data are called.
func GroupNames(p i18n.Localizer, groups []consent.DataGroup) (out []string) {
	for _, g := range groups {
		out = append(out, GroupName(p, g))
	}
	return out
}

// Data are groups of data in one line.
func Data(p i18n.Localizer, groups []consent.DataGroup) string {
	return strings.Join(GroupNames(p, groups), p.T("common.comma"))
}

// Duration says how long a consent holds that is asked or given.
func Duration(p i18n.Localizer, d consent.Details) string {
	if d.Access == consent.Once {
		return p.T("citizen.request.once")
	}
	return p.T("citizen.request.continuous", "Date", p.Date(d.EndsOn))
}

// Period says since when and until when a consent holds.
func Period(p i18n.Localizer, g consent.Grant) string {
	last := consent.DateOf(g.ExpiresAt.Add(-time.Second))
	return p.T("citizen.consent.from_to", "From", p.Date(consent.DateOf(g.CreatedAt)), "To", p.Date(last))
}

// Device is what is known of a device.
func Device(p i18n.Localizer, d consent.Device) string {
	switch {
	case d.Browser == "" && d.System == "":
		return p.T("citizen.sessions.unknown")
	case d.Browser == "" || d.System == "":
		return d.Browser + d.System
	}
	return strings.Join([]string{d.Browser, d.System}, p.T("common.comma"))
}

// Reason is why a consent was withdrawn.
func Reason(p i18n.Localizer, why consent.Reason) string {
	return p.T("citizen.reason." + string(why))
}

// until is the fact that tells when a line goes; empty while that is not known.
func until(p i18n.Localizer, line consent.Retained) Fact {
	at := consent.KeptUntil(line)
	if at.IsZero() {
		return Fact{}
	}
	return Fact{p.T("citizen.my_copy.kept_until"), p.Date(consent.DateOf(at))}
}
