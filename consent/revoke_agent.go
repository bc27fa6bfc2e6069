package consent

import (
	"context"
	"time"
)

// RevokeAgent ends a registration: the agent's sessions are over at once. It fails with
// RoleNotAllowed, with NotFound, and with InvalidRequest (field agent) when it is one's
// own: the last platform DPO would lock everybody out.
func (s *Service) RevokeAgent(ctx context.Context, by Agent, id AgentID) error {
	if _, err := by.May(DutyAgents); err != nil {
		return err
	}
	if id == by.ID {
		return Refuse(InvalidRequest, "agent", "nobody revokes their own registration")
	}
	return s.store.Transact(ctx, func(tx Tx) error {
		if _, err := tx.Agent(ctx, id); err != nil {
			return err
		}
		return endAgent(ctx, tx, id, s.Now())
	})
}

// endAgent ends a registration, with its entry.
func endAgent(ctx context.Context, tx Tx, id AgentID, at time.Time) error {
	revoked, err := tx.RevokeAgent(ctx, id, at)
	if err != nil || !revoked {
		return err // revoked before: nothing more to do
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: at, Kind: EntryAgentRevoked, Ref: string(id)})
}
