package consent

import "context"

// SignIn records a completed sign-in, gives the citizen the requests that were
// filed for their identity, and returns their subject id. It
// fails with SignInFailed when the identity is not enough to ask for data.
func (s *Service) SignIn(ctx context.Context, in SignIn) (subject SubjectID, err error) {
	if in.Subject == "" || !in.Identity.Complete() {
		return "", Refuse(SignInFailed, "", "the identity is incomplete")
	}
	err = s.store.Transact(ctx, func(tx Tx) (err error) {
		if subject, err = tx.PutSubject(ctx, in, s.Now()); err != nil {
			return err
		}
		return s.claim(ctx, tx, subject, in.Identity)
	})
	return subject, err
}

// Identity is who the citizen is, to greet them by name.
func (s *Service) Identity(ctx context.Context, subject SubjectID) (PivotIdentity, error) {
	return s.store.Identity(ctx, subject)
}
