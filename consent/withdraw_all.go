package consent

import (
	"context"
	"math"
	"slices"
	"time"
)

// StandingGrants are the citizen's consents that are not over, newest first, with
// who holds them: those of one party, or of all when from is zero.
type StandingGrants struct {
	Grants  []Grant // the first ones
	Count   int     // of all
	Clients map[Party]Client
}

// StandingGrants gathers what WithdrawAll would take back: the first ones, up to
// limit, and how many there are. A party that is not known has none.
func (s *Service) StandingGrants(ctx context.Context, subject SubjectID, from Party, limit int) (StandingGrants, error) {
	out := StandingGrants{Clients: map[Party]Client{}}
	q := GrantQuery{Subject: subject, At: s.Now(), Party: from, Limit: limit}
	grants, err := s.grants(ctx, q)
	if err != nil {
		return out, err
	}
	if out.Grants, out.Count = grants, len(grants); len(grants) == limit {
		if out.Count, err = s.store.CountGrants(ctx, q, math.MaxInt32); err != nil {
			return out, err
		}
	}
	return out, s.name(ctx, out.Clients, parties(grants))
}

// WithdrawAll takes back the citizen's consents that are not over, those of one
// party, or all when from is zero, for one reason: each of them or, when it fails,
// none. It returns what it withdrew; nothing is not an error. It refuses a reason as
// Withdraw does.
func (s *Service) WithdrawAll(ctx context.Context, subject SubjectID, from Party, why Reason) ([]Grant, error) {
	if err := why.check(); err != nil {
		return nil, err
	}
	var out []Grant
	err := s.store.Transact(ctx, func(tx Tx) error {
		out = nil
		grants, err := s.standing(ctx, tx, subject, from)
		if err != nil {
			return err
		}
		for _, g := range grants {
			g, done, err := s.withdraw(ctx, tx, subject, g.ID, why)
			if err != nil {
				return err
			}
			if done {
				out = append(out, g)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// StopsEverywhere is from when on nobody takes a token of any of these consents, which
// were just withdrawn; see GrantView.QuietEverywhere. It is zero for none.
func (s *Service) StopsEverywhere(ctx context.Context, withdrawn []Grant) (time.Time, error) {
	if len(withdrawn) == 0 {
		return time.Time{}, nil
	}
	view, ids := GrantView{Grant: withdrawn[0]}, []string{}
	for _, g := range withdrawn {
		ids = append(ids, g.ID)
		if g.WithdrawnAt.After(view.Grant.WithdrawnAt) {
			view.Grant = g
		}
	}
	var err error
	view.Tokens, err = s.store.TokenUse(ctx, view.Grant.Subject, ids...)
	return view.QuietEverywhere(), err
}

func (s *Service) standing(ctx context.Context, store Reader, subject SubjectID, from Party) ([]Grant, error) {
	q := GrantQuery{Subject: subject, At: s.Now(), Party: from, Limit: readAtOnce}
	var out []Grant
	err := pages(func(after Grant) ([]Grant, error) {
		q.From = after
		return store.Grants(ctx, q)
	}, func(g Grant) error {
		out = append(out, g)
		return nil
	})
	return slices.DeleteFunc(out, func(g Grant) bool { return !q.Holds(g) }), err
}
