package consent

import (
	"context"
	"time"
)

// Push is what an authenticated client asks through PAR (RFC 9126).
type Push struct {
	Client        Client
	RedirectURI   string
	State         string
	CodeChallenge string
	JKT           string
	Details       Details
	Language      string
	ForcePrompt   bool
}

// PushRequest records a request and returns the secret of its request_uri and
// how long that may be used. It fails with InvalidRedirectURI or
// InvalidAuthorizationDetails; nothing is written then.
func (s *Service) PushRequest(ctx context.Context, p Push) (secret string, lifetime time.Duration, err error) {
	now := s.Now()
	if !p.Client.HasRedirectURI(p.RedirectURI) {
		return "", 0, Refuse(InvalidRedirectURI, "redirect_uri", "not registered for this client")
	}
	details, err := s.resolve(p, now)
	if err != nil {
		return "", 0, err
	}
	secret, hash := NewSecret()
	r := Request{
		ID: NewID(), URIHash: hash, URIExpiresAt: now.Add(s.limits.RequestURI), ExpiresAt: now.Add(s.limits.Journey), CreatedAt: now,
		ClientID: p.Client.ID, Details: details, RedirectURI: p.RedirectURI, State: p.State, CodeChallenge: p.CodeChallenge, JKT: p.JKT,
		Language: p.Language, ForcePrompt: p.ForcePrompt, Status: RequestPending,
	}
	err = s.store.Transact(ctx, func(tx Tx) error { return tx.InsertRequest(ctx, r) })
	return secret, s.limits.RequestURI, err
}

func (s *Service) resolve(p Push, now time.Time) (Details, error) {
	set, ok := DataSetOf(p.Details.Type)
	if !ok {
		return Details{}, badDetails("type", "unknown type")
	}
	return p.Details.Resolve(p.Client, s.location(set), now)
}
