package consent

import "context"

// TakeEvidence records that an agent takes the file of the whole evidence away, before
// it is written. Reading it on a page is not recorded: nobody is looked up there. It
// fails with RoleNotAllowed.
func (s *Service) TakeEvidence(ctx context.Context, by Agent) error {
	if _, err := by.May(DutyEvidence); err != nil {
		return err
	}
	return s.store.Transact(ctx, func(tx Tx) error {
		return tx.AppendLedger(ctx, LedgerEntry{At: s.Now(), Kind: EntryEvidenceTaken, Ref: string(by.ID)})
	})
}
