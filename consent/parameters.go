package consent

import (
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parameters are what a provider is told, beside the civil status or instead of it, to
// find what is asked: the member `parameters` of authorization_details, given by the
// administration, by the names in the data set's file. They are personal data: sealed at
// rest, shown to their citizen, and in no token, event, log or address.
type Parameters map[string]string

// String keeps the values out of logs and error texts.
func (Parameters) String() string { return "[parameters]" }

// GoString keeps them out of %#v.
func (p Parameters) GoString() string { return p.String() }

// LogValue keeps them out of structured logs.
func (p Parameters) LogValue() slog.Value { return slog.StringValue(p.String()) }

// same tells whether both ask for the same thing.
func (p Parameters) same(other Parameters) bool { return maps.Equal(p, other) }

// ParameterKind says how a value is written.
type ParameterKind string

// The kinds of parameters.
const (
	ParameterText  ParameterKind = "text"  // of the file's form
	ParameterNames ParameterKind = "names" // one to three first names, with commas between them
	ParameterDate  ParameterKind = "date"  // YYYY-MM-DD, no part unknown
)

// Parameter is one of them, as the file of its data set describes it.
type Parameter struct {
	Name string // its member in `parameters`, and of its texts
	Kind ParameterKind
	// To are the provider's parameters that it fills: one, or the year, month and day of a
	// date.
	To []string
	// Example is fictitious.
	Example string

	form *regexp.Regexp
}

// maxParameter bounds one value, in characters.
const maxParameter = 100

// names begin with a letter, as providers write names: Latin letters with their marks,
// spaces, hyphens and apostrophes.
var names = regexp.MustCompile(`^\p{Latin}[\p{Latin}\p{Mn}'’ -]*(, ?\p{Latin}[\p{Latin}\p{Mn}'’ -]*){0,2}$`)

// Fits reports whether a value is of the parameter's form.
func (p Parameter) Fits(value string) bool {
	if utf8.RuneCountInString(value) > maxParameter {
		return false
	}
	switch p.Kind {
	case ParameterDate:
		day, err := ParseDate(value)
		return err == nil && day.Year >= 1900
	case ParameterNames:
		return names.MatchString(value)
	}
	return p.form.MatchString(value)
}

// Fill writes a value that fits into the provider's parameters.
func (p Parameter) Fill(query map[string][]string, value string) {
	switch p.Kind {
	case ParameterDate:
		for i, part := range strings.SplitN(value, "-", len(p.To)) {
			query[p.To[i]] = []string{strings.TrimLeft(part, "0")}
		}
	case ParameterNames:
		for name := range strings.SplitSeq(value, ",") {
			query[p.To[0]] = append(query[p.To[0]], strings.TrimSpace(name))
		}
	default:
		query[p.To[0]] = []string{value}
	}
}

// checkParameters wants what the data set asks for, in its form, and nothing else. Errors
// are InvalidAuthorizationDetails, name the member and quote no value.
func (s DataSet) checkParameters(given Parameters) error {
	for name := range given {
		if !slices.ContainsFunc(s.Given, func(p Parameter) bool { return p.Name == name }) {
			return badDetails("parameters", "a member that this type does not have")
		}
	}
	for _, p := range s.Given {
		value, there := given[p.Name]
		if !there {
			return badDetails("parameters."+p.Name, "missing")
		}
		if !p.Fits(value) {
			return badDetails("parameters."+p.Name, "not of the form of %s", p.Example)
		}
	}
	return nil
}
