package consent

import (
	"context"
	"time"
)

// ShownText is a text that somebody decided on, as it was shown.
type ShownText struct {
	Statement Statement // Version is zero when it was not noted
	// FirstAt is the first decision on it; zero when it was not noted.
	FirstAt time.Time
}

// ShownText finds a text by its hash, however old. One that names a citizen's file is
// for whoever decided on it: NotFound for everybody else.
func (s *Service) ShownText(ctx context.Context, hash Hash, viewer SubjectID) (ShownText, error) {
	return s.store.ShownText(ctx, hash, viewer)
}

// Stands reports whether a consent to a version of the purpose's texts is still one to
// what they say today. Otherwise a new request is asked again.
func (p Purpose) Stands(version int) bool { return version >= p.Material }

// outdated tells when a consent was given to texts that said something else than
// today's, and whether it was.
func (s *Service) outdated(ctx context.Context, r Reader, g Grant) (time.Time, bool, error) {
	d, err := r.DecisionOn(ctx, g.Subject, g.RequestID)
	if err != nil {
		return time.Time{}, false, err
	}
	p, known := PurposeOf(g.Details.Purpose)
	return d.At, known && !p.Stands(d.Statement.Version), nil
}
