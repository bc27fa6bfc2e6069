package consent

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// AgentID is the portal's own random name for an agent.
type AgentID string

// Agent is a person who works with the portal for an authority: ProConnect says who
// they are, the portal alone says what they may do.
type Agent struct {
	ID    AgentID
	Email string // as invited; personal data, encrypted at rest, found by a keyed hash
	SIRET SIRET  // the authority the agent acts for
	Role  Role
	// GivenName and UsualName are ProConnect's of the last sign-in; empty before the
	// first, encrypted at rest.
	GivenName, UsualName string
	InvitedBy            AgentID // empty: from the operator's tool
	InvitedAt            time.Time
	AcceptedAt           time.Time // first sign-in, which binds the agent to one ProConnect account
	RevokedAt            time.Time
}

// Name is what to call the agent on screen: the address until they signed in.
func (a Agent) Name() string {
	if a.UsualName == "" {
		return a.Email
	}
	return strings.TrimSpace(a.GivenName + " " + a.UsualName)
}

// InvitationLifetime is how long an invitation waits for its person: an address that
// changes hands must not open what somebody forgot about.
const InvitationLifetime = 14 * 24 * time.Hour

// State is where the agent's registration stands at an instant.
func (a Agent) State(now time.Time) AgentState {
	switch {
	case !a.RevokedAt.IsZero():
		return AgentEnded
	case !a.AcceptedAt.IsZero():
		return AgentActive
	case !now.Before(a.InvitedUntil()):
		return AgentLapsed
	}
	return AgentInvited
}

// InvitedUntil is when an invitation that nobody accepted ends.
func (a Agent) InvitedUntil() time.Time { return a.InvitedAt.Add(InvitationLifetime) }

// String hides the agent from logs and error texts.
func (Agent) String() string { return "[agent]" }

// GoString hides the agent from %#v.
func (a Agent) GoString() string { return a.String() }

// LogValue hides the agent from slog.
func (a Agent) LogValue() slog.Value { return slog.StringValue(a.String()) }

// AgentState is how far an agent's registration is.
type AgentState string

// The states of a registration.
const (
	AgentInvited AgentState = "invited"
	AgentLapsed  AgentState = "lapsed" // invited, and nobody came in time
	AgentActive  AgentState = "active"
	AgentEnded   AgentState = "revoked"
)

// AgentStates are all of them.
func AgentStates() []AgentState {
	return []AgentState{AgentInvited, AgentLapsed, AgentActive, AgentEnded}
}

// AgentSignIn is what a completed sign-in with ProConnect proved.
type AgentSignIn struct {
	Issuer, Subject      string // kept as a keyed hash only
	Email                string
	SIRET                SIRET // chosen for this sign-in: one person may have several
	GivenName, UsualName string
	ACR                  string
	IDToken              string // kept for the end-session hint
}

// String hides who signed in from logs and error texts.
func (AgentSignIn) String() string { return "[agent sign-in]" }

// GoString hides who signed in from %#v.
func (in AgentSignIn) GoString() string { return in.String() }

// LogValue hides who signed in from slog.
func (in AgentSignIn) LogValue() slog.Value { return slog.StringValue(in.String()) }

// TwoFactorLevels are ProConnect's levels that two factors reach.
func TwoFactorLevels() []string { return []string{"eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3"} }

// TwoFactors reports whether a level is one of them.
func TwoFactors(acr string) bool { return slices.Contains(TwoFactorLevels(), acr) }

// FoldEmail is how addresses of agents are compared: ProConnect and whoever invites
// may differ in letter case.
func FoldEmail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }
