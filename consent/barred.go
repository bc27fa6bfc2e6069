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

// spared tells whether a request that is just filed is for a citizen whom a measure
// spares it: they are not told of it. It is closed when they come, see claim: closed
// as it is filed it would tell the administration that they are known here, and that
// nobody read it. Identities are decrypted only of namesakes who have a measure.
func spared(ctx context.Context, tx Tx, r Request, who PivotIdentity) (found bool, err error) {
	err = pages(func(after SubjectID) ([]SubjectID, error) {
		return tx.SubjectsNamed(ctx, SearchKey(who.FamilyName, who.Birthdate), after, readAtOnce)
	}, func(subject SubjectID) error {
		measures, err := tx.Measures(ctx, subject)
		if err != nil || !barred(measures, r.Details.Recipient) {
			return err
		}
		identity, err := tx.Identity(ctx, subject)
		found = found || err == nil && identity.MatchKey() == who.MatchKey()
		return err
	})
	return found, err
}
