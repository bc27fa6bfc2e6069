package consent

import (
	"slices"
	"strings"
	"time"
)

// LiveToken is the access token of a sign-in. FranceConnect's lives for a minute: with it
// a data provider is asked while its citizen is there, and told by FranceConnect who they
// are. It is kept that long at most, and goes with its first use.
type LiveToken struct {
	Token  string
	Scopes []string // granted, which may be fewer than were asked
	Until  time.Time
}

// String keeps the token out of logs and error texts.
func (LiveToken) String() string { return "[token]" }

// GoString keeps it out of %#v.
func (t LiveToken) GoString() string { return t.String() }

// LiveLifetime is how long a token is kept at most: as long as FranceConnect's live.
const LiveLifetime = time.Minute

// liveMargin is left for the call itself: the provider asks FranceConnect in turn.
const liveMargin = 5 * time.Second

// NewLiveToken is a token that was received at an instant, to live as long as its issuer
// says and no longer than LiveLifetime. Without token, lifetime or scopes there is none.
func NewLiveToken(token, scope string, lifetime time.Duration, now time.Time) LiveToken {
	out := LiveToken{Token: token, Scopes: strings.Fields(scope), Until: now.Add(min(lifetime, LiveLifetime) - liveMargin).UTC()}
	if token == "" || len(out.Scopes) == 0 || !out.Live(now) {
		return LiveToken{}
	}
	return out
}

// Live reports whether the token can still be used.
func (t LiveToken) Live(now time.Time) bool { return t.Token != "" && now.Before(t.Until) }

// Opens reports whether the token was granted every one of the scopes.
func (t LiveToken) Opens(scopes []string) bool {
	return len(scopes) > 0 && !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(t.Scopes, scope) })
}

// Proof is what was wrong with the token of a call, for the person it stands for.
type Proof string

// The ways in which FranceConnect's token did not serve.
const (
	ProofStale   Proof = "stale"   // missing, malformed, unknown or expired: signing in again makes a new one
	ProofPartial Proof = "partial" // FranceConnect does not know the whole identity
)

// ByIdentity reports whether the same data may be asked by identity instead: what failed
// is the way through FranceConnect (its limit by address, two people at one instant,
// FranceConnect itself), and nothing was said of the person.
func ByIdentity(err error) bool {
	fault := FaultOf(err)
	if fault == nil || fault.Proof != "" {
		return false
	}
	return fault.Refusal != "" || fault.Status == statusConflict || fault.Status == statusTooMany || fault.Status == statusForbidden || (fault.Status >= 500 && strings.HasPrefix(fault.Code, "51"))
}

// The HTTP statuses of ByIdentity; this package knows no HTTP.
const (
	statusForbidden = 403
	statusConflict  = 409
	statusTooMany   = 429
)
