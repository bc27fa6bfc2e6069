package held

import (
	"portail.example/consent"
	"portail.example/internal/i18n"
)

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
