package apiparticulier

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"portail.example/consent"
)

// france is the COG code of births for which a commune is given.
const france = "99100"

// maxGivenNames is how many first names the provider reads.
const maxGivenNames = 3

// identityQuery is the pivot identity in the provider's parameters. The name in
// use is not sent: identification rests on the birth name, and calls with both
// were seen to fail. A birth date that FranceConnect completed with 01 is sent
// as it is: the year is what weighs.
func identityQuery(who consent.PivotIdentity) url.Values {
	query := url.Values{"nomNaissance": {cleanName(who.FamilyName)}, "codeCogInseePaysNaissance": {who.Birthcountry}}
	for _, name := range who.GivenNames[:min(len(who.GivenNames), maxGivenNames)] {
		query.Add("prenoms[]", cleanName(name))
	}
	setBirthdate(query, who.Birthdate)
	if sex := civilSex(who.Gender); sex != "" {
		query.Set("sexeEtatCivil", sex)
	}
	if who.Birthcountry == france {
		query.Set("codeCogInseeCommuneNaissance", who.Birthplace)
	}
	return query
}

// personQuery is the part of the civil status that the operation knows.
func personQuery(q consent.Question) url.Values {
	query, known := identityQuery(q.Who), q.DataSet.CivilStatus()
	for name := range query {
		if !slices.Contains(known, name) {
			query.Del(name)
		}
	}
	return query
}

// fill adds what was given, and reports whether all of it was.
func fill(query url.Values, q consent.Question) bool {
	for _, p := range q.DataSet.Given {
		value := q.Parameters[p.Name]
		if value == "" {
			return false
		}
		p.Fill(query, value)
	}
	for _, name := range []string{"nomNaissance", "prenoms[]"} {
		for i := range query[name] {
			query[name][i] = cleanName(query[name][i])
		}
	}
	return true
}

// civilSex is M or F. For `unspecified` nothing is sent: we do not make a sex up
// in a citizen's name, and the provider says what it makes of its absence.
func civilSex(gender string) string {
	switch gender {
	case "male":
		return "M"
	case "female":
		return "F"
	}
	return ""
}

// setBirthdate gives the known parts: 00 means unknown, and a part without the
// larger one would be ignored.
func setBirthdate(query url.Values, date string) {
	names := []string{"anneeDateNaissance", "moisDateNaissance", "jourDateNaissance"}
	for i, part := range strings.SplitN(date, "-", len(names)) {
		number, err := strconv.Atoi(part)
		if err != nil || number == 0 {
			return
		}
		query.Set(names[i], strconv.Itoa(number))
	}
}

func setMonth(query url.Values, month consent.Period) {
	query.Set("annee", strconv.Itoa(month.Year))
	query.Set("mois", strconv.Itoa(int(month.Month)))
}

// cleanName keeps what the provider's character set allows: letters, spaces,
// hyphens and the straight apostrophe.
func cleanName(name string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r), r == '-', r == '\'':
			return r
		case r == '’', r == 'ʼ':
			return '\''
		case r == '‐', r == '‑', r == '–':
			return '-'
		}
		return ' '
	}, name)
	return strings.Join(strings.Fields(kept), " ")
}
