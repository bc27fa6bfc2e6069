package consent

import (
	"context"
	"slices"
	"time"
)

// SignInAgent finds the agent behind a sign-in. The first one accepts the invitation
// and binds it to that ProConnect account; each later one must come from the same
// account, with the same address, for the same authority. It fails with SingleFactor,
// AgentUnknown, AgentRevoked, InvitationLapsed, OtherAuthority or AgentOtherAccount.
func (s *Service) SignInAgent(ctx context.Context, in AgentSignIn) (a Agent, err error) {
	if !TwoFactors(in.ACR) {
		return Agent{}, Refuse(SingleFactor, "acr", "one factor is not enough")
	}
	if in.Issuer == "" || in.Subject == "" {
		return Agent{}, Refuse(SignInFailed, "sub", "missing")
	}
	err = s.store.Transact(ctx, func(tx Tx) error {
		known, err := tx.AgentsByEmail(ctx, FoldEmail(in.Email))
		if err != nil {
			return err
		}
		if a, err = chosen(known, in.SIRET, s.Now()); err != nil {
			return err
		}
		return s.accept(ctx, tx, &a, in)
	})
	return a, err
}

// chosen is the one registration that a person's address and authority lead to.
func chosen(known []Agent, siret SIRET, now time.Time) (Agent, error) {
	if len(known) == 0 {
		return Agent{}, Refuse(AgentUnknown, "", "nobody is registered with this address")
	}
	here := slices.DeleteFunc(slices.Clone(known), func(a Agent) bool { return a.SIRET != siret })
	if len(here) == 0 {
		return Agent{}, Refuse(OtherAuthority, "siret", "registered for another authority")
	}
	current := slices.IndexFunc(here, func(a Agent) bool { return a.State(now) != AgentEnded })
	if current < 0 {
		return Agent{}, Refuse(AgentRevoked, "", "the registration was ended")
	}
	if here[current].State(now) == AgentLapsed {
		return Agent{}, Refuse(InvitationLapsed, "", "nobody accepted the invitation in time")
	}
	return here[current], nil
}

// accept binds the agent to the account, and renews the names.
func (s *Service) accept(ctx context.Context, tx Tx, a *Agent, in AgentSignIn) error {
	first := a.State(s.Now()) == AgentInvited
	if a.GivenName, a.UsualName = in.GivenName, in.UsualName; first {
		a.AcceptedAt = s.Now()
	}
	bound, err := tx.BindAgent(ctx, *a, in.Issuer, in.Subject)
	if err != nil {
		return err
	}
	if !bound {
		return Refuse(AgentOtherAccount, "sub", "bound to another account")
	}
	if !first {
		return nil
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: a.AcceptedAt, Kind: EntryAgentAccepted, Ref: string(a.ID)})
}
