package consent

import "context"

// Sessions are where the citizen is signed in now, last used first.
func (s *Service) Sessions(ctx context.Context, subject SubjectID) ([]Session, error) {
	return s.store.Sessions(ctx, subject, s.Now())
}

// EndSession signs the citizen out of one of their own sessions. Its next request
// finds nobody signed in; its browser stays known. It fails with NotFound for a
// handle that is not theirs.
func (s *Service) EndSession(ctx context.Context, subject SubjectID, handle string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		ended, err := tx.EndSession(ctx, subject, handle)
		if err == nil && !ended {
			err = Refuse(NotFound, "session", "no such session of this citizen")
		}
		return err
	})
}

// EndOtherSessions signs the citizen out everywhere but in the session they keep.
func (s *Service) EndOtherSessions(ctx context.Context, subject SubjectID, keep string) error {
	return s.store.Transact(ctx, func(tx Tx) error { return tx.EndOtherSessions(ctx, subject, keep) })
}
