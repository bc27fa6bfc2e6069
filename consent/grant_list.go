package consent

import (
	"context"
	"slices"
	"time"
)

// MaxCounted is how far lists are counted: beyond it a page says "more than".
const MaxCounted = 2000

// grantsOnPage is how many consents a page lists.
const grantsOnPage = 20

// maxHeld bounds the consents to one client that a request is compared with.
const maxHeld = 100

// GrantQuery is one page of a citizen's consents. A store may leave out by its own
// means what is not wanted; Grant.StatusAt judges what it returns.
type GrantQuery struct {
	Subject SubjectID
	At      time.Time // the instant that tells open ones from those over
	Over    bool      // those over, instead of the open ones
	All     bool      // both
	Party   Party     // only this client's, only for this recipient; each unless empty
	Until   time.Time // only those that end before; zero for all
	ByEnd   bool      // the first to end first, instead of the newest
	From    Grant     // what the page follows; zero at the start
	Back    bool      // the page before From, instead of the one after
	Limit   int
}

// Holds reports whether a consent belongs to the list, on whichever page.
func (q GrantQuery) Holds(g Grant) bool {
	return g.Subject == q.Subject && (q.All || g.Open(q.At) != q.Over) && q.Party.covers(g.Party()) &&
		(q.Until.IsZero() || g.ExpiresAt.Before(q.Until))
}

// Open reports whether the consent may still serve at now, paused or not.
func (g Grant) Open(now time.Time) bool {
	return g.Standing(now) == nil
}

// GrantList is one page of a citizen's consents.
type GrantList struct {
	Grants  []Grant
	Clients map[Party]Client // of the page and of Parties
	About   About            // of the page
	Parties []Party          // everybody the citizen ever agreed with, some hundreds at most
	Total   int              // of all pages; MaxCounted+1 when there are more
	// Previous and Next are the consents that the neighbouring pages go on from;
	// empty at the ends.
	Previous, Next string
}

// ListGrants reads the page that follows, or with q.Back precedes, the consent
// `from`; the first one when it is empty. It sets q's At, From and Limit. It fails
// with NotFound when `from` is not the citizen's.
func (s *Service) ListGrants(ctx context.Context, q GrantQuery, from string) (GrantList, error) {
	list := GrantList{Clients: map[Party]Client{}}
	q.At, q.Limit = s.Now(), grantsOnPage+1
	var err error
	if from != "" {
		if q.From, err = s.store.Grant(ctx, q.Subject, from); err != nil {
			return list, err
		}
	}
	if list.Grants, err = s.grants(ctx, q); err != nil {
		return list, err
	}
	list.Grants, list.Previous, list.Next = cut(list.Grants, q.Limit, q.Back, from == "", func(g Grant) string { return g.ID })
	if list.Total, err = s.store.CountGrants(ctx, q, MaxCounted+1); err != nil {
		return list, err
	}
	if list.Parties, err = s.store.Parties(ctx, q.Subject); err != nil {
		return list, err
	}
	if list.About, err = about(ctx, s.store, nil, list.Grants); err != nil {
		return list, err
	}
	return list, s.name(ctx, list.Clients, append(parties(list.Grants), list.Parties...))
}

// grants are one page, each judged again.
func (s *Service) grants(ctx context.Context, q GrantQuery) ([]Grant, error) {
	grants, err := s.store.Grants(ctx, q)
	return slices.DeleteFunc(grants, func(g Grant) bool { return !q.Holds(g) }), err
}

func parties(grants []Grant) (out []Party) {
	for _, g := range grants {
		out = append(out, g.Party())
	}
	return out
}
