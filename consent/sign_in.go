package consent

import "context"

// SignIn records a completed sign-in, gives the citizen the requests that were
// filed for their identity, and returns who they are here. It
// fails with SignInFailed when the identity is not enough to ask for data.
func (s *Service) SignIn(ctx context.Context, in SignIn) (citizen Citizen, err error) {
	if in.Subject == "" || !in.Identity.Complete() {
		return Citizen{}, Refuse(SignInFailed, "", "the identity is incomplete")
	}
	err = s.store.Transact(ctx, func(tx Tx) (err error) {
		if citizen, err = tx.PutSubject(ctx, in, s.Now()); err != nil {
			return err
		}
		return s.claim(ctx, tx, citizen.Subject, in.Identity)
	})
	return citizen, err
}

// Identity is who the citizen is, to greet them by name.
func (s *Service) Identity(ctx context.Context, subject SubjectID) (PivotIdentity, error) {
	return s.store.Identity(ctx, subject)
}
