package consenttest

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"portail.example/consent"
)

// Memory is a consent.Store, and the rest of what the portal remembers, without
// a database. A transaction works on a copy that replaces the original when it
// commits, so a failed one leaves nothing.
type Memory struct {
	mu sync.Mutex
	view
	sessions   map[consent.Hash]consent.Session
	attempts   map[string]consent.SignInAttempt
	assertions map[string]bool
	outage     error
}

var _ consent.Store = (*Memory)(nil)

// NewMemory is an empty store.
func NewMemory() *Memory {
	m := &Memory{sessions: map[consent.Hash]consent.Session{}, attempts: map[string]consent.SignInAttempt{}, assertions: map[string]bool{}}
	m.view = view{mu: &m.mu, t: newTables()}
	return m
}

// Transact runs fn on a copy, one transaction at a time.
func (m *Memory) Transact(ctx context.Context, fn func(consent.Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.outage); err != nil {
		return err
	}
	draft := m.t.clone()
	if err := fn(&memoryTx{view{mu: noLock{}, t: draft}}); err != nil {
		return err
	}
	m.t = draft
	return nil
}

// Fail makes every transaction fail from now on; nil ends it.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.outage = err
}

// PutClient registers an administration.
func (m *Memory) PutClient(_ context.Context, c consent.Client) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t.clients[c.ID] = c
	return nil
}

// Ledger is the evidence so far.
func (m *Memory) Ledger() []consent.LedgerEntry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.t.ledger)
}

// Events is the outbox so far.
func (m *Memory) Events() []consent.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.t.events)
}

// Decisions are the answers so far.
func (m *Memory) Decisions() []consent.Decision {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.t.decisions)
}

// RevokedPlaces are the dead places of a status list.
func (m *Memory) RevokedPlaces(_ context.Context, list int64) ([]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []int
	for _, a := range m.t.tokens {
		g := m.t.grants[a.GrantID]
		if a.Status.List == list && (m.t.families[a.Family].revoked || g.Status != consent.GrantActive || g.ConsumedBy != "" || m.t.clients[g.ClientID].Suspended) {
			out = append(out, a.Status.Index)
		}
	}
	slices.Sort(out)
	return out, nil
}

type family struct {
	client  string
	revoked bool
}

type tables struct {
	clients    map[string]consent.Client
	requests   map[string]consent.Request
	subjects   map[string]consent.SubjectID
	identities map[consent.SubjectID]consent.PivotIdentity
	pairwise   map[string]string
	decisions  []consent.Decision
	grants     map[string]consent.Grant
	codes      map[consent.Hash]consent.AuthorizationCode
	families   map[string]family
	refreshes  map[consent.Hash]consent.RefreshToken
	tokens     map[string]consent.AccessToken
	places     map[consent.StatusRef]bool
	accesses   map[string]consent.Access
	ledger     []consent.LedgerEntry
	events     []consent.Event
}

func newTables() *tables {
	return &tables{
		clients: map[string]consent.Client{}, requests: map[string]consent.Request{}, subjects: map[string]consent.SubjectID{},
		identities: map[consent.SubjectID]consent.PivotIdentity{}, pairwise: map[string]string{}, grants: map[string]consent.Grant{},
		codes: map[consent.Hash]consent.AuthorizationCode{}, families: map[string]family{}, refreshes: map[consent.Hash]consent.RefreshToken{},
		tokens: map[string]consent.AccessToken{}, places: map[consent.StatusRef]bool{}, accesses: map[string]consent.Access{},
	}
}

func (t *tables) clone() *tables {
	return &tables{
		clients: maps.Clone(t.clients), requests: maps.Clone(t.requests), subjects: maps.Clone(t.subjects),
		identities: maps.Clone(t.identities), pairwise: maps.Clone(t.pairwise), decisions: slices.Clone(t.decisions), grants: maps.Clone(t.grants),
		codes: maps.Clone(t.codes), families: maps.Clone(t.families), refreshes: maps.Clone(t.refreshes),
		tokens: maps.Clone(t.tokens), places: maps.Clone(t.places), accesses: maps.Clone(t.accesses),
		ledger: slices.Clone(t.ledger), events: slices.Clone(t.events),
	}
}

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
	return find(v.t.clients, id)
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

func (v *view) OpenRequests(_ context.Context, subject consent.SubjectID) ([]consent.Request, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Request
	for _, r := range v.t.requests {
		if r.Subject == subject && (r.Status == consent.RequestPending || r.Status == consent.RequestIdentified) {
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

func (v *view) Grants(_ context.Context, subject consent.SubjectID) ([]consent.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Grant
	for _, g := range v.t.grants {
		if g.Subject == subject {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b consent.Grant) int { return newest(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	return out, nil
}

func (v *view) Standing(_ context.Context, grantID, tokenID string) (consent.Standing, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	t, err := find(v.t.tokens, tokenID)
	if err != nil || t.GrantID != grantID {
		return consent.Standing{}, notFound()
	}
	t.Revoked = v.t.families[t.Family].revoked
	g := v.t.grants[t.GrantID]
	return consent.Standing{Token: t, Grant: g, Suspended: v.t.clients[g.ClientID].Suspended}, nil
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

func (v *view) Access(_ context.Context, subject consent.SubjectID, id string) (consent.Access, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	a, err := find(v.t.accesses, id)
	if err == nil && a.Subject != subject {
		return consent.Access{}, notFound()
	}
	return a, err
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
