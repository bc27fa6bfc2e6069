package proconnect

import (
	"crypto/sha256"
	"fmt"
)

// Agent is a fictitious professional of the stand-in. ProConnect lets in everybody who
// works somewhere: what they may do is the portal's to say.
type Agent struct {
	Key                  string // in the addresses of the stand-in's pages
	GivenName, UsualName string
	Email                string
	ACR                  string         // the level the account reaches
	Organisations        []Organisation // one is chosen at sign-in
	Outcome              string         // what the demo shows with them, in French
}

// Organisation is where somebody works.
type Organisation struct{ SIRET, Label string }

// Name is how people call them.
func (a Agent) Name() string { return a.GivenName + " " + a.UsualName }

// Sub is a UUID, the same for every service provider.
func (a Agent) Sub() string {
	sum := sha256.Sum256([]byte("proconnect agent " + a.Key))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80 // version 4
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// levels are ProConnect's.
var levels = []string{"eidas0", "eidas0-mfa", "eidas1", "eidas1-mfa", "eidas2", "eidas3"}

// choice is an agent for one of their organisations.
func (s *Server) choice(key, siret string) (session, bool) {
	for _, a := range s.cfg.Agents {
		for _, o := range a.Organisations {
			if a.Key == key && o.SIRET == siret {
				return session{agent: a, organisation: o, at: s.cfg.Now()}, true
			}
		}
	}
	return session{}, false
}

// scopeClaims are the claims a scope opens.
var scopeClaims = map[string]string{
	"openid": "sub", "given_name": "given_name", "usual_name": "usual_name", "email": "email", "uid": "uid", "siret": "siret", "siren": "siren",
	"organization_label": "organization_label", "idp_id": "idp_id", "roles": "roles",
}

func (in session) claims() map[string]any {
	return map[string]any{
		"sub": in.agent.Sub(), "given_name": in.agent.GivenName, "usual_name": in.agent.UsualName, "email": in.agent.Email, "uid": in.agent.Key,
		"siret": in.organisation.SIRET, "siren": in.organisation.SIRET[:9], "organization_label": in.organisation.Label,
		"idp_id": "stand-in", "roles": []string{"agent_public", "agent_public_territorial"},
	}
}
