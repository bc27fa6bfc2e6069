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
	Parameters    Parameters // of the data set; nil when it asks for none
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
	details, err := s.resolve(ctx, p, now)
	if err != nil {
		return "", 0, err
	}
	secret, hash := NewSecret()
	r := Request{
		ID: NewID(), URIHash: hash, URIExpiresAt: now.Add(s.limits.RequestURI), ExpiresAt: now.Add(s.limits.Journey), CreatedAt: now,
		ClientID: p.Client.ID, Details: details, RedirectURI: p.RedirectURI, State: p.State, CodeChallenge: p.CodeChallenge, JKT: p.JKT,
		Language: p.Language, ForcePrompt: p.ForcePrompt, Status: RequestPending,
	}
	err = s.store.Transact(ctx, func(tx Tx) error {
		if err := tx.InsertRequest(ctx, r); err != nil {
			return err
		}
		return keepParameters(ctx, tx, r, p.Parameters)
	})
	return secret, s.limits.RequestURI, err
}

// resolve checks what is asked against the rights of its recipient.
func (s *Service) resolve(ctx context.Context, p Push, now time.Time) (Details, error) {
	set, ok := DataSetOf(p.Details.Type)
	if !ok {
		return Details{}, badDetails("type", "unknown type")
	}
	client, err := actingFor(ctx, s.store, p.Client, p.Details.Recipient)
	if err == nil {
		err = client.Usable()
	}
	if CodeOf(err) == UnauthorizedClient {
		return Details{}, badDetails("recipient", "not the SIRET of an authority this client may act for")
	}
	if err != nil {
		return Details{}, err
	}
	location, err := s.locationOf(ctx, p.Details, set)
	if err != nil {
		return Details{}, err
	}
	if p.Details.Watch && location != s.location(set) {
		return Details{}, badDetails("watch", "only the data of our own data API is compared")
	}
	details, err := p.Details.Resolve(client, location, now)
	if err != nil {
		return Details{}, err
	}
	return details, s.checkParameters(set, location, p.Parameters)
}

// checkParameters wants those of our own data API; another provider knows people its own
// way.
func (s *Service) checkParameters(set DataSet, location string, given Parameters) error {
	if location == s.location(set) {
		return set.checkParameters(given)
	}
	if set.OfAnother {
		return badDetails("locations", "who the data are about is told to our own data API only")
	}
	if len(given) > 0 {
		return badDetails("parameters", "only our own data API takes any")
	}
	return nil
}

// locationOf is our data API, or the registered data provider that is asked for.
func (s *Service) locationOf(ctx context.Context, d Details, set DataSet) (string, error) {
	ours := s.location(set)
	if len(d.Locations) != 1 || d.Locations[0] == ours {
		return ours, nil
	}
	provider, err := s.store.ProviderAt(ctx, d.Locations[0])
	if CodeOf(err) == NotFound || err == nil && (provider.Suspended || provider.Provider.DataSet != d.Type) {
		return ours, nil // Resolve says which location it expects
	}
	return provider.Provider.Location, err
}

// SourceName is the legal name of the data provider that details are for; empty
// for our own data API.
func (s *Service) SourceName(ctx context.Context, d Details) (string, error) {
	set, _ := DataSetOf(d.Type)
	if len(d.Locations) != 1 || d.Locations[0] == s.location(set) {
		return "", nil
	}
	provider, err := s.store.ProviderAt(ctx, d.Locations[0])
	return provider.LegalName, err
}
