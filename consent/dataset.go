package consent

import (
	"encoding/json"
	"maps"
	"slices"
)

// DataGroup is what a citizen can leave out of a consent: one `datatypes` value of RFC
// 9396, one part of the provider's answer. A name is one group's in the whole catalogue,
// so that a group says of which data set it is wherever it is registered, counted or
// shown.
type DataGroup string

// The data groups of the quotient familial, for what is about it: the demo, the guides,
// tests. Nothing that serves other data sets names a group.
const (
	GroupQuotientFamilial DataGroup = "quotient_familial" // the amount, its month, its fund
	GroupAllocataires     DataGroup = "allocataires"      // the person and their spouse
	GroupEnfants          DataGroup = "enfants"           // the dependent children
	GroupAdresse          DataGroup = "adresse"           // the household's address
)

// QuotientFamilial is the quotient familial of CAF and MSA; like its groups, for what is
// about it.
var QuotientFamilial, _ = DataSetOf(string(GroupQuotientFamilial))

// DataSet is one entry of the catalogue: one authorization_details type, one path of the
// data API, one operation of the provider.
type DataSet struct {
	// Type is the authorization_details type and the OAuth scope.
	Type string
	// Path is its name under /data/v1/.
	Path string
	// Upstream is where the provider has it.
	Upstream Upstream
	// Parameters are the ones of the civil status that the operation knows: all when none
	// is named and nothing is Given, none when something is.
	Parameters []string
	// Given are what the administration must tell beside them.
	Given []Parameter
	// Sensitive tells that holding this right at all reveals something about health (GDPR
	// article 9): the citizen confirms that they know.
	Sensitive bool
	// OfAnother tells that the data are those of a person whom the administration names: the
	// citizen confirms that they may decide for them.
	OfAnother bool
	// Month is the key of the answer whose `annee` and `mois` say which month it speaks
	// of; empty when the data have no month.
	Month string
	// Watch is the member beside the month whose value is compared with the last one, for
	// those who wish to be told of changes; empty when there is none.
	Watch string
	// Groups are its data groups in the order they are shown.
	Groups []DataGroup
	// ThirdPersons are the groups that speak of others than the citizen; they
	// start unchecked on the consent screen.
	ThirdPersons []DataGroup

	purposes map[string][]DataGroup
	// identityOnly are the groups that FranceConnect's token cannot open.
	identityOnly []DataGroup
	scopes       map[DataGroup][]string
	shapes       map[DataGroup]Shape
	texts        map[string]map[string]string // by language, then by key
}

// Upstream are the paths of an operation of API Particulier, by modality.
type Upstream struct {
	Identity string `json:"identity"` // by the pivot identity
	// FranceConnect is the path by FranceConnect's access token; empty when there is none,
	// or FranceConnect does not know the scopes.
	FranceConnect string `json:"france_connect"`
	// Whose says how an answer tells whom it is about, where the provider was told
	// something else than the citizen's civil status; nil where it was not.
	Whose *Whose `json:"whose"`
}

// Whose is where an answer has the names and the birth date of the person that it is
// about, as keys with dots between them. Data of anybody but the citizen are not given on.
type Whose struct {
	// Path is the operation that tells, by the same parameters; empty when the answer
	// itself does.
	Path       string `json:"path"`
	FamilyName string `json:"family_name"`
	GivenName  string `json:"given_name"`
	Birthdate  string `json:"birthdate"`
	// Scopes are the provider's rights that the habilitation needs for it.
	Scopes []string `json:"scopes"`
}

// DataSets is the catalogue, by type.
func DataSets() []DataSet { return slices.Clone(catalogue()) }

// DataSetOf finds a data set by its authorization_details type.
func DataSetOf(typ string) (DataSet, bool) {
	for _, set := range catalogue() {
		if set.Type == typ {
			return set, true
		}
	}
	return DataSet{}, false
}

// DataSetOfGroup finds the data set that a group belongs to.
func DataSetOfGroup(g DataGroup) (DataSet, bool) {
	for _, set := range catalogue() {
		if set.Has(g) {
			return set, true
		}
	}
	return DataSet{}, false
}

// Has reports whether the group belongs to the data set.
func (s DataSet) Has(g DataGroup) bool { return slices.Contains(s.Groups, g) }

// AboutOthers reports whether the group speaks of third persons.
func (s DataSet) AboutOthers(g DataGroup) bool { return slices.Contains(s.ThirdPersons, g) }

// Confirmed reports whether the citizen says a word more before they share it: nothing is
// ticked for them.
func (s DataSet) Confirmed() bool { return s.Sensitive || s.OfAnother }

// Previewed reports whether the citizen may look at the data before they decide.
func (s DataSet) Previewed() bool { return !s.OfAnother }

// Scopes are the provider's rights that open a group.
func (s DataSet) Scopes(g DataGroup) []string { return slices.Clone(s.scopes[g]) }

// Rights are all that a habilitation needs for the whole data set.
func (s DataSet) Rights() (out []string) {
	for _, g := range s.Groups {
		out = append(out, s.scopes[g]...)
	}
	if s.Upstream.Whose != nil {
		out = append(out, s.Upstream.Whose.Scopes...)
	}
	return out
}

// CivilStatus are the operation's parameters that the citizen's civil status fills.
func (s DataSet) CivilStatus() []string {
	if len(s.Parameters) == 0 && len(s.Given) == 0 {
		return slices.Clone(civilStatus)
	}
	return slices.Clone(s.Parameters)
}

// Knows reports whether the operation has a parameter for the person, whoever fills it.
func (s DataSet) Knows(parameter string) bool {
	return slices.Contains(s.CivilStatus(), parameter) || slices.ContainsFunc(s.Given, func(p Parameter) bool { return slices.Contains(p.To, parameter) })
}

// LiveScopes are what FranceConnect must grant for groups to be asked with its token,
// each once; none when one of them is not to be had that way.
func (s DataSet) LiveScopes(groups []DataGroup) (out []string) {
	for _, g := range s.InOrder(groups) {
		if s.Upstream.FranceConnect == "" || slices.Contains(s.identityOnly, g) {
			return nil
		}
		for _, scope := range s.scopes[g] {
			if !slices.Contains(out, scope) {
				out = append(out, scope)
			}
		}
	}
	return out
}

// LiveScopes are all that FranceConnect may be asked for: an operator is entitled to some
// of them.
func LiveScopes() (out []string) {
	for _, set := range catalogue() {
		groups := slices.DeleteFunc(slices.Clone(set.Groups), func(g DataGroup) bool { return slices.Contains(set.identityOnly, g) })
		out = append(out, set.LiveScopes(groups)...)
	}
	return out
}

// InOrder returns the groups in the order of the data set, each once.
func (s DataSet) InOrder(groups []DataGroup) []DataGroup {
	var out []DataGroup
	for _, g := range s.Groups {
		if slices.Contains(groups, g) {
			out = append(out, g)
		}
	}
	return out
}

// Shape is what the provider documents of groups together, within `data`.
func (s DataSet) Shape(groups ...DataGroup) (out Shape) {
	for _, g := range s.InOrder(groups) {
		out, _ = out.and(s.shapes[g]) // that they agree is checked when the catalogue is read
	}
	return out
}

// Cut leaves of an answer what is documented of groups, whatever else it holds; false
// when something of it is not of the documented kind.
func (s DataSet) Cut(data map[string]json.RawMessage, groups []DataGroup) (map[string]json.RawMessage, bool) {
	return s.Shape(groups...).cutMembers(data)
}

// Texts are the catalogue's words in a language, by the keys of the locales; false when
// it does not speak it.
func Texts(lang string) (map[string]string, bool) {
	out, known := map[string]string{}, false
	for _, set := range catalogue() {
		texts, speaks := set.texts[lang]
		known = known || speaks
		maps.Copy(out, texts)
	}
	return out, known
}
