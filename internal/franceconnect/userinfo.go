package franceconnect

import (
	"errors"

	"portail.example/consent"
	"portail.example/internal/openid"
)

// errIdentity is an identity that no fund could be asked about.
var errIdentity = errors.New("franceconnect: the identity is incomplete")

// person is FranceConnect's userinfo (docs, scopes of identité pivot).
type person struct {
	FamilyName    string   `json:"family_name"`
	GivenName     string   `json:"given_name"`
	GivenNames    []string `json:"given_name_array"`
	Birthdate     string   `json:"birthdate"`
	Gender        string   `json:"gender"`
	Birthplace    string   `json:"birthplace"`
	Birthcountry  string   `json:"birthcountry"`
	PreferredName string   `json:"preferred_username"`
}

// identityOf is who the citizen is.
func identityOf(answer openid.Answer) (consent.PivotIdentity, error) {
	var who person
	if err := answer.Claims(&who); err != nil {
		return consent.PivotIdentity{}, err
	}
	identity := who.pivot()
	if !identity.Complete() {
		return consent.PivotIdentity{}, &consent.Error{Code: consent.SignInFailed, Field: "userinfo", Err: errIdentity}
	}
	return identity, nil
}

// pivot keeps FranceConnect's spelling. given_name is not split: one first name
// may hold a space.
func (who person) pivot() consent.PivotIdentity {
	names := who.GivenNames
	if len(names) == 0 && who.GivenName != "" {
		names = []string{who.GivenName}
	}
	return consent.PivotIdentity{
		FamilyName: who.FamilyName, GivenNames: names, Birthdate: who.Birthdate, Gender: who.Gender,
		Birthplace: who.Birthplace, Birthcountry: who.Birthcountry, PreferredName: who.PreferredName,
	}
}
