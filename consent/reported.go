package consent

import "time"

// reported passes on what a report may speak of, and counts it: an authority's officer
// sees what concerns that authority, whoever reads it, and what happened within the
// report's days.
type reported struct {
	Collector
	report *Report
	beat   func() error // called as lines are read
}

// Request passes on a question.
func (x reported) Request(r Request, who Client) error {
	return x.keep(r.Details.Recipient, r.CreatedAt, r.CreatedAt, func() error { return x.Collector.Request(r, who) })
}

// Answer passes on a decision.
func (x reported) Answer(r Receipt) error {
	return x.keep(r.Details.Recipient, r.Decision.At, r.Decision.At, func() error { return x.Collector.Answer(r) })
}

// Grant passes on a consent that stood within the days.
func (x reported) Grant(g Grant, who Client) error {
	if x.report.Authority != "" {
		g = g.toAuthority()
	}
	return x.keep(g.Details.Recipient, g.CreatedAt, g.End(), func() error { return x.Collector.Grant(g, who) })
}

// toAuthority is what an officer of the administration's reads of a consent: what the
// administration is told, and not why its citizen took it back. One that is restricted
// reads like one that is paused, to the instant.
func (g Grant) toAuthority() Grant {
	if g.Status == GrantRestricted && g.PausedAt.IsZero() {
		g.PausedAt = g.RestrictedAt
	}
	g.Status, g.RestrictedAt, g.Reason = g.Status.Told(), time.Time{}, Unsaid
	return g
}

// Access passes on a use of the data.
func (x reported) Access(a Access, who, provider Client) error {
	return x.keep(a.Recipient, a.OpenedAt, a.OpenedAt, func() error { return x.Collector.Access(a, who, provider) })
}

// Right passes on what was asked of the portal's officer, to that officer.
func (x reported) Right(r RightsRequest) error {
	return x.keep("", r.AskedAt, r.AskedAt, func() error { return x.Collector.Right(r) })
}

// Message passes on what the portal's officer wrote, to that officer.
func (x reported) Message(m RightsMessage, about RightsRequest) error {
	return x.keep("", m.At, m.At, func() error { return x.Collector.Message(m, about) })
}

// Measure passes on what restricts, or keeps somebody from asking, to the portal's
// officer: administrations are not told why they get nothing.
func (x reported) Measure(m Measure, about Client) error {
	until := m.LiftedAt
	if until.IsZero() {
		until = x.report.AskedAt
	}
	return x.keep("", m.SetAt, until, func() error { return x.Collector.Measure(m, about) })
}

// LookedUp passes on a look-up to the authority whose officer looked, and to the
// portal's officer.
func (x reported) LookedUp(l LookupTold) error {
	return x.keep(l.concerns(), l.At, l.At, func() error { return x.Collector.LookedUp(l) })
}

// SignedIn passes on a place where the citizen is signed in, to the portal's officer.
func (x reported) SignedIn(s Session) error {
	return x.keep("", s.CreatedAt, s.SeenAt, func() error { return x.Collector.SignedIn(s) })
}

// keep passes on what concerns the authority and lies within the days.
func (x reported) keep(authority SIRET, from, to time.Time, pass func() error) error {
	if err := x.beat(); err != nil {
		return err
	}
	r := x.report
	if r.Authority != "" && r.Authority != authority {
		return nil
	}
	if !r.Since.IsZero() && r.Since.After(DateOf(to)) || !r.Until.IsZero() && DateOf(from).After(r.Until) {
		return nil
	}
	r.Lines++
	return pass()
}
