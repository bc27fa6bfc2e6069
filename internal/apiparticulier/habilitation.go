package apiparticulier

import "portail.example/consent"

// Habilitation is what a recipient's calls are made under: the token of its own
// habilitation, or an editor's token with the delegation that its habilitation gave the
// editor. An editor's token has no rights of its own: API Particulier reads them, and
// the quota, from the delegation (editor tokens, 2026).
type Habilitation struct {
	Token string // empty: Config.Token
	// DelegationID picks the delegation; API Particulier finds it by the recipient when
	// there is but one (00212 otherwise).
	DelegationID string
}

// under is what calls for a recipient are made under.
func (c *Client) under(recipient consent.SIRET) Habilitation {
	out := c.cfg.Habilitations[recipient]
	if out.Token == "" {
		out.Token = c.cfg.Token
	}
	return out
}
