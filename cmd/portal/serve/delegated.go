package serve

import (
	"portail.example/consent/token"
	"portail.example/portal/gateway"
	"portail.example/portal/web"
)

// check answers the proxies of data providers. A proof is for the provider's address,
// where our nonces are not handed out: it is good once, and for a minute.
func (w wiring) check() *gateway.Check {
	return gateway.NewCheck(gateway.CheckConfig{Service: w.service, Rates: web.NewLimiter(web.RateOf(w.cfg.ClientRate), w.now), VerifierFor: func(audience, origin string) (gateway.Verifier, error) {
		proofs, err := token.NewProofs(token.ProofConfig{BaseURL: origin, Once: w.db.UseOnce, Now: w.now})
		if err != nil {
			return nil, err
		}
		return token.NewVerifier(token.Config{Issuer: w.cfg.URL, Audience: audience, Keys: w.key, Now: w.now, Proofs: proofs})
	}})
}
