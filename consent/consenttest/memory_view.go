package consenttest

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"portail.example/consent"
)

// view reads tables, under the store's lock or inside a transaction that holds it.
type view struct {
	mu sync.Locker
	t  *tables
}

type noLock struct{}

func (noLock) Lock()   {}
func (noLock) Unlock() {}

func notFound() error { return consent.Refuse(consent.NotFound, "", "no such thing") }

func find[K comparable, V any](m map[K]V, key K) (V, error) {
	v, ok := m[key]
	if !ok {
		return v, notFound()
	}
	return v, nil
}

func (v *view) Client(_ context.Context, id string) (consent.Client, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.t.client(id)
}

func (t *tables) client(id string) (consent.Client, error) {
	c, err := find(t.clients, id)
	c.HabilitationRevoked = t.habilitations[c.Habilitation].Revoked
	return c, err
}

func (v *view) Delegation(_ context.Context, clientID string, authority consent.SIRET) (consent.Delegation, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	d, err := find(v.t.delegations, consent.Party{ClientID: clientID, Recipient: authority})
	d.HabilitationRevoked = v.t.habilitations[d.Habilitation].Revoked
	return d, err
}

func (v *view) ProviderAt(_ context.Context, location string) (consent.Client, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range v.t.clients {
		if location != "" && c.Provider.Location == location {
			return c, nil
		}
	}
	return consent.Client{}, notFound()
}

// suspended tells a client, or an editor for one authority, that is stopped.
func (t *tables) suspended(g consent.Grant) bool {
	c := t.clients[g.ClientID]
	if c.Kind != consent.Editor {
		return c.Suspended || t.habilitations[c.Habilitation].Revoked
	}
	d, ok := t.delegations[g.Party()]
	return !ok || c.ActingFor(d).Suspended || t.habilitations[d.Habilitation].Revoked
}

func (v *view) Request(_ context.Context, id string) (consent.Request, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return find(v.t.requests, id)
}

func (v *view) RequestByURI(_ context.Context, uri consent.Hash) (consent.Request, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.t.requests {
		if r.URIHash == uri {
			return r, nil
		}
	}
	return consent.Request{}, notFound()
}

func (v *view) Asked(_ context.Context, subject consent.SubjectID, by consent.Party, purpose string, since, now time.Time) (n int, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.t.requests {
		if r.Subject != subject || r.Party() != by || r.Details.Purpose != purpose || r.Status == consent.RequestGranted {
			continue
		}
		if r.CreatedAt.After(since) || r.Status == consent.RequestIdentified && r.ExpiresAt.After(now) {
			n++
		}
	}
	return n, nil
}

func (v *view) OpenRequests(_ context.Context, subject consent.SubjectID, now time.Time, after consent.Request, limit int) ([]consent.Request, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.Request) int { return newest(a.CreatedAt, b.CreatedAt, a.ID, b.ID) }
	var out []consent.Request
	for _, r := range v.t.requests {
		open := r.ExpiresAt.After(now) && (r.Status == consent.RequestPending || r.Status == consent.RequestIdentified)
		if r.Subject == subject && open && (after.ID == "" || order(after, r) < 0) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}

func (v *view) FiledRequests(_ context.Context, matchKey string) ([]consent.Request, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Request
	for id, key := range v.t.matches {
		if r := v.t.requests[id]; key == matchKey && r.Status == consent.RequestPending {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b consent.Request) int { return newest(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	return out, nil
}

func (v *view) Identity(_ context.Context, subject consent.SubjectID) (consent.PivotIdentity, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return find(v.t.identities, subject)
}

func (v *view) Grant(_ context.Context, subject consent.SubjectID, id string) (consent.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	g, err := find(v.t.grants, id)
	if err == nil && g.Subject != subject {
		return consent.Grant{}, notFound()
	}
	return g, err
}

func (v *view) Standing(_ context.Context, clientID, grantID, tokenID string) (consent.Standing, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	t, err := find(v.t.tokens, tokenID)
	g := v.t.grants[t.GrantID]
	if err != nil || t.GrantID != grantID || g.ClientID != clientID {
		return consent.Standing{}, notFound()
	}
	t.Revoked = v.t.revoked(t)
	client, err := v.t.client(clientID)
	return consent.Standing{Client: client, Token: t, Grant: g, Suspended: v.t.suspended(g)}, err
}

func (v *view) OpenAccesses(_ context.Context, before time.Time, limit int) ([]consent.Access, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Access
	for _, a := range v.t.accesses {
		if a.Outcome == consent.Open && a.OpenedAt.Before(before) {
			out = append(out, a)
		}
	}
	return out[:min(limit, len(out))], nil
}

func (v *view) EndingGrants(_ context.Context, now time.Time, limit int) ([]consent.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Grant
	for _, g := range v.t.grants {
		over, soon := !now.Before(g.ExpiresAt), g.EndsSoon(now)
		open := (g.Status == consent.GrantActive || g.Status == consent.GrantPaused) && g.ConsumedBy == ""
		if told := v.t.announced[g.ID]; open && (over && told != consent.EventExpired || soon && told == "") {
			out = append(out, g)
		}
	}
	return out[:min(limit, len(out))], nil
}

func (v *view) Access(_ context.Context, subject consent.SubjectID, id string) (consent.Access, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	a, err := find(v.t.accesses, id)
	if err == nil && a.Subject != subject {
		return consent.Access{}, notFound()
	}
	return a, err
}

func (v *view) AttestedAccess(_ context.Context, code consent.Hash) (consent.Access, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, a := range v.t.accesses {
		if a.Attested() && a.Attestation.Code == code {
			return a, nil
		}
	}
	return consent.Access{}, notFound()
}

func (v *view) Accesses(_ context.Context, subject consent.SubjectID, grantID string, after consent.Access, limit int) ([]consent.Access, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.Access) int { return newest(a.OpenedAt, b.OpenedAt, b.ID, a.ID) }
	var out []consent.Access
	for _, a := range v.t.accesses {
		if a.Subject == subject && (grantID == "" || a.GrantID == grantID) && (after.ID == "" || order(after, a) < 0) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}

// newest orders by time, newest first, then by identifier.
func newest(a, b time.Time, idA, idB string) int {
	if c := b.Compare(a); c != 0 {
		return c
	}
	return strings.Compare(idA, idB)
}

func randomPlace() int { return rand.IntN(consent.StatusListSize) }
