package consent

import "context"

// catchUp gives a citizen who is signed in what was filed for them since they did.
func (s *Service) catchUp(ctx context.Context, subject SubjectID) error {
	identity, err := s.store.Identity(ctx, subject)
	if err != nil {
		return err
	}
	waiting, err := s.store.FiledRequests(ctx, identity.MatchKey())
	if err != nil || len(waiting) == 0 {
		return err
	}
	return s.store.Transact(ctx, func(tx Tx) error { return s.claim(ctx, tx, subject, identity) })
}

// afterCatchUp is a request that nobody claimed, which may be that citizen's.
func (s *Service) afterCatchUp(ctx context.Context, subject SubjectID, id string) (Request, error) {
	if err := s.catchUp(ctx, subject); err != nil {
		return Request{}, err
	}
	return s.store.Request(ctx, id)
}

// claim gives a citizen the requests filed for their identity, within what they may
// be asked: the others wait, as they would if nobody with that identity had come.
func (s *Service) claim(ctx context.Context, tx Tx, subject SubjectID, identity PivotIdentity) error {
	waiting, err := tx.FiledRequests(ctx, identity.MatchKey())
	if err != nil {
		return err
	}
	measures, err := tx.Measures(ctx, subject)
	if err != nil {
		return err
	}
	counts := map[asking]int{}
	for _, r := range waiting {
		if r.Answerable(s.Now()) != nil {
			continue
		}
		if barred(measures, r.Details.Recipient) {
			r.Subject = subject
			if _, err := tx.IdentifyRequest(ctx, r.ID, subject); err != nil {
				return err
			}
			if err := s.closeUnseen(ctx, tx, &r); err != nil {
				return err
			}
			continue
		}
		kind := askingOf(r)
		if _, counted := counts[kind]; !counted {
			if counts[kind], err = s.asked(ctx, tx, subject, kind); err != nil {
				return err
			}
		}
		if counts[kind] >= kind.ceiling() {
			continue
		}
		counts[kind]++
		if _, err := tx.IdentifyRequest(ctx, r.ID, subject); err != nil {
			return err
		}
	}
	return nil
}
