package consenttest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"portail.example/consent"
)

func (v *view) Grants(_ context.Context, q consent.GrantQuery) ([]consent.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Grant
	for _, g := range v.t.grants {
		if q.Holds(g) && (q.From.ID == "" || grantOrder(q)(q.From, g) < 0) {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, grantOrder(q))
	out = out[:min(q.Limit, len(out))]
	if q.Back {
		slices.Reverse(out)
	}
	return out, nil
}

// grantOrder is the order in which a page is read: away from q.From.
func grantOrder(q consent.GrantQuery) func(a, b consent.Grant) int {
	return func(a, b consent.Grant) int {
		order := newest(a.CreatedAt, b.CreatedAt, b.ID, a.ID)
		if q.ByEnd {
			order = cmp.Or(a.ExpiresAt.Compare(b.ExpiresAt), strings.Compare(a.ID, b.ID))
		}
		if q.Back {
			return -order
		}
		return order
	}
}

func (v *view) CountGrants(_ context.Context, q consent.GrantQuery, limit int) (n int, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, g := range v.t.grants {
		if q.Holds(g) {
			n++
		}
	}
	return min(n, limit), nil
}

func (v *view) Parties(_ context.Context, subject consent.SubjectID) ([]consent.Party, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Party
	for key := range v.t.pairwise {
		if parts := strings.Split(key, "\n"); parts[0] == string(subject) {
			out = append(out, consent.Party{ClientID: parts[1], Recipient: consent.SIRET(parts[2])})
		}
	}
	slices.SortFunc(out, func(a, b consent.Party) int {
		return cmp.Or(strings.Compare(a.ClientID, b.ClientID), strings.Compare(string(a.Recipient), string(b.Recipient)))
	})
	return out, nil
}

func (v *view) ClientGrants(_ context.Context, q consent.ClientGrantQuery) ([]consent.BatchGrant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.BatchGrant
	for _, g := range v.t.grants {
		if q.Holds(g) && g.ID > q.After {
			out = append(out, consent.BatchGrant{Grant: g, Reference: v.t.requests[g.RequestID].Reference})
		}
	}
	slices.SortFunc(out, func(a, b consent.BatchGrant) int { return strings.Compare(a.ID, b.ID) })
	return out[:min(q.Limit, len(out))], nil
}
