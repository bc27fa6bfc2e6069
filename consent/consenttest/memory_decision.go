package consenttest

import (
	"context"
	"slices"

	"portail.example/consent"
)

func (v *view) Decision(_ context.Context, subject consent.SubjectID, id string) (consent.Decision, error) {
	return v.decision(subject, func(d consent.Decision) bool { return d.ID == id })
}

func (v *view) DecisionOn(_ context.Context, subject consent.SubjectID, requestID string) (consent.Decision, error) {
	return v.decision(subject, func(d consent.Decision) bool { return d.RequestID == requestID })
}

func (v *view) decision(subject consent.SubjectID, is func(consent.Decision) bool) (consent.Decision, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, d := range v.t.decisions {
		if d.Subject == subject && is(d) {
			return d, nil
		}
	}
	return consent.Decision{}, notFound()
}

func (v *view) Requests(_ context.Context, subject consent.SubjectID, after consent.Request, limit int) ([]consent.Request, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.Request) int { return newest(a.CreatedAt, b.CreatedAt, b.ID, a.ID) }
	var out []consent.Request
	for _, r := range v.t.requests {
		if r.Subject == subject && (after.ID == "" || order(after, r) < 0) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}

func (v *view) Decisions(_ context.Context, subject consent.SubjectID, after consent.Decision, limit int) ([]consent.Decision, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.Decision) int { return newest(a.At, b.At, b.ID, a.ID) }
	var out []consent.Decision
	for _, d := range v.t.decisions {
		if d.Subject == subject && (after.ID == "" || order(after, d) < 0) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}

func (v *view) ShownText(_ context.Context, hash consent.Hash, viewer consent.SubjectID) (out consent.ShownText, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, d := range v.t.decisions {
		if d.Statement.Hash() == hash && (!d.Statement.Own || viewer != "" && d.Subject == viewer) {
			return consent.ShownText{Statement: d.Statement, FirstAt: d.At}, nil
		}
	}
	return out, notFound()
}
