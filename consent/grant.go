package consent

import "time"

// GrantStatus is the state of a consent.
type GrantStatus string

// The states of a grant.
const (
	GrantActive     GrantStatus = "active"
	GrantEnded      GrantStatus = "expired" // computed, see StatusAt
	GrantTakenBack  GrantStatus = "withdrawn"
	GrantGivenUp    GrantStatus = "relinquished" // by the administration
	GrantMerged     GrantStatus = "replaced"     // by a larger one to the same administration
	GrantPaused     GrantStatus = "suspended"    // by the citizen, who may resume it
	GrantRestricted GrantStatus = "restricted"   // by an officer who accepted a restriction: computed
	GrantUsed       GrantStatus = "consumed"     // computed: a once grant that released
)

// Grant is the consent: the long-lived record every token points at.
type Grant struct {
	ID       string
	Subject  SubjectID
	ClientID string
	// Sub is the citizen's pairwise identifier at this client.
	Sub       string
	RequestID string
	Details   Details
	Status    GrantStatus
	ACR       string    // level of the sign-in behind the decision
	AuthTime  time.Time // instant of that sign-in
	CreatedAt time.Time
	ExpiresAt time.Time // first instant at which it is no longer live
	// ConsumedBy is the access that used a once grant up.
	ConsumedBy string
	// WithdrawnAt is when the citizen withdrew it, the administration gave it up, or
	// another one replaced it.
	WithdrawnAt time.Time
	Reason      Reason    // why the citizen withdrew it, for their eyes only
	PausedAt    time.Time // zero unless it is paused
	// RestrictedAt is since when an officer restricts it (GDPR article 18); zero unless one does.
	RestrictedAt time.Time
}

// StatusAt is the one judgement on a grant's state at an instant.
func (g Grant) StatusAt(now time.Time) GrantStatus {
	switch {
	case g.Status != GrantActive && g.Status != GrantPaused:
		return g.Status
	case g.Details.Access == Once && g.ConsumedBy != "":
		return GrantUsed
	case !now.Before(g.ExpiresAt):
		return GrantEnded
	case !g.RestrictedAt.IsZero():
		return GrantRestricted
	}
	return g.Status
}

// Live fails with the Code that says why the grant allows nothing at now.
func (g Grant) Live(now time.Time) error {
	switch g.StatusAt(now) {
	case GrantActive:
		return nil
	case GrantTakenBack:
		return Refuse(GrantWithdrawn, "", "the citizen withdrew this consent")
	case GrantGivenUp:
		return Refuse(GrantRelinquished, "", "the administration gave this consent up")
	case GrantMerged:
		return Refuse(GrantReplaced, "", "a newer consent to the same administration replaced this one")
	case GrantPaused, GrantRestricted: // who stopped it, and why, is told to nobody
		return Refuse(GrantSuspended, "", "this consent is suspended")
	case GrantUsed:
		return Refuse(GrantConsumed, "", "this consent allowed one release, which was made")
	default:
		return Refuse(GrantExpired, "", "this consent has ended")
	}
}

// Told is the state as administrations are told it: one that is restricted is suspended,
// like one that is paused.
func (s GrantStatus) Told() GrantStatus {
	if s == GrantRestricted {
		return GrantPaused
	}
	return s
}

// Stands tells a consent that is not over, whether or not anything is sent.
func (s GrantStatus) Stands() bool {
	return s == GrantActive || s == GrantPaused || s == GrantRestricted
}

// Ended reports whether an error says that a grant allows nothing: what Live fails
// with, and nothing else.
func Ended(err error) bool {
	switch CodeOf(err) {
	case GrantWithdrawn, GrantRelinquished, GrantReplaced, GrantExpired, GrantSuspended, GrantConsumed:
		return true
	}
	return false
}

// GrantExpiry is the first instant at which a consent decided at now with these
// details is over.
func GrantExpiry(d Details, now time.Time) time.Time {
	if d.Access == Once {
		return now.Add(OnceLifetime)
	}
	return d.EndsOn.End()
}
