package consent

import "context"

// CompleteAccess closes an access with its outcome. Before data leaves it looks
// once more whether the grant is live: a citizen who withdrew while the provider
// was answering is obeyed, the access closes as refused, and the caller must
// release nothing. An access that released nothing gives a once grant its use
// back, and has no attestation. It fails with the grant's own Codes, and with TokenRevoked when the citizen
// reduced it meanwhile.
func (s *Service) CompleteAccess(ctx context.Context, a Access, outcome Outcome, providerRequestID string) error {
	var refusal error
	err := s.store.Transact(ctx, func(tx Tx) error {
		a.Outcome, a.ClosedAt, a.ProviderRequestID, refusal = outcome, s.Now(), providerRequestID, nil
		g, err := tx.LockGrant(ctx, a.GrantID)
		if err != nil {
			return err
		}
		if outcome.used() {
			refusal = stillAllows(g, a, s)
		}
		if refusal != nil {
			a.Outcome = Refused
		}
		if a.Outcome != Released {
			a.Attestation = Attestation{}
		}
		return closeAccess(ctx, tx, a)
	})
	if err != nil {
		return err
	}
	return refusal
}

// stillAllows ignores that a once grant is used when it is this access's use.
func stillAllows(g Grant, a Access, s *Service) error {
	if g.ConsumedBy == a.ID {
		g.ConsumedBy = ""
	}
	if err := g.Live(s.Now()); err != nil {
		return err
	}
	if !g.allows(a) {
		return Refuse(TokenRevoked, "", "the citizen reduced this consent")
	}
	return nil
}

func closeAccess(ctx context.Context, tx Tx, a Access) error {
	closed, err := tx.CloseAccess(ctx, a)
	if err != nil {
		return err
	}
	if !closed {
		return Refuse(NotFound, "", "this access is not open")
	}
	if !a.Outcome.used() {
		if err := tx.UnconsumeGrant(ctx, a.Subject, a.GrantID, a.ID); err != nil {
			return err
		}
	}
	if err := tx.AppendLedger(ctx, entryOf(EntryOutcome, a)); err != nil {
		return err
	}
	return noticeUse(ctx, tx, a)
}
