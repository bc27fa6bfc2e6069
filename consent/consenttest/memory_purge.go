package consenttest

import (
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

// purge is a batch that was removed.
type purge struct {
	consent.PurgeBatch
	consent.Purged
}

// doomed is something that is due, and how it is removed.
type doomed struct {
	from   time.Time
	remove func()
}

// restricted tells a citizen of whom only storage is left (GDPR article 18(2)).
func (t *tables) restricted(subject consent.SubjectID) bool {
	return slices.ContainsFunc(t.measures, func(m consent.Measure) bool {
		return m.Subject == subject && m.Right == consent.RightRestriction && m.LiftedAt.IsZero()
	})
}

// held tells what a legal hold or a restriction keeps; an empty consent is none in particular.
func (t *tables) held(subject consent.SubjectID, grantID string) bool {
	return t.restricted(subject) || slices.ContainsFunc(t.holds, func(h consent.Hold) bool {
		return h.LiftedAt.IsZero() && h.Subject == subject && (h.GrantID == "" || h.GrantID == grantID)
	})
}

// due are the things of a kind whose retention began before an instant.
func (t *tables) due(record consent.Record, before time.Time) (out []doomed) {
	add := func(from time.Time, remove func()) {
		if from.Before(before) {
			out = append(out, doomed{from, remove})
		}
	}
	switch record {
	case consent.RecordConsultation:
		for id, a := range t.accesses {
			if !t.held(a.Subject, a.GrantID) {
				add(a.OpenedAt, func() { delete(t.accesses, id) })
			}
		}
	case consent.RecordToken:
		for id, a := range t.tokens {
			if !t.held(a.Subject, a.GrantID) {
				add(a.IssuedAt, func() { delete(t.tokens, id); delete(t.places, a.Status) })
			}
		}
	case consent.RecordConsent:
		for id, g := range t.grants {
			if !t.held(g.Subject, id) && !t.usedSince(id, before) {
				add(g.End(), func() { t.dropGrant(g) })
			}
		}
	default:
		t.dueAnswers(record, add)
	}
	return out
}

func (t *tables) usedSince(grantID string, at time.Time) bool {
	for _, a := range t.accesses {
		if a.GrantID == grantID && !a.OpenedAt.Before(at) {
			return true
		}
	}
	return false
}

// dropGrant takes the answers and requests it came from with it.
func (t *tables) dropGrant(g consent.Grant) {
	delete(t.grants, g.ID)
	delete(t.given, g.ID)
	t.decisions = slices.DeleteFunc(t.decisions, func(d consent.Decision) bool { return d.Subject == g.Subject && d.RequestID == g.RequestID })
	for id, r := range t.requests {
		if r.Subject == g.Subject && r.GrantID == g.ID {
			delete(t.requests, id)
			delete(t.given, id)
		}
	}
	for hash, r := range t.refreshes {
		if r.GrantID == g.ID {
			delete(t.families, r.Family)
			delete(t.refreshes, hash)
		}
	}
}

func (t *tables) dueAnswers(record consent.Record, add func(time.Time, func())) {
	switch record {
	case consent.RecordRefusal:
		for _, d := range t.decisions {
			if !d.Allowed && !t.held(d.Subject, "") {
				add(d.At, func() {
					delete(t.requests, d.RequestID)
					t.decisions = slices.DeleteFunc(t.decisions, func(x consent.Decision) bool { return x.ID == d.ID })
				})
			}
		}
	case consent.RecordRequest, consent.RecordUnseen:
		for id, r := range t.requests {
			answered := r.Status == consent.RequestGranted || r.Status == consent.RequestRefused
			if !answered && (r.Subject == "") == (record == consent.RecordUnseen) && !t.held(r.Subject, "") {
				add(r.ExpiresAt, func() { delete(t.requests, id); delete(t.given, id) })
			}
		}
	case consent.RecordRightsRequest:
		for _, r := range t.rights {
			if !r.ClosedAt.IsZero() && !t.held(r.Subject, "") {
				add(r.ClosedAt, func() {
					t.rights = slices.DeleteFunc(t.rights, func(x consent.RightsRequest) bool { return x.ID == r.ID })
				})
			}
		}
	default:
		t.dueRest(record, add)
	}
}

func (t *tables) dueRest(record consent.Record, add func(time.Time, func())) {
	switch record {
	case consent.RecordEvent:
		for _, e := range t.events {
			if !t.held(e.Subject, "") {
				add(e.At, func() { t.events = slices.DeleteFunc(t.events, func(x consent.Event) bool { return x == e }) })
			}
		}
	case consent.RecordMeasure:
		for _, m := range t.measures {
			from := m.LiftedAt
			if _, known := t.identities[m.Subject]; from.IsZero() && !known {
				from = m.SetAt
			}
			if !from.IsZero() && !t.held(m.Subject, "") {
				add(from, func() {
					t.measures = slices.DeleteFunc(t.measures, func(x consent.Measure) bool { return x.ID == m.ID })
				})
			}
		}
	case consent.RecordReport:
		for id, r := range t.reports {
			if (r.State == consent.ReportDone || r.State == consent.ReportFailed) && !t.held(r.Subject, "") {
				add(r.AskedAt, func() { delete(t.reports, id) })
			}
		}
	case consent.RecordLookup:
		for _, l := range t.lookups {
			if !t.held(l.Subject, "") {
				add(l.At, func() { t.lookups = slices.DeleteFunc(t.lookups, func(x consent.Lookup) bool { return x.ID == l.ID }) })
			}
		}
	case consent.RecordAgent:
		for id, a := range t.agents {
			if !a.RevokedAt.IsZero() && !slices.ContainsFunc(t.lookups, func(l consent.Lookup) bool { return l.Agent == id }) {
				add(a.RevokedAt, func() { delete(t.agents, id) })
			}
		}
	case consent.RecordSecret:
		for hash, r := range t.refreshes {
			add(r.ExpiresAt, func() { delete(t.refreshes, hash) })
		}
	case consent.RecordIdentity:
		for subject, seen := range t.seen {
			if !t.shown(subject) && !t.heldAnywhere(subject) {
				add(seen, func() { t.forget(subject) })
			}
		}
	}
}

// shown tells a citizen of whom something is left to show.
func (t *tables) shown(subject consent.SubjectID) bool {
	found := slices.ContainsFunc(t.decisions, func(d consent.Decision) bool { return d.Subject == subject }) ||
		slices.ContainsFunc(t.rights, func(r consent.RightsRequest) bool { return r.Subject == subject })
	for _, g := range t.grants {
		found = found || g.Subject == subject
	}
	for _, r := range t.requests {
		found = found || r.Subject == subject
	}
	return found
}

func (t *tables) heldAnywhere(subject consent.SubjectID) bool {
	return t.restricted(subject) || slices.ContainsFunc(t.holds, func(h consent.Hold) bool { return h.LiftedAt.IsZero() && h.Subject == subject })
}

func (x *memoryTx) PurgeBatch(_ context.Context, b consent.PurgeBatch) (done consent.Purged, next consent.PurgePlace, err error) {
	list := x.t.due(b.Record, b.Before)
	if len(list) > b.Limit {
		list, next = list[:b.Limit], consent.PurgePlace{ID: b.ID}
	}
	for _, d := range list {
		d.remove()
	}
	if done = sum(b.Record, list); done.Count > 0 {
		x.t.purges = append(x.t.purges, purge{b, done})
	}
	return done, next, nil
}

func sum(record consent.Record, list []doomed) consent.Purged {
	out := consent.Purged{Record: record, Count: len(list)}
	for i, d := range list {
		if i == 0 || d.from.Before(out.First) {
			out.First = d.from
		}
		if d.from.After(out.Last) {
			out.Last = d.from
		}
	}
	return out
}

func (v *view) PurgeDue(_ context.Context, record consent.Record, before time.Time) (consent.Purged, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return sum(record, v.t.due(record, before)), nil
}

func (v *view) PurgeReports(_ context.Context, limit int) (out []consent.PurgeReport, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.t.purges {
		run := slices.IndexFunc(out, func(r consent.PurgeReport) bool { return r.RunID == p.RunID })
		if run < 0 {
			out = append(out, consent.PurgeReport{RunID: p.RunID, At: p.At})
			run = len(out) - 1
		}
		lines := &out[run].Lines
		if n := len(*lines); n > 0 && (*lines)[n-1].Record == p.PurgeBatch.Record {
			(*lines)[n-1].Add(p.Purged)
			continue
		}
		*lines = append(*lines, p.Purged)
	}
	slices.Reverse(out)
	return out[:min(limit, len(out))], nil
}
