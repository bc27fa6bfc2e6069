package consent

import (
	"context"
	"slices"
	"time"
)

// BatchGrant is a consent that a batch goes through.
type BatchGrant struct {
	Grant
	// Reference is the administration's file number, when the request had one.
	Reference string
}

// BatchQuery is one page of the consents that a client may refresh together: its
// continuous ones of a data set of ours that are live, by identifier.
type BatchQuery struct {
	Client    Client
	Recipient SIRET // of these consents only; empty for all of the client's
	DataSet   DataSet
	After     string // the last one seen; empty for the first page
	Limit     int
}

// BatchGrants is the next page of a batch; empty at its end. Consents whose recipient
// no longer delegates to the client, or lost what entitles it, are left out: a page
// may therefore be shorter than its limit, so next tells where the following begins. A
// batch for one recipient ends there with UnauthorizedClient.
func (s *Service) BatchGrants(ctx context.Context, q BatchQuery) (page []BatchGrant, next string, err error) {
	list, err := s.store.ClientGrants(ctx, ClientGrantQuery{
		ClientID: q.Client.ID, Recipient: q.Recipient, DataType: q.DataSet.Type, Location: s.location(q.DataSet), At: s.Now(), After: q.After, Limit: q.Limit,
	})
	if err != nil || len(list) == 0 {
		return nil, "", err
	}
	may := map[SIRET]bool{}
	for _, g := range list {
		if _, asked := may[g.Details.Recipient]; !asked {
			_, err := s.ClientFor(ctx, q.Client.ID, g.Details.Recipient)
			if err != nil && (CodeOf(err) != UnauthorizedClient || q.Recipient != "") {
				return nil, "", err
			}
			may[g.Details.Recipient] = err == nil
		}
	}
	next = list[len(list)-1].ID
	return slices.DeleteFunc(list, func(g BatchGrant) bool { return !may[g.Details.Recipient] }), next, nil
}

// ClientGrantQuery is what a store is asked for a BatchQuery.
type ClientGrantQuery struct {
	ClientID  string
	Recipient SIRET
	DataType  string
	Location  string
	At        time.Time
	After     string
	Limit     int
}

// Holds reports whether a consent is one of those asked for, wherever the page begins.
func (q ClientGrantQuery) Holds(g Grant) bool {
	d := g.Details
	return g.ClientID == q.ClientID && (q.Recipient == "" || d.Recipient == q.Recipient) && d.Type == q.DataType && slices.Equal(d.Locations, []string{q.Location}) &&
		d.Access == Continuous && g.StatusAt(q.At) == GrantActive
}

// untokened is what entitles without a token: a client that proved to be the one the
// consent was given to, to data of ours, again and again. Whoever has a consent to one
// release shows its token.
func (in AccessRequest) untokened(g Grant, ours string) error {
	switch {
	case in.Way != InBatch:
		return Refuse(InvalidRequest, "", "an access is with a token, or in a batch")
	case in.TokenID != "" || in.Provider.ID != "":
		return Refuse(InvalidRequest, "", "a batch shows no consent token and asks our data API only")
	case g.ClientID != in.ClientID:
		return Refuse(TokenRevoked, "", "not a consent of this client")
	case g.Details.Access != Continuous:
		return Refuse(InsufficientScope, "", "a consent to one release is no part of a batch")
	case !slices.Equal(g.Details.Locations, []string{ours}):
		return Refuse(InsufficientScope, "", "this consent is for the data of another provider")
	}
	return nil
}
