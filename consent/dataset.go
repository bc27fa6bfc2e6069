package consent

import "slices"

// DataGroup is what a citizen can leave out of a consent: one `datatypes` value
// of RFC 9396, one key of the provider's answer.
type DataGroup string

// The data groups of the quotient familial.
const (
	GroupQuotientFamilial DataGroup = "quotient_familial" // the amount, its month, its fund
	GroupAllocataires     DataGroup = "allocataires"      // the person and their spouse
	GroupEnfants          DataGroup = "enfants"           // the dependent children
	GroupAdresse          DataGroup = "adresse"           // the household's address
)

// DataSet is one entry of the catalogue: one authorization_details type, one
// path of the data API.
type DataSet struct {
	// Type is the authorization_details type and the OAuth scope.
	Type string
	// Path is its name under /data/v1/.
	Path string
	// Groups are its data groups in the order they are shown.
	Groups []DataGroup
	// ThirdPersons are the groups that speak of others than the citizen; they
	// start unchecked on the consent screen.
	ThirdPersons []DataGroup
}

// QuotientFamilial is the quotient familial of CAF and MSA.
var QuotientFamilial = DataSet{
	Type:         "quotient_familial",
	Path:         "quotient-familial",
	Groups:       []DataGroup{GroupQuotientFamilial, GroupAllocataires, GroupEnfants, GroupAdresse},
	ThirdPersons: []DataGroup{GroupAllocataires, GroupEnfants},
}

// DataSets is the catalogue.
func DataSets() []DataSet { return []DataSet{QuotientFamilial} }

// DataSetOf finds a data set by its authorization_details type.
func DataSetOf(typ string) (DataSet, bool) {
	for _, set := range DataSets() {
		if set.Type == typ {
			return set, true
		}
	}
	return DataSet{}, false
}

// Has reports whether the group belongs to the data set.
func (s DataSet) Has(g DataGroup) bool { return slices.Contains(s.Groups, g) }

// AboutOthers reports whether the group speaks of third persons.
func (s DataSet) AboutOthers(g DataGroup) bool { return slices.Contains(s.ThirdPersons, g) }

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
