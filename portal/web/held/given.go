package held

import (
	"strings"

	"portail.example/consent"
	"portail.example/internal/i18n"
)

// GivenLine is the same in one line, to tell two alike apart; empty where nothing is given.
func GivenLine(p i18n.Localizer, typ string, given consent.Parameters) string {
	var values []string
	for _, fact := range Given(p, typ, given) {
		values = append(values, fact.Value)
	}
	return strings.Join(values, p.T("common.comma"))
}

// Given are what a question or a consent is about beside the person, in the order of the
// data set.
func Given(p i18n.Localizer, typ string, given consent.Parameters) (out []Fact) {
	set, _ := consent.DataSetOf(typ)
	for _, parameter := range set.Given {
		value, there := given[parameter.Name]
		if !there {
			continue
		}
		if day, err := consent.ParseDate(value); err == nil && parameter.Kind == consent.ParameterDate {
			value = p.Date(day)
		}
		out = append(out, Fact{p.T("parameter." + typ + "." + parameter.Name + ".name"), value})
	}
	return out
}
