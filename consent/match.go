package consent

import (
	"strings"
	"unicode"
)

// folded are the letters of European civil registers that are more than a base
// letter with a mark.
var folded = strings.NewReplacer(
	"œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i",
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ā", "a", "ă", "a", "ą", "a",
	"ç", "c", "ć", "c", "č", "c", "ĉ", "c", "ċ", "c", "ď", "d",
	"è", "e", "é", "e", "ê", "e", "ë", "e", "ē", "e", "ė", "e", "ę", "e", "ě", "e", "ĕ", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ī", "i", "į", "i", "ĩ", "i",
	"ñ", "n", "ń", "n", "ň", "n", "ņ", "n", "ğ", "g", "ģ", "g", "ķ", "k", "ĺ", "l", "ľ", "l", "ļ", "l",
	"ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ō", "o", "ő", "o",
	"ŕ", "r", "ř", "r", "ś", "s", "š", "s", "ş", "s", "ș", "s", "ť", "t", "ţ", "t", "ț", "t",
	"ù", "u", "ú", "u", "û", "u", "ü", "u", "ū", "u", "ů", "u", "ű", "u", "ų", "u",
	"ý", "y", "ÿ", "y", "ź", "z", "ž", "z", "ż", "z",
)

// MatchKey is the identity as two administrations would both write it: birth name
// and first given name without marks, case or punctuation, birth date with unknown
// parts as FranceConnect completes them, birth place. It finds the citizen a
// request was filed for. Other given names and gender are left out: files often
// lack them, and they separate nobody that the rest does not.
func (p PivotIdentity) MatchKey() string {
	given := ""
	if len(p.GivenNames) > 0 {
		given = p.GivenNames[0]
	}
	place := p.Birthplace
	if place == "" {
		place = p.Birthcountry
	}
	return strings.Join([]string{fold(p.FamilyName), fold(given), strings.ReplaceAll(p.Birthdate, "-00", "-01"), place}, "\n")
}

func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1 // spaces, hyphens, apostrophes, and marks written apart
	}, folded.Replace(strings.ToLower(name)))
}
