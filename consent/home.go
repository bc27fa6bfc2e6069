package consent

import (
	"context"
	"slices"
	"time"
)

// recentAccesses is how many accesses a page shows at once.
const recentAccesses = 20

// What the home page shows of each list, and how far ahead it looks.
const (
	maxWaiting = 50 // requests that are read at once
	perWaiting = 25 // and shown on one page
	homeFew    = 5
	SoonOver   = 30 * 24 * time.Hour // before its end a consent is shown as ending soon
)

// Home is what a citizen sees first: what waits, what is open, what was used, what
// ends soon. Only the first few of each; its work does not grow with their number.
type Home struct {
	Waiting  []Request // newest first, at most 50
	Active   []Grant   // newest first
	Ending   []Grant   // the first to end first
	Accesses []Access
	// ActiveCount and EndingCount are of all of them; MaxCounted+1 when more.
	ActiveCount, EndingCount int
	Clients                  map[Party]Client // of all of the above
	About                    About            // of the requests and consents
}

// Party is who a consent is given to: a client, acting for a recipient.
type Party struct {
	ClientID  string
	Recipient SIRET
}

// covers reports whether another is this party; an empty client or recipient stands
// for each.
func (p Party) covers(other Party) bool {
	return (p.ClientID == "" || p.ClientID == other.ClientID) && (p.Recipient == "" || p.Recipient == other.Recipient)
}

// Party is who asks.
func (r Request) Party() Party { return Party{r.ClientID, r.Details.Recipient} }

// Party is who holds the consent.
func (g Grant) Party() Party { return Party{g.ClientID, g.Details.Recipient} }

// Party is who used the data.
func (a Access) Party() Party { return Party{a.ClientID, a.Recipient} }

// Asker is the data provider that checked the consent; empty for our data API.
func (a Access) Asker() Party { return Party{ClientID: a.ProviderID} }

// Home gathers the citizen's home page.
func (s *Service) Home(ctx context.Context, subject SubjectID) (h Home, err error) {
	now := s.Now()
	if h.Waiting, err = s.waiting(ctx, subject, Request{}, maxWaiting); err != nil {
		return h, err
	}
	h.Waiting = s.openNow(h.Waiting)
	open := GrantQuery{Subject: subject, At: now, Limit: homeFew}
	if h.Active, h.ActiveCount, err = s.few(ctx, open); err != nil {
		return h, err
	}
	open.Until, open.ByEnd = now.Add(SoonOver), true
	if h.Ending, h.EndingCount, err = s.few(ctx, open); err != nil {
		return h, err
	}
	if h.Accesses, err = s.store.Accesses(ctx, subject, "", Access{}, homeFew); err != nil {
		return h, err
	}
	if h.About, err = about(ctx, s.store, h.Waiting, slices.Concat(h.Active, h.Ending)); err != nil {
		return h, err
	}
	return h, s.nameClients(ctx, &h)
}

// few are the first of a list, and how many there are.
func (s *Service) few(ctx context.Context, q GrantQuery) ([]Grant, int, error) {
	grants, err := s.grants(ctx, q)
	if err != nil || len(grants) < q.Limit {
		return grants, len(grants), err
	}
	count, err := s.store.CountGrants(ctx, q, MaxCounted+1)
	return grants, count, err
}

// waiting are the requests that are open now, with those filed a moment ago.
func (s *Service) waiting(ctx context.Context, subject SubjectID, after Request, limit int) ([]Request, error) {
	if err := s.catchUp(ctx, subject); err != nil {
		return nil, err
	}
	return s.store.OpenRequests(ctx, subject, s.Now(), after, limit)
}

// openNow are those that the citizen may answer now.
func (s *Service) openNow(requests []Request) []Request {
	now := s.Now()
	return slices.DeleteFunc(requests, func(r Request) bool { return r.Answerable(now) != nil })
}

// Waiting is a page of the requests that wait for the citizen's answer, newest first:
// those that follow one of theirs, when it is named. Next is the one that the next page
// goes on from; empty at the end. It fails with NotFound.
func (s *Service) Waiting(ctx context.Context, subject SubjectID, after string) (h Home, next string, err error) {
	var from Request
	if after != "" {
		if from, err = s.store.Request(ctx, after); err == nil && from.Subject != subject {
			err = Refuse(NotFound, "after", "no such request")
		}
		if err != nil {
			return h, "", err
		}
	}
	if h.Waiting, err = s.waiting(ctx, subject, from, perWaiting+1); err != nil {
		return h, "", err
	}
	h.Waiting, _, next = cut(h.Waiting, perWaiting+1, false, after == "", func(r Request) string { return r.ID })
	h.Waiting = s.openNow(h.Waiting)
	if h.About, err = about(ctx, s.store, h.Waiting, nil); err != nil {
		return h, "", err
	}
	return h, next, s.nameClients(ctx, &h)
}

func (s *Service) nameClients(ctx context.Context, h *Home) error {
	h.Clients = map[Party]Client{}
	named := append(parties(h.Active), parties(h.Ending)...)
	for _, r := range h.Waiting {
		named = append(named, r.Party())
	}
	for _, a := range h.Accesses {
		named = append(named, a.Party())
	}
	return s.name(ctx, h.Clients, append(named, askers(h.Accesses)...))
}

// name finds each party once.
func (s *Service) name(ctx context.Context, into map[Party]Client, parties []Party) error {
	for _, p := range parties {
		if _, known := into[p]; known {
			continue
		}
		c, err := clientFor(ctx, s.store, p.ClientID, p.Recipient)
		if err != nil {
			return err
		}
		into[p] = c
	}
	return nil
}

// askers are the data providers that checked a consent.
func askers(accesses []Access) (out []Party) {
	for _, a := range accesses {
		if a.ProviderID != "" {
			out = append(out, a.Asker())
		}
	}
	return out
}

// GrantView is one consent with who holds it and the uses made of it.
type GrantView struct {
	Grant    Grant
	Client   Client
	Clients  map[Party]Client // who used it, and the data providers that checked it
	Accesses []Access         // newest first
	History  []GrantFact      // oldest first
	Tokens   TokenUse
	// LastRelease is when data left last; zero when none ever did.
	LastRelease time.Time
	// Older is the access after which the list goes on; empty at its end.
	Older string
}

// stoppedAt is when the consent was paused, restricted or ended: the first of them; zero
// for none.
func (g Grant) stoppedAt() time.Time {
	switch {
	case !g.WithdrawnAt.IsZero():
		return g.WithdrawnAt
	case g.PausedAt.IsZero() || !g.RestrictedAt.IsZero() && g.RestrictedAt.Before(g.PausedAt):
		return g.RestrictedAt
	}
	return g.PausedAt
}

// QuietSince is since when nothing is sent under a consent that was paused, restricted or ended.
// It is measured: were a release to complete after the instant that was written, the
// later one is told.
func (v GrantView) QuietSince() time.Time {
	at := v.Grant.stoppedAt()
	if v.LastRelease.After(at) {
		return v.LastRelease
	}
	return at
}

// GrantOf is one of the citizen's consents, without what its page says of it. It fails
// with NotFound.
func (s *Service) GrantOf(ctx context.Context, subject SubjectID, id string) (Grant, error) {
	return s.store.Grant(ctx, subject, id)
}

// Grant gathers the page of one consent, its accesses from the one after `after`
// on, or from the newest. It fails with NotFound when the consent or the access is
// not the citizen's.
func (s *Service) Grant(ctx context.Context, subject SubjectID, id, after string) (GrantView, error) {
	g, err := s.store.Grant(ctx, subject, id)
	if err != nil {
		return GrantView{}, err
	}
	c, err := clientFor(ctx, s.store, g.ClientID, g.Details.Recipient)
	if err != nil {
		return GrantView{}, err
	}
	view := GrantView{Grant: g, Client: c, Clients: map[Party]Client{g.Party(): c}}
	if err = s.recall(ctx, &view); err != nil {
		return view, err
	}
	if view.LastRelease, err = s.store.LastRelease(ctx, subject, id); err != nil {
		return view, err
	}
	if err = s.listAccesses(ctx, &view, after); err == nil {
		err = s.name(ctx, view.Clients, askers(view.Accesses))
	}
	return view, err
}

// listAccesses reads one more than it shows, to know whether there are older ones.
func (s *Service) listAccesses(ctx context.Context, view *GrantView, after string) (err error) {
	subject, from := view.Grant.Subject, Access{}
	if after != "" {
		if from, err = s.store.Access(ctx, subject, after); err != nil {
			return err
		}
	}
	list, err := s.store.Accesses(ctx, subject, view.Grant.ID, from, recentAccesses+1)
	if len(list) > recentAccesses {
		list = list[:recentAccesses]
		view.Older = list[recentAccesses-1].ID
	}
	view.Accesses = list
	return err
}
