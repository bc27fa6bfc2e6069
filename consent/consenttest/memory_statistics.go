package consenttest

import (
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

// heap is a tally under way.
type heap struct {
	count           int
	persons, others map[consent.SubjectID]bool
	inSet           map[consent.SubjectID]bool
}

type heaps map[consent.Place]*heap

func (h heaps) at(p consent.Place) *heap {
	if h[p] == nil {
		h[p] = &heap{persons: map[consent.SubjectID]bool{}, others: map[consent.SubjectID]bool{}, inSet: map[consent.SubjectID]bool{}}
	}
	return h[p]
}

func (h heaps) add(p consent.Place, who consent.SubjectID) {
	one := h.at(p)
	one.count++
	if who != "" {
		one.persons[who] = true
	}
}

func (v *view) Statistics(_ context.Context, q consent.StatisticsQuery) (out []consent.Tally, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	h := heaps{}
	note := func(f consent.Figure, recipient consent.SIRET, at time.Time, who consent.SubjectID) {
		if q.Holds(recipient, at) {
			h.add(consent.Place{Month: consent.PeriodOf(at), Figure: f}, who)
		}
	}
	for _, r := range v.t.requests {
		note(consent.FigureRequests, r.Details.Recipient, r.CreatedAt, r.Subject)
	}
	for _, g := range v.t.grants {
		note(consent.FigureGrants, g.Details.Recipient, g.CreatedAt, g.Subject)
		if g.Status == consent.GrantTakenBack {
			note(consent.FigureWithdrawals, g.Details.Recipient, g.WithdrawnAt, g.Subject)
		}
	}
	for _, d := range v.t.decisions {
		if !d.Allowed {
			note(consent.FigureRefusals, v.t.requests[d.RequestID].Details.Recipient, d.At, d.Subject)
		}
	}
	for _, a := range v.t.accesses {
		if used := a.Outcome == consent.Released || a.Outcome == consent.Verified; used && q.Holds(a.Recipient, a.OpenedAt) {
			h.access(a, v.t.grants[a.GrantID].Details.Purpose)
		}
	}
	for p, one := range h {
		out = append(out, consent.Tally{Place: p, Count: one.count, Persons: len(one.persons), Others: len(one.others), InSet: len(one.inSet)})
	}
	return out, nil
}

// access counts one in its month, its purpose, and each group of its data set it had or
// had not.
func (h heaps) access(a consent.Access, purpose string) {
	place := consent.Place{Month: consent.PeriodOf(a.OpenedAt), Figure: consent.FigureAccesses}
	h.add(place, a.Subject)
	place.Purpose = purpose
	h.add(place, a.Subject)
	set, _ := consent.DataSetOf(a.DataSet)
	for _, place.Group = range set.Groups {
		h.at(place).inSet[a.Subject] = true
		if slices.Contains(a.Groups, place.Group) {
			h.add(place, a.Subject)
		} else {
			h.at(place).others[a.Subject] = true
		}
	}
}

func (v *view) AccessDays(_ context.Context, recipients []consent.SIRET, since, until time.Time) (out []consent.AccessDay, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	type key struct {
		recipient consent.SIRET
		day       consent.Date
	}
	days := map[key]consent.AccessDay{}
	for _, a := range v.t.accesses {
		if !slices.Contains(recipients, a.Recipient) || a.OpenedAt.Before(since) || !a.OpenedAt.Before(until) {
			continue
		}
		k := key{a.Recipient, consent.DateOf(a.OpenedAt)}
		d := days[k]
		d.Recipient, d.Day = k.recipient, k.day
		d.Calls++
		if hour := a.OpenedAt.In(consent.Paris).Hour(); hour >= 22 || hour < 6 {
			d.Night++
		}
		if g := v.t.grants[a.GrantID]; a.Outcome == consent.Refused && g.Status == consent.GrantTakenBack && !g.WithdrawnAt.After(a.OpenedAt) {
			d.Withdrawn++
		}
		days[k] = d
	}
	for _, d := range days {
		out = append(out, d)
	}
	return out, nil
}
