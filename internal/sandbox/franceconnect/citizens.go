package franceconnect

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Citizen is a fictitious person of the stand-in.
type Citizen struct {
	Key           string // in the addresses of the stand-in's pages
	FamilyName    string // birth name
	GivenNames    []string
	PreferredName string
	Birthdate     string
	Gender        string
	Birthplace    string
	Birthcountry  string
	Outcome       string // what the demo shows with them, in French
	// Refused: FranceConnect itself does not let the person in.
	Refused bool
}

// Name is the first given name and the birth name.
func (c Citizen) Name() string { return c.GivenNames[0] + " " + c.FamilyName }

const france = "99100"

var citizens = []Citizen{
	{Key: "angela", FamilyName: "DUBOIS", GivenNames: []string{"Angela", "Claire", "Louise"}, Birthdate: "1962-08-24", Gender: "female", Birthplace: "75107", Birthcountry: france, Outcome: "CAF, quotient familial 4270, sans enfant"},
	{Key: "jeanne", FamilyName: "ROUX", GivenNames: []string{"Jeanne", "Stéphanie"}, Birthdate: "1987-06-27", Gender: "female", Birthplace: "08480", Birthcountry: france, Outcome: "MSA, quotient familial 150, couple, deux enfants"},
	{Key: "pierre", FamilyName: "MERCIER", GivenNames: []string{"Pierre"}, PreferredName: "DUBOIS", Birthdate: "1969-03-17", Gender: "male", Birthplace: "95277", Birthcountry: france, Outcome: "CAF, quotient familial 2550, trois enfants, nom d’usage DUBOIS"},
	{Key: "marge", FamilyName: "SIMPSON", GivenNames: []string{"Marge"}, Birthdate: "1980-11-15", Gender: "female", Birthcountry: "99404", Outcome: "CAF, quotient familial 300, deux enfants, née à l’étranger"},
	{Key: "sophie", FamilyName: "DUPONT", GivenNames: []string{"Sophie"}, Birthdate: "1982-09-03", Gender: "female", Birthplace: "13001", Birthcountry: france, Outcome: "CAF, quotient familial 900, quatre enfants"},
	{Key: "olivier", FamilyName: "ANO’NYMOS-LONS", GivenNames: []string{"Olivier"}, Birthdate: "1980-05-24", Gender: "male", Birthplace: "95491", Birthcountry: france, Outcome: "CAF, quotient familial 700, apostrophe et tiret dans le nom"},
	{Key: "yogo", FamilyName: "YOGO", GivenNames: []string{"Sophie"}, Birthdate: "1981-11-01", Gender: "female", Birthplace: "50528", Birthcountry: france, Outcome: "CAF, quotient familial 1200, un enfant né un jour inconnu"},
	{Key: "alexis", FamilyName: "DUPONT", GivenNames: []string{"Alexis"}, Birthdate: "1982-12-27", Gender: "female", Birthplace: "08480", Birthcountry: france, Outcome: "reconnue, mais sans dossier à la CAF ni à la MSA"},
	{Key: "camille", FamilyName: "NOUVEL", GivenNames: []string{"Camille"}, Birthdate: "1990-05-05", Gender: "female", Birthplace: "2A004", Birthcountry: france, Outcome: "inconnue de la CAF et de la MSA"},
	{Key: "rene", FamilyName: "DESFOUIN", GivenNames: []string{"René"}, Birthdate: "2002-12-05", Gender: "male", Birthplace: "08480", Birthcountry: france, Outcome: "service des caisses saturé"},
	{Key: "jean-marie", FamilyName: "DELANOUE", GivenNames: []string{"Jean-Marie"}, Birthdate: "2002-12-05", Gender: "male", Birthplace: "08480", Birthcountry: france, Outcome: "service des caisses en panne"},
	{Key: "clement", FamilyName: "SITUDI", GivenNames: []string{"Clément"}, Birthdate: "2002-12-05", Gender: "male", Birthplace: "08480", Birthcountry: france, Outcome: "la caisse ne répond pas à temps"},
	{Key: "noemie", FamilyName: "LENTEUR", GivenNames: []string{"Noémie"}, Birthdate: "1990-02-14", Gender: "female", Birthplace: "08480", Birthcountry: france, Outcome: "caisse en maintenance"},
	{Key: "lou", FamilyName: "SANSPRENOM", GivenNames: []string{"Lou"}, Birthdate: "1995-01-01", Gender: "unspecified", Birthplace: "75107", Birthcountry: france, Outcome: "FranceConnect refuse l’identification", Refused: true},
}

// Citizens are those one can sign in as.
func Citizens() []Citizen { return append([]Citizen(nil), citizens...) }

func citizenOf(key string) (Citizen, bool) {
	for _, c := range citizens {
		if c.Key == key {
			return c, true
		}
	}
	return Citizen{}, false
}

// sub is pairwise: it depends on the identity and the client's entityId.
func (s *Server) sub(c Citizen, client Client) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{s.salt, client.EntityID, c.FamilyName, strings.Join(c.GivenNames, " "), c.Birthdate, c.Gender, c.Birthplace, c.Birthcountry}, "\x00")))
	return hex.EncodeToString(sum[:]) + "v1"
}

// scopeClaims are the claims a scope opens.
var scopeClaims = map[string][]string{
	"openid": nil, "family_name": {"family_name"}, "given_name": {"given_name", "given_name_array"}, "birthdate": {"birthdate"}, "gender": {"gender"},
	"birthplace": {"birthplace"}, "birthcountry": {"birthcountry"}, "preferred_username": {"preferred_username"}, "birth": {"birthplace", "birthcountry"},
	"identite_pivot": {"given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace", "birthcountry"},
	"profile":        {"given_name", "given_name_array", "family_name", "birthdate", "gender", "preferred_username"},
}

func (c Citizen) claims() map[string]any {
	out := map[string]any{
		"family_name": c.FamilyName, "given_name": strings.Join(c.GivenNames, " "), "given_name_array": c.GivenNames, "birthdate": c.Birthdate,
		"gender": c.Gender, "birthplace": c.Birthplace, "birthcountry": c.Birthcountry,
	}
	if c.PreferredName != "" {
		out["preferred_username"] = c.PreferredName
	}
	return out
}
