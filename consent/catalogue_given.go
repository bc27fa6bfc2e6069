package consent

import (
	"fmt"
	"regexp"
	"slices"
)

// parameterTexts are what is said of a parameter: its name before its value.
var parameterTexts = []string{"name"}

// upstreamParameter is a name that the provider gives.
var upstreamParameter = regexp.MustCompile(`^[a-z][A-Za-z]{1,39}(\[\])?$`)

// dotted is the way to a value of an answer.
var dotted = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)*$`)

// given checks what the administration is asked for, and that nobody's data can be had by
// telling a number.
func (c *checking) given(f dataSetFile) {
	filled := slices.Clone(f.Parameters)
	for i, p := range f.Given {
		at := fmt.Sprintf("given[%d]", i)
		c.matches(at+".name", p.Name, catalogueName)
		c.alone("given.name of "+f.Type, p.Name)
		c.parameter(at, p)
		for _, to := range p.To {
			c.matches(at+".to", to, upstreamParameter)
			if slices.Contains(filled, to) || to == "recipient" {
				c.fault(at+".to", "%q is filled already", to)
			}
			filled = append(filled, to)
		}
		c.texts(at+".texts", p.Texts, parameterTexts)
	}
	if len(f.Given) > 0 && f.Upstream.FranceConnect != "" {
		c.fault("upstream.france_connect", "FranceConnect tells who is asked for, and nothing else")
	}
	c.whose(f, filled)
}

// parameter checks its kind, with its form and its example.
func (c *checking) parameter(at string, p parameterFile) {
	want := 1
	if p.Kind == ParameterDate {
		want = 3
	}
	if !slices.Contains([]ParameterKind{ParameterText, ParameterNames, ParameterDate}, p.Kind) || len(p.To) != want || (p.Form != "") != (p.Kind == ParameterText) {
		c.fault(at, "a text with a form, names, or a date with three parameters to fill is expected")
		return
	}
	if _, err := regexp.Compile(p.Form); err != nil {
		c.fault(at+".form", "not a regular expression")
	} else if !p.parameter().Fits(p.Example) {
		c.fault(at+".example", "%q is not of its form", p.Example)
	}
}

// whose is needed where a number finds the person, whatever is told beside it: that
// somebody typed it does not prove whose it is. A civil status that is given is another's.
func (c *checking) whose(f dataSetFile, filled []string) {
	w := f.Upstream.Whose
	other := slices.ContainsFunc(civilStatus, func(name string) bool {
		return slices.Contains(filled, name) && !slices.Contains(f.Parameters, name)
	})
	if len(f.Given) > 0 && other != (f.Sensitive == "another") {
		c.fault("sensitive", `"another" is expected of a civil status that is given, and of nothing else`)
	}
	if w == nil {
		if len(f.Given) > 0 && !other {
			c.fault("upstream.whose", "missing: an answer to a number must tell whom it is about")
		}
		return
	}
	if w.Path != "" {
		c.matches("upstream.whose.path", w.Path, upstreamPath)
	}
	if len(w.Scopes) == 0 {
		c.fault("upstream.whose.scopes", "at least one is needed")
	}
	c.matches("upstream.whose.family_name", w.FamilyName, dotted)
	c.matches("upstream.whose.given_name", w.GivenName, dotted)
	c.matches("upstream.whose.birthdate", w.Birthdate, dotted)
}
