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
// and given names without marks, case or punctuation, gender, birth date with
// unknown parts as FranceConnect completes them, birth place and country. It finds
// the citizen a request was filed for. Files often hold the first given name only,
// so that is what counts for births in France, where the commune separates; abroad
// there is no commune, dates are often completed, and all given names count.
func (p PivotIdentity) MatchKey() string {
	given := p.GivenNames
	if p.Birthplace != "" && len(given) > 1 {
		given = given[:1]
	}
	return strings.Join([]string{
		fold(p.FamilyName), fold(strings.Join(given, "")), p.Gender, strings.ReplaceAll(p.Birthdate, "-00", "-01"), p.Birthplace, p.Birthcountry,
	}, "\n")
}

func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1 // spaces, hyphens, apostrophes, and marks written apart
	}, folded.Replace(strings.ToLower(name)))
}
