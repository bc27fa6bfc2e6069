package apiparticulier

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// person is somebody the funds recognise: a household, or the problem that is
// always answered for them.
type person struct {
	family, year, place string // what identification rests on
	problem             string
	fund                string
	amount              int
	adults, children    []member
	street, town        string
}

// member of a household, in the provider's words. Dates may have unknown parts.
type member struct {
	FamilyName string  `json:"nom_naissance"`
	UsedName   *string `json:"nom_usage"`
	GivenNames string  `json:"prenoms"`
	Birthdate  string  `json:"date_naissance"`
	Sex        string  `json:"sexe"`
}

func adult(family, given, date, sex string) member { return member{family, nil, given, date, sex} }

var people = []person{
	{family: "DUBOIS", year: "1962", place: "75107", fund: "CNAF", amount: 4270, street: "30 RUE DES ACACIAS", town: "75017 PARIS",
		adults: []member{adult("DUBOIS", "ANGELA CLAIRE LOUISE", "1962-08-24", "F")}},
	{family: "ROUX", year: "1987", place: "08480", fund: "MSA", amount: 150, street: "1 RUE MONTORGUEIL", town: "75002 PARIS",
		adults:   []member{adult("ROUX", "JEANNE STEPHANIE", "1987-06-27", "F"), adult("ROUX", "LOIC NATHAN", "1979-05-19", "M")},
		children: []member{adult("ROUX", "ALEXIS VINCENT", "2016-04-20", "M"), adult("ROUX", "FLEUR EDITH", "2014-04-20", "F")}},
	{family: "MERCIER", year: "1969", place: "95277", fund: "CNAF", amount: 2550, street: "12 ALLEE DU LAVOIR", town: "95500 GONESSE",
		adults:   []member{adult("MERCIER", "PIERRE", "1969-03-17", "M")},
		children: []member{adult("MERCIER", "ROBERT", "2012-02-11", "M"), adult("MERCIER", "HENRY", "2014-09-30", "M"), adult("MERCIER", "JULIE", "2017-05-05", "F")}},
	{family: "SIMPSON", year: "1980", place: "99404", fund: "CNAF", amount: 300, street: "742 CHEMIN VERT", town: "33000 BORDEAUX",
		adults:   []member{adult("SIMPSON", "MARGE", "1980-11-15", "F")},
		children: []member{adult("SIMPSON", "LISA", "2016-05-09", "F"), adult("SIMPSON", "BART", "2014-04-01", "M")}},
	{family: "DUPONT", year: "1982", place: "13001", fund: "CNAF", amount: 900, street: "5 COURS MIRABEAU", town: "13100 AIX EN PROVENCE",
		adults: []member{adult("DUPONT", "SOPHIE", "1982-09-03", "F")},
		children: []member{adult("DUPONT", "LEA", "2010-01-08", "F"), adult("DUPONT", "HUGO", "2012-03-21", "M"),
			adult("DUPONT", "INES", "2015-07-14", "F"), adult("DUPONT", "NOE", "2019-12-02", "M")}},
	{family: "ANO'NYMOS-LONS", year: "1980", place: "95491", fund: "CNAF", amount: 700, street: "3 PLACE DE L'EGLISE", town: "95470 SURVILLIERS",
		adults: []member{adult("ANO'NYMOS-LONS", "OLIVIER", "1980-05-24", "M")}},
	{family: "YOGO", year: "1981", place: "50528", fund: "CNAF", amount: 1200, street: "8 RUE DU PORT", town: "50110 TOURLAVILLE",
		adults:   []member{adult("YOGO", "SOPHIE", "1981-11-01", "F")},
		children: []member{adult("YOGO", "MAE", "2020-00-00", "F")}},
	{family: "DUPONT", year: "1982", place: "08480", problem: "23003"},
	{family: "DESFOUIN", year: "2002", place: "08480", problem: "00429"},
	{family: "DELANOUE", year: "2002", place: "08480", problem: "35000"},
	{family: "SITUDI", year: "2002", place: "08480", problem: "35002"},
	{family: "LENTEUR", year: "1990", place: "08480", problem: "35020"},
}

// find is the matcher: birth name, birth year and birth place decide, as they
// nearly do in the real one.
func find(query url.Values) (person, bool) {
	place := query.Get("codeCogInseeCommuneNaissance")
	if country := query.Get("codeCogInseePaysNaissance"); country != "" && country != "99100" {
		place = country
	}
	name := fold(query.Get("nomNaissance"))
	for _, p := range people {
		if p.family == name && p.year == query.Get("anneeDateNaissance") && (p.place == place || place == "") {
			return p, true
		}
	}
	return person{}, false
}

// fold transliterates as the real one does before it asks the funds.
func fold(name string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’': // as FranceConnect may have it
			return '\''
		}
		return r
	}, norm.NFD.String(name)))
}
