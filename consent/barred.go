package consent

import (
	"context"
	"slices"
)

// barred tells whether a measure keeps an administration from asking the citizen.
func barred(measures []Measure, by SIRET) bool {
	return slices.ContainsFunc(measures, func(m Measure) bool { return m.Covers(by) })
}

// bar closes a request that a measure keeps from its citizen; true when it did.
func (s *Service) bar(ctx context.Context, tx Tx, r *Request) (bool, error) {
	measures, err := tx.Measures(ctx, r.Subject)
	if err != nil || !barred(measures, r.Details.Recipient) {
		return false, err
	}
	return true, s.closeUnseen(ctx, tx, r)
}

// closeUnseen closes a request nobody answers. The administration learns what it learns
// of a refusal: access_denied. One that was answered meanwhile stays as it is.
func (s *Service) closeUnseen(ctx context.Context, tx Tx, r *Request) error {
	closed, err := tx.CloseRequest(ctx, r.ID, RequestCancelled, "")
	if err != nil || !closed {
		return err
	}
	r.Status = RequestCancelled
	return tx.AppendEvent(ctx, Event{
		At: s.Now(), Type: EventRefused, ClientID: r.ClientID, Subject: r.Subject, RequestID: r.ID, Recipient: r.Details.Recipient,
	})
}

// barFiled closes a request that was just filed for a citizen whom a measure spares it;
// true when it did. Identities are decrypted only of namesakes who have a measure.
func (s *Service) barFiled(ctx context.Context, tx Tx, r *Request, who PivotIdentity) (bool, error) {
	subject, err := s.sparedFrom(ctx, tx, *r, who)
	if err != nil || subject == "" {
		return false, err
	}
	if err := identify(ctx, tx, r, subject); err != nil {
		return false, err
	}
	return true, s.closeUnseen(ctx, tx, r)
}

// sparedFrom is the citizen with that identity whom a measure spares the request; empty
// for nobody.
func (s *Service) sparedFrom(ctx context.Context, tx Tx, r Request, who PivotIdentity) (found SubjectID, err error) {
	err = pages(func(after SubjectID) ([]SubjectID, error) {
		return tx.SubjectsNamed(ctx, SearchKey(who.FamilyName, who.Birthdate), after, readAtOnce)
	}, func(subject SubjectID) error {
		measures, err := tx.Measures(ctx, subject)
		if err != nil || !barred(measures, r.Details.Recipient) {
			return err
		}
		identity, err := tx.Identity(ctx, subject)
		if err == nil && identity.MatchKey() == who.MatchKey() {
			found = subject
		}
		return err
	})
	return found, err
}
