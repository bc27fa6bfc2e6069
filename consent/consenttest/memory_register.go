package consenttest

import (
	"cmp"
	"context"
	"slices"

	"portail.example/consent"
)

func byRecipient(a, b consent.Party) int {
	return cmp.Or(cmp.Compare(a.Recipient, b.Recipient), cmp.Compare(a.ClientID, b.ClientID))
}

func (v *view) Recipients(_ context.Context, authority consent.SIRET, after consent.Party, limit int) (out []consent.Party, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range v.t.clients {
		if c.Kind == consent.Administration {
			out = append(out, consent.Party{ClientID: c.ID, Recipient: c.SIRET})
		}
	}
	for p := range v.t.delegations {
		out = append(out, p)
	}
	out = slices.DeleteFunc(out, func(p consent.Party) bool {
		return authority != "" && p.Recipient != authority || byRecipient(p, after) <= 0
	})
	slices.SortFunc(out, byRecipient)
	return out[:min(limit, len(out))], nil
}
