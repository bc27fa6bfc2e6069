package consent

import (
	"context"
	"slices"
)

// keepParameters seals what was given with a request, when something was.
func keepParameters(ctx context.Context, tx Tx, r Request, p Parameters) error {
	if len(p) == 0 {
		return nil
	}
	return tx.KeepParameters(ctx, r.ID, p)
}

// bindParameters gives a consent what its request was about. A request that lost it, whose
// time is up by another clock, asks nothing any more.
func (s *Service) bindParameters(ctx context.Context, tx Tx, r Request, g Grant) error {
	set, _ := DataSetOf(r.Details.Type)
	if len(set.Given) == 0 || !slices.Contains(r.Details.Locations, s.location(set)) {
		return nil
	}
	p, err := tx.RequestParameters(ctx, r.ID)
	if err != nil {
		return err
	}
	if len(p) == 0 {
		return Refuse(RequestOverdue, "", "what the request was about is gone")
	}
	return tx.BindParameters(ctx, g, p)
}

// requestParameters are what an open request is about; nil where its data set, or its
// provider, asks for nothing.
func requestParameters(ctx context.Context, store Reader, r Request) (Parameters, error) {
	set, _ := DataSetOf(r.Details.Type)
	if len(set.Given) == 0 {
		return nil, nil
	}
	return store.RequestParameters(ctx, r.ID)
}

// grantParameters are what a consent is about.
func grantParameters(ctx context.Context, store Reader, typ string, subject SubjectID, grantID string) (Parameters, error) {
	set, _ := DataSetOf(typ)
	if len(set.Given) == 0 {
		return nil, nil
	}
	return store.GrantParameters(ctx, subject, grantID)
}

// sameParameters tells whether a consent is about what a request asks: the same account,
// the same pupil.
func sameParameters(ctx context.Context, store Reader, g Grant, r Request) (bool, error) {
	asked, err := requestParameters(ctx, store, r)
	if err != nil {
		return false, err
	}
	held, err := grantParameters(ctx, store, g.Details.Type, g.Subject, g.ID)
	return held.same(asked), err
}

// RequestParameters are what an identified request is about, for whom Request let see it;
// nil where there is nothing to tell.
func (s *Service) RequestParameters(ctx context.Context, r Request) (Parameters, error) {
	if r.Subject == "" {
		return nil, nil
	}
	return requestParameters(ctx, s.store, r)
}

// GrantParameters are what one of the citizen's own consents is bound to.
func (s *Service) GrantParameters(ctx context.Context, g Grant) (Parameters, error) {
	return grantParameters(ctx, s.store, g.Details.Type, g.Subject, g.ID)
}

// About is what requests and consents are about beside the person, by identifier: it
// tells those about one pupil from those about another.
type About map[string]Parameters

func about(ctx context.Context, store Reader, requests []Request, grants []Grant) (out About, err error) {
	out = About{}
	for _, r := range requests {
		if out[r.ID], err = requestParameters(ctx, store, r); err != nil {
			return nil, err
		}
	}
	for _, g := range grants {
		if out[g.ID], err = grantParameters(ctx, store, g.Details.Type, g.Subject, g.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}
