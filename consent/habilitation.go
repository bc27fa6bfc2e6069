package consent

import (
	"context"
	"time"
)

// Habilitation is what DataPass last said of a habilitation.
type Habilitation struct {
	Number  string
	Revoked bool
	FiredAt time.Time // DataPass's own instant: messages may arrive out of order
}

// FollowHabilitation keeps what DataPass says. A revoked habilitation stops every
// request, token and access that stands on it at once, also for registrations made
// later; an approved one lets them go on. Older news than what is known change
// nothing.
func (s *Service) FollowHabilitation(ctx context.Context, h Habilitation) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		news, err := tx.NoteHabilitation(ctx, h)
		if err != nil || !news {
			return err
		}
		if h.Revoked {
			if err := tx.AppendSuspension(ctx, h.Number, s.Now()); err != nil {
				return err
			}
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: s.Now(), Kind: EntryHabilitation, Ref: h.Number})
	})
}
