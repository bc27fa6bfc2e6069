package consent

import "context"

// SignIn records a completed sign-in and returns the citizen's subject id. It
// fails with SignInFailed when the identity is not enough to ask for data.
func (s *Service) SignIn(ctx context.Context, in SignIn) (subject SubjectID, err error) {
	if in.Subject == "" || !in.Identity.Complete() {
		return "", Refuse(SignInFailed, "", "the identity is incomplete")
	}
	err = s.store.Transact(ctx, func(tx Tx) (err error) {
		subject, err = tx.PutSubject(ctx, in, s.Now())
		return err
	})
	return subject, err
}

// Identity is who the citizen is, to greet them by name.
func (s *Service) Identity(ctx context.Context, subject SubjectID) (PivotIdentity, error) {
	return s.store.Identity(ctx, subject)
}
