package consenttest

import (
	"context"
	"slices"

	"portail.example/consent"
)

func (x *memoryTx) InsertRightsRequest(_ context.Context, r consent.RightsRequest) error {
	if x.t.erased[r.Subject] {
		return notFound()
	}
	x.t.rights = append(x.t.rights, r)
	return nil
}

func (v *view) RightsRequests(_ context.Context, subject consent.SubjectID) ([]consent.RightsRequest, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.RightsRequest
	for _, r := range v.t.rights {
		if r.Subject == subject && !v.t.erased[subject] {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b consent.RightsRequest) int { return newest(a.AskedAt, b.AskedAt, b.ID, a.ID) })
	return out, nil
}
