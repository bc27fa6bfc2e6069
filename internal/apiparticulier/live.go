package apiparticulier

import (
	"context"
	"net/url"
	"time"

	"portail.example/consent"
)

// liveBurst is how many calls with FranceConnect's tokens may come at once. With 500 an
// hour no minute sees more than 21 of the 30, and no hour more than 512 of the 600, that
// API Particulier allows an address.
const liveBurst = 12

// AskLive asks for a person's data under FranceConnect's token, while they are there. API
// Particulier asks FranceConnect who they are: no identity leaves here, and two people's
// calls look alike, so that none is ever shared. It fails like Ask, and with the
// fault's Proof when the token did not serve.
func (c *Client) AskLive(ctx context.Context, q consent.Question, token consent.LiveToken) (consent.ProviderAnswer, error) {
	call := asking(q, q.DataSet.Upstream.FranceConnect, url.Values{})
	call.bearer, call.live, call.until = token.Token, true, token.Until
	if call.over(c.cfg.Now()) {
		return consent.ProviderAnswer{}, &consent.ProviderFault{Outcome: consent.Failed, Proof: consent.ProofStale}
	}
	return c.ask(ctx, call)
}

// over reports whether the bearer's time is up at an instant.
func (q call) over(at time.Time) bool { return q.live && !at.Before(q.until) }

// countedLive has a budget and a circuit of its own, of all instances together: API
// Particulier counts these calls by the address they come from, and FranceConnect may be
// down while the funds answer.
func (c *Client) countedLive(q call) consent.ProviderCall {
	limits := c.cfg.Limits
	limits.Together = consent.Pace{Step: time.Hour / time.Duration(c.cfg.LivePerHour), Burst: liveBurst}
	return consent.ProviderCall{Habilitation: "france_connect " + c.habilitation, DataSet: q.set.Type, Recipient: q.recipient, At: c.cfg.Now(), Limits: limits}
}
