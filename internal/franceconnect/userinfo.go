package franceconnect

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"portail.example/consent"
)

// maxAnswer bounds what is read from FranceConnect.
const maxAnswer = 1 << 20

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

// userinfo fetches the identity. go-oidc's own UserInfo would accept one signed
// for another client or about somebody else: the token is verified like an ID
// token, and must name the same subject.
func (p *Provider) userinfo(ctx context.Context, known *endpoints, accessToken, subject string) (consent.PivotIdentity, error) {
	raw, err := p.fetchUserinfo(ctx, known.userinfo, accessToken)
	if err != nil {
		return consent.PivotIdentity{}, err
	}
	verified, err := p.verify(ctx, known, "userinfo", raw)
	if err != nil {
		return consent.PivotIdentity{}, err
	}
	if verified.Subject != subject {
		return consent.PivotIdentity{}, failed("userinfo", "about somebody else than the ID token")
	}
	var who person
	if verified.Claims(&who) != nil {
		return consent.PivotIdentity{}, failed("userinfo", "claims of the wrong type")
	}
	identity := who.pivot()
	if !identity.Complete() {
		return consent.PivotIdentity{}, &consent.Error{Code: consent.SignInFailed, Field: "userinfo", Err: errIdentity}
	}
	return identity, nil
}

func (p *Provider) fetchUserinfo(ctx context.Context, endpoint, accessToken string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	request.Header.Set("Accept", "application/jwt")
	response, err := p.client.Do(request)
	if err != nil {
		return "", &consent.Error{Code: consent.SignInUnavailable, Detail: "userinfo gave no answer", Err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch {
	case err != nil || response.StatusCode >= 500:
		return "", consent.Refuse(consent.SignInUnavailable, "", "userinfo answered %d", response.StatusCode)
	case response.StatusCode != http.StatusOK:
		return "", consent.Refuse(consent.SignInFailed, "userinfo", "answered %d", response.StatusCode)
	}
	if kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err != nil || kind != "application/jwt" {
		return "", failed("userinfo", "not a signed answer")
	}
	return strings.TrimSpace(string(body)), nil
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
