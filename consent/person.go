package consent

import (
	"log/slog"
	"slices"
	"strings"
)

// Person is whom a provider's answer is about, as far as it must tell.
type Person struct{ FamilyName, GivenName, Birthdate string }

// String keeps it out of logs and error texts.
func (Person) String() string { return "[person]" }

// GoString keeps it out of %#v.
func (p Person) GoString() string { return p.String() }

// LogValue keeps it out of structured logs.
func (p Person) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Is reports whether it is the citizen: the same name at birth and first name, whatever
// their accents and capitals, and the same birth date. Twins are two people.
func (p Person) Is(who PivotIdentity) bool {
	if p.Birthdate == "" || p.Birthdate != who.Birthdate || fold(p.FamilyName) == "" || fold(p.GivenName) == "" || fold(p.FamilyName) != fold(who.FamilyName) || len(who.GivenNames) == 0 {
		return false
	}
	return slices.Contains([]string{fold(who.GivenNames[0]), fold(strings.Join(who.GivenNames, ""))}, fold(p.GivenName))
}
