package consent

import (
	"context"
	"slices"
	"time"
)

// LeaveAddress keeps where a citizen wants notices, in place of any address before,
// and queues the mail that verifies it. It fails with InvalidRequest (field address,
// kind), NothingChosen, and TooMany above MaxVerifications.
func (s *Service) LeaveAddress(ctx context.Context, c Contact) error {
	if err := checkAddress(c.Address); err != nil {
		return err
	}
	if err := knownKinds(c.Kinds); err != nil {
		return err
	}
	c.VerifiedAt = time.Time{}
	c.Unsubscribe, _ = NewSecret()
	token, _ := NewSecret()
	return s.store.Transact(ctx, func(tx Tx) error {
		sent, err := tx.CountVerifications(ctx, c.Subject, c.Address, s.Now().Add(-VerificationLifetime))
		if err != nil {
			return err
		}
		if sent >= MaxVerifications {
			return Refuse(TooMany, "address", "too many verification mails today")
		}
		if err := tx.PutContact(ctx, c); err != nil {
			return err
		}
		return tx.InsertVerification(ctx, AddressCheck{Subject: c.Subject, Address: c.Address, Token: token, CreatedAt: s.Now()})
	})
}

// VerifyAddress follows the link mailed to an address. It fails with NotFound when
// the link was followed before, is too old, or the address was changed since.
func (s *Service) VerifyAddress(ctx context.Context, token string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		return tx.VerifyContact(ctx, HashOf(token), s.Now())
	})
}

// ChangeNotices changes the language and the kinds of notices. It fails with
// NotFound when the citizen left no address, and like LeaveAddress for kinds.
func (s *Service) ChangeNotices(ctx context.Context, subject SubjectID, language string, kinds []NoticeKind) error {
	if err := knownKinds(kinds); err != nil {
		return err
	}
	return s.store.Transact(ctx, func(tx Tx) error {
		return tx.ChangeContact(ctx, subject, language, slices.Clone(kinds))
	})
}

// Contact is where the citizen wants notices; NotFound when they left no address.
func (s *Service) Contact(ctx context.Context, subject SubjectID) (Contact, error) {
	return s.store.Contact(ctx, subject)
}

// RemoveAddress forgets the address and all that was to be sent to it.
func (s *Service) RemoveAddress(ctx context.Context, subject SubjectID) error {
	return s.store.Transact(ctx, func(tx Tx) error { return tx.DeleteContact(ctx, subject) })
}

// Unsubscribe forgets an address by the link in its mails (RFC 8058). Doing it
// again, or with a link that leads to nobody, changes nothing and says nothing.
func (s *Service) Unsubscribe(ctx context.Context, token string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		subject, err := tx.ContactByUnsubscribe(ctx, HashOf(token))
		if CodeOf(err) == NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.DeleteContact(ctx, subject)
	})
}
