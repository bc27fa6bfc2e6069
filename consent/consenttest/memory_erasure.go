package consenttest

import (
	"context"
	"maps"
	"slices"
	"time"

	"portail.example/consent"
)

func (x *memoryTx) InsertHold(_ context.Context, h consent.Hold) error {
	x.t.holds = append(x.t.holds, h)
	return nil
}

func (x *memoryTx) LockHold(_ context.Context, id string) (consent.Hold, error) {
	return first(x.t.holds, func(h consent.Hold) bool { return h.ID == id })
}

func first[T any](list []T, is func(T) bool) (found T, err error) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], nil
	}
	return found, notFound()
}

func (x *memoryTx) LiftHold(_ context.Context, h consent.Hold) error {
	x.t.holds[slices.IndexFunc(x.t.holds, func(known consent.Hold) bool { return known.ID == h.ID })] = h
	return nil
}

func (v *view) Holds(_ context.Context, subject consent.SubjectID) ([]consent.Hold, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(v.t.holds), func(h consent.Hold) bool {
		return !h.LiftedAt.IsZero() || subject != "" && h.Subject != subject
	}), nil
}

func (x *memoryTx) LockSubject(_ context.Context, subject consent.SubjectID) (time.Time, error) {
	_, err := find(x.t.identities, subject)
	return x.t.exporting[subject], err
}

func (x *memoryTx) NoteExport(_ context.Context, subject consent.SubjectID, until time.Time) error {
	_, err := find(x.t.identities, subject)
	if err == nil && until.After(x.t.exporting[subject]) {
		x.t.exporting[subject] = until
	}
	return err
}

func (x *memoryTx) ErasureRequest(_ context.Context, subject consent.SubjectID, id string) (consent.RightsState, error) {
	r, err := first(x.t.rights, func(r consent.RightsRequest) bool {
		return r.Subject == subject && r.ID == id && r.Right == consent.RightErasure
	})
	return r.State, err
}

func (x *memoryTx) InsertErasure(_ context.Context, e consent.Erasure) error {
	x.t.erasures = append(x.t.erasures, e)
	return nil
}

func (x *memoryTx) WaitingErasure(_ context.Context, subject consent.SubjectID, rightsID string) (consent.Erasure, error) {
	return first(x.t.erasures, func(e consent.Erasure) bool { return e.Subject == subject && e.RightsID == rightsID && !e.Done() })
}

func (x *memoryTx) LockErasure(_ context.Context, id string) (consent.Erasure, error) {
	return first(x.t.erasures, func(e consent.Erasure) bool { return e.ID == id })
}

func (x *memoryTx) CloseErasure(_ context.Context, e consent.Erasure) error {
	x.t.erasures[slices.IndexFunc(x.t.erasures, func(known consent.Erasure) bool { return known.ID == e.ID })] = e
	return nil
}

func (v *view) Erasures(_ context.Context) ([]consent.Erasure, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(v.t.erasures), func(e consent.Erasure) bool {
		r, err := first(v.t.rights, func(r consent.RightsRequest) bool { return r.ID == e.RightsID })
		return e.Done() || err != nil || r.State != consent.RightsOpen
	}), nil
}

func (x *memoryTx) ForgetWords(_ context.Context, subject consent.SubjectID, at time.Time) (ids []string, err error) {
	for i, r := range x.t.rights {
		if r.Subject != subject {
			continue
		}
		if r.Message = ""; r.State == consent.RightsOpen {
			r.State, r.ClosedAt = consent.RightsAnswered, at
		}
		x.t.rights[i], ids = r, append(ids, r.ID)
	}
	return ids, nil
}

func (x *memoryTx) ForgetSubject(_ context.Context, subject consent.SubjectID) error {
	x.t.forget(subject)
	return nil
}

// forget removes a citizen and all that leads to them.
func (t *tables) forget(subject consent.SubjectID) {
	_ = (&memoryTx{view{mu: noLock{}, t: t}}).DeleteContact(context.Background(), subject) // it cannot fail
	t.checks = slices.DeleteFunc(t.checks, func(c addressCheck) bool { return c.Subject == subject })
	t.erased[subject] = true
	delete(t.identities, subject)
	t.forgetWords(subject)
	delete(t.seen, subject)
	maps.DeleteFunc(t.subjects, func(_ string, s consent.SubjectID) bool { return s == subject })
	maps.DeleteFunc(t.sessions, func(_ consent.Hash, s consent.Session) bool { return s.Subject == subject || s.Was == subject })
	maps.DeleteFunc(t.codes, func(_ consent.Hash, c consent.AuthorizationCode) bool { return c.Subject == subject })
	maps.DeleteFunc(t.refreshes, func(_ consent.Hash, r consent.RefreshToken) bool { return r.Subject == subject })
	for id, r := range t.requests {
		if r.Subject == subject {
			r.Reference, r.Browser = "", ""
			t.requests[id] = r
			delete(t.matches, id)
			delete(t.given, id)
		}
	}
	maps.DeleteFunc(t.given, func(id string, _ consent.Parameters) bool { return t.grants[id].Subject == subject })
}

// forgetWords blanks why the citizen was looked up, and the texts that name a file of
// theirs alone.
func (t *tables) forgetWords(subject consent.SubjectID) {
	for i, l := range t.lookups {
		if l.Subject == subject {
			t.lookups[i].Reason = ""
		}
	}
	for i, d := range t.decisions {
		shared := slices.ContainsFunc(t.decisions, func(o consent.Decision) bool {
			_, known := t.identities[o.Subject]
			return known && o.Statement == d.Statement
		})
		if d.Subject == subject && d.Statement.Own && !shared {
			t.decisions[i].Statement.Text = ""
		}
	}
}

func (v *view) Kept(_ context.Context, subject consent.SubjectID, now time.Time) ([]consent.Kept, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	found := map[consent.Record]consent.Kept{}
	note := func(record consent.Record, whose consent.SubjectID, from time.Time) {
		k := found[record]
		if whose != subject {
			return
		}
		if k.Record, k.Count = record, k.Count+1; from.After(k.From) {
			k.From = from
		}
		found[record] = k
	}
	v.t.noteKept(note, now)
	var out []consent.Kept
	for _, rule := range consent.RetentionRules() {
		if k, ok := found[rule.Record]; ok {
			out = append(out, k)
		}
	}
	return out, nil
}

func (t *tables) noteKept(note func(consent.Record, consent.SubjectID, time.Time), now time.Time) {
	for subject, seen := range t.seen {
		note(consent.RecordIdentity, subject, seen)
		if _, left := t.contacts[subject]; left {
			note(consent.RecordAddress, subject, seen)
		}
	}
	for _, g := range t.grants {
		end := g.End()
		if end.After(now) {
			end = now
		}
		note(consent.RecordConsent, g.Subject, end)
	}
	for _, d := range t.decisions {
		if !d.Allowed {
			note(consent.RecordRefusal, d.Subject, d.At)
		}
	}
	for _, r := range t.requests {
		if r.Status != consent.RequestGranted && r.Status != consent.RequestRefused {
			note(consent.RecordRequest, r.Subject, r.ExpiresAt)
		}
	}
	for _, a := range t.accesses {
		note(consent.RecordConsultation, a.Subject, a.OpenedAt)
	}
	for _, a := range t.tokens {
		note(consent.RecordToken, a.Subject, a.IssuedAt)
	}
	for _, r := range t.rights {
		closed := r.ClosedAt
		if closed.IsZero() {
			closed = now
		}
		note(consent.RecordRightsRequest, r.Subject, closed)
	}
	for _, m := range t.measures {
		lifted := m.LiftedAt
		if lifted.IsZero() {
			lifted = now
		}
		note(consent.RecordMeasure, m.Subject, lifted)
	}
	for _, r := range t.reports {
		note(consent.RecordReport, r.Subject, r.AskedAt)
	}
	for _, l := range t.lookups {
		note(consent.RecordLookup, l.Subject, l.At)
	}
	for _, s := range t.sessions {
		note(consent.RecordSession, s.Subject, s.CreatedAt)
	}
	for _, r := range t.refreshes {
		note(consent.RecordSecret, r.Subject, r.ExpiresAt)
	}
}
