package consent

import "context"

// Identify attaches the signed-in citizen to a request. A live grant of theirs
// that already covers the request answers it at once, without a new screen,
// unless the client sent prompt=consent, or the grant was given to texts that
// asked for something else (Purpose.Material): the request comes back granted. One
// question too many of the same kind (Purpose.MaxAsked), or of an administration that a
// Measure keeps from asking, comes back cancelled. It
// fails with NotFound, RequestForeign, RequestOverdue or RequestClosed.
func (s *Service) Identify(ctx context.Context, id string, v Viewer) (Request, error) {
	var r Request
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if r, err = s.answerable(ctx, tx, id, v); err != nil {
			return err
		}
		if v.Subject == "" {
			return Refuse(SignInRequired, "", "no citizen is signed in")
		}
		fresh := r.Status == RequestPending
		if err = identify(ctx, tx, &r, v.Subject); err != nil {
			return err
		}
		if closed, err := s.bar(ctx, tx, &r); err != nil || closed {
			return err
		}
		if err = s.reuse(ctx, tx, &r); err != nil || r.Status == RequestGranted || !fresh {
			return err
		}
		return s.spare(ctx, tx, &r)
	})
	return r, err
}

// answerable reads a request its viewer may still answer.
func (s *Service) answerable(ctx context.Context, tx Tx, id string, v Viewer) (Request, error) {
	r, err := tx.Request(ctx, id)
	if err != nil {
		return Request{}, err
	}
	if err := r.OpenTo(v, s.Now()); err != nil {
		return Request{}, err
	}
	return r, r.Answerable(s.Now())
}

func identify(ctx context.Context, tx Tx, r *Request, subject SubjectID) error {
	ok, err := tx.IdentifyRequest(ctx, r.ID, subject)
	if err != nil {
		return err
	}
	if !ok {
		return Refuse(RequestForeign, "", "identified by another citizen")
	}
	r.Status, r.Subject = RequestIdentified, subject
	return nil
}

// reuse answers the request with a live grant that covers it, if there is one.
func (s *Service) reuse(ctx context.Context, tx Tx, r *Request) error {
	if r.ForcePrompt || r.Filed { // an address that was mailed must not answer for its reader
		return nil
	}
	grants, err := tx.Grants(ctx, GrantQuery{Subject: r.Subject, At: s.Now(), Party: Party{ClientID: r.ClientID}, Limit: maxHeld})
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.ClientID != r.ClientID || g.Live(s.Now()) != nil || !g.Details.Covers(r.Details) {
			continue
		}
		usable, err := s.usable(ctx, tx, g, *r)
		if err != nil {
			return err
		}
		if !usable {
			continue
		}
		closed, err := tx.CloseRequest(ctx, r.ID, RequestGranted, g.ID)
		if err == nil && closed {
			r.Status, r.GrantID = RequestGranted, g.ID
		}
		return err
	}
	return nil
}

// usable tells whether a consent was given to today's texts, and about the same thing.
func (s *Service) usable(ctx context.Context, tx Tx, g Grant, r Request) (bool, error) {
	if _, outdated, err := s.outdated(ctx, tx, g); err != nil || outdated {
		return false, err
	}
	return sameParameters(ctx, tx, g, r)
}
