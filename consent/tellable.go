package consent

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// opening is the letter that a sentence begins with. “M.” ends none.
	opening = regexp.MustCompile(`(^\P{L}*|(?:\pL{4,}|\d)[.!?]\s+)\p{Lu}`)
	// capital is a word that is written like a name.
	capital = regexp.MustCompile(`\p{Lu}[\pL\pM]*`)
)

// notNames are written like names in the reasons of those who answer for this portal.
var notNames = []string{"caf", "msa", "ccas", "cnil", "rgpd", "gdpr", "dpo", "dpd", "insee", "siret", "qf", "franceconnect"}

// tellable is an agent's reason for looking a person up, as that person may read it:
// it is about them (GDPR article 15(1)). It is empty when it may name somebody else
// (article 15(4)): when a word in it is written like a name that is none of theirs, or
// it has an e-mail address. A name that opens a sentence or is written small passes:
// whoever writes is told that the person reads it.
func tellable(reason string, who PivotIdentity) string {
	if strings.Contains(reason, "@") {
		return ""
	}
	own := slices.Clone(notNames)
	for _, name := range append([]string{who.FamilyName, who.PreferredName}, who.GivenNames...) {
		for _, part := range capital.FindAllString(strings.ToUpper(name), -1) {
			own = append(own, fold(part))
		}
	}
	for _, word := range capital.FindAllString(opening.ReplaceAllString(reason, "$1"), -1) {
		if !slices.Contains(own, fold(word)) {
			return ""
		}
	}
	return reason
}
