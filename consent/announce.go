package consent

import (
	"context"
	"time"
)

// ExpiryNotice is how long before the end of a continuous consent its
// administration is told, so that it can ask again in time.
const ExpiryNotice = 14 * 24 * time.Hour

// EndsSoon reports whether a continuous consent ends within ExpiryNotice. One that
// was given for less is not announced: its end was near from the start.
func (g Grant) EndsSoon(now time.Time) bool {
	return g.Details.Access == Continuous && g.ExpiresAt.Sub(g.CreatedAt) > ExpiryNotice &&
		now.Before(g.ExpiresAt) && !now.Before(g.ExpiresAt.Add(-ExpiryNotice))
}

// announcedAtOnce bounds one round.
const announcedAtOnce = 100

// AnnounceEnds tells administrations, and citizens who left an address, which
// consents end soon, and administrations which have
// ended: expiry is computed, so nothing else would. It returns how many it told.
func (s *Service) AnnounceEnds(ctx context.Context) (int, error) {
	list, err := s.store.EndingGrants(ctx, s.Now(), announcedAtOnce)
	if err != nil {
		return 0, err
	}
	for i, g := range list {
		if err := s.store.Transact(ctx, func(tx Tx) error { return s.announceEnd(ctx, tx, g) }); err != nil {
			return i, err
		}
	}
	return len(list), nil
}

func (s *Service) announceEnd(ctx context.Context, tx Tx, g Grant) error {
	now, told := s.Now(), EventExpiring
	if !now.Before(g.ExpiresAt) {
		told = EventExpired
	}
	first, err := tx.AnnounceGrant(ctx, g.Subject, g.ID, told)
	if err != nil || !first {
		return err
	}
	if told == EventExpiring {
		entry := LedgerEntry{At: now, Kind: EntryEnding, Subject: g.Subject, ClientID: g.ClientID, Ref: g.ID, GrantID: g.ID}
		if err := tx.AppendLedger(ctx, entry); err != nil {
			return err
		}
		notice := Notice{At: now, Kind: NoticeEnding, Subject: g.Subject, ClientID: g.ClientID, Recipient: g.Details.Recipient}
		if err := tx.AppendNotice(ctx, notice); err != nil {
			return err
		}
	}
	return tx.AppendEvent(ctx, Event{
		At: now, Type: told, ClientID: g.ClientID, Subject: g.Subject, Sub: g.Sub, GrantID: g.ID, Recipient: g.Details.Recipient,
	})
}
