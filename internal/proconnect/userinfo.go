package proconnect

import (
	"portail.example/consent"
	"portail.example/internal/openid"
)

// Limits of what is kept of a name, in bytes.
const maxName = 200

// person is ProConnect's userinfo (docs, list of scopes).
type person struct {
	GivenName string `json:"given_name"`
	UsualName string `json:"usual_name"`
	Email     string `json:"email"`
	SIRET     string `json:"siret"`
	// Verified is not in ProConnect's list: its addresses are verified. Another
	// provider's word against one is believed.
	Verified *bool `json:"email_verified"`
}

// signInOf is who the agent is. It fails with SignInFailed when a claim is missing.
func signInOf(answer openid.Answer) (consent.AgentSignIn, error) {
	var who person
	if err := answer.Claims(&who); err != nil {
		return consent.AgentSignIn{}, err
	}
	siret, err := consent.ParseSIRET(who.SIRET)
	switch {
	case who.Email == "" || who.Verified != nil && !*who.Verified:
		return consent.AgentSignIn{}, openid.Failed("email", "missing, or not verified")
	case err != nil:
		return consent.AgentSignIn{}, openid.Failed("siret", "missing, or not a SIRET")
	case who.UsualName == "" || len(who.UsualName) > maxName || len(who.GivenName) > maxName:
		return consent.AgentSignIn{}, openid.Failed("usual_name", "missing, or too long")
	}
	return consent.AgentSignIn{
		Issuer: answer.Issuer, Subject: answer.Subject, Email: who.Email, SIRET: siret, GivenName: who.GivenName, UsualName: who.UsualName,
		ACR: answer.ACR, IDToken: answer.IDToken,
	}, nil
}
