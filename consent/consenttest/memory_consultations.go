package consenttest

import (
	"context"
	"slices"

	"portail.example/consent"
)

func (v *view) Consultations(_ context.Context, authority consent.SIRET, after consent.Access, limit int) ([]consent.Access, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.Access) int { return newest(b.OpenedAt, a.OpenedAt, a.ID, b.ID) }
	var out []consent.Access
	for _, a := range v.t.accesses {
		if a.Recipient == authority && a.By != (consent.ConsultedBy{}) && (after.ID == "" || order(after, a) < 0) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}
