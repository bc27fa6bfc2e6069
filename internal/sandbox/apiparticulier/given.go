package apiparticulier

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"portail.example/consent"
)

// accounts are who chose which name at France Travail.
var accounts = map[string]string{"angela.dubois": "DUBOIS", "marge.simpson": "SIMPSON", "jeanne.roux": "ROUX", "olivier.lons": "ANO'NYMOS-LONS"}

// absences are the codes of nobody found, by who provides.
var absences = map[string]string{"/v3/france_travail/": "24003", "/v5/men/": "30003"}

// whom is the person that the query finds, or the problem that says that nobody is.
func (s *Server) whom(query url.Values, set consent.DataSet) (person, string) {
	absent := "35560"
	for prefix, code := range absences {
		if strings.HasPrefix(set.Upstream.Identity, prefix) {
			absent = code
		}
	}
	p, found := find(query)
	switch {
	case set.Upstream.Whose != nil:
		p, found = holder(query, set)
	case set.Knows("codeEtablissement"):
		p, found = pupil(query)
	}
	if !found {
		return p, absent
	}
	return p, ""
}

// holder is whose the account or the number is; of those that nobody here has any of, the
// file's own example is Angela Dubois's.
func holder(query url.Values, set consent.DataSet) (person, bool) {
	given := set.Given[0]
	value := query.Get(given.To[0])
	family := accounts[value]
	if family == "" && value == given.Example {
		family = "DUBOIS"
	}
	i := slices.IndexFunc(people, func(p person) bool { return p.family == family && p.problem == "" })
	if i < 0 {
		return person{}, false
	}
	return people[i], true
}

// Every pupil is in one school, this year.
const school, schoolYear = "0951234B", "2026-2027"

func birthdate(query url.Values) string {
	date, _ := time.Parse("2006-1-2", query.Get("anneeDateNaissance")+"-"+query.Get("moisDateNaissance")+"-"+query.Get("jourDateNaissance"))
	return date.Format(time.DateOnly)
}

// pupil is a child of a household, as somebody of their own.
func pupil(query url.Values) (person, bool) {
	for _, p := range people {
		for _, child := range p.children {
			if child.FamilyName == fold(query.Get("nomNaissance")) && child.GivenNames == fold(strings.Join(query["prenoms[]"], " ")) && child.Birthdate == birthdate(query) &&
				child.Sex == query.Get("sexeEtatCivil") && query.Get("codeEtablissement") == school && query.Get("anneeScolaire") == schoolYear {
				return person{family: child.FamilyName, adults: []member{child}}, true
			}
		}
	}
	return person{}, false
}

// schooling is where and when.
func schooling() []rule {
	uai, year := regexp.MustCompile(`^[0-9]{7}[A-Z]$`), regexp.MustCompile(`^[0-9]{4}(-[0-9]{4})?$`)
	return []rule{
		{"00411", func(q url.Values) bool { return year.MatchString(q.Get("anneeScolaire")) }},
		{"00410", func(q url.Values) bool { return uai.MatchString(q.Get("codeEtablissement")) }},
	}
}

// tellsWhose tells whether scopes open whom the answer is about.
func tellsWhose(set consent.DataSet, scopes []string) bool {
	whose := set.Upstream.Whose
	return whose != nil && whose.Path == "" && slices.ContainsFunc(whose.Scopes, func(scope string) bool { return slices.Contains(scopes, scope) })
}

// tell says which pupil an answer is about, and adds whose an account is.
func tell(data map[string]json.RawMessage, set consent.DataSet, p person, whole bool) {
	if _, told := data["identite"]; told && set.Knows("codeEtablissement") {
		child := p.adults[0]
		data["identite"], _ = json.Marshal(map[string]string{"nom": child.FamilyName, "prenom": child.GivenNames, "sexe": child.Sex, "date_naissance": child.Birthdate})
	}
	whose := set.Upstream.Whose
	if !whole || whose == nil || whose.Path != "" {
		return
	}
	out := map[string]map[string]string{}
	first, _, _ := strings.Cut(p.adults[0].GivenNames, " ")
	for keys, value := range map[string]string{whose.FamilyName: p.adults[0].FamilyName, whose.GivenName: first, whose.Birthdate: p.adults[0].Birthdate} {
		outer, inner, _ := strings.Cut(keys, ".")
		if out[outer] == nil {
			out[outer] = map[string]string{}
		}
		out[outer][inner] = value
	}
	for key, value := range out {
		data[key], _ = json.Marshal(value)
	}
}
