package consenttest

import (
	"context"
	"errors"
	"maps"
	"slices"
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
	attempts   map[string]consent.SignInAttempt
	assertions map[string]bool

	agentSessions map[consent.Hash]consent.AgentSession
	agentAttempts map[string]consent.AgentAttempt

	outage error
}

var _ consent.Store = (*Memory)(nil)

// NewMemory is an empty store.
func NewMemory() *Memory {
	m := &Memory{attempts: map[string]consent.SignInAttempt{}, assertions: map[string]bool{}}
	m.agentSessions, m.agentAttempts = map[consent.Hash]consent.AgentSession{}, map[string]consent.AgentAttempt{}
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

// PutDelegation records or replaces what an authority allowed an editor.
func (m *Memory) PutDelegation(_ context.Context, d consent.Delegation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t.delegations[consent.Party{ClientID: d.ClientID, Recipient: d.SIRET}] = d
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

// Answers are everybody's decisions so far.
func (m *Memory) Answers() []consent.Decision {
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
		if a.Status.List == list && (m.t.revoked(a) || g.Status != consent.GrantActive || !g.RestrictedAt.IsZero() || g.ConsumedBy != "" || m.t.suspended(g)) {
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
	clients       map[string]consent.Client
	delegations   map[consent.Party]consent.Delegation
	habilitations map[string]consent.Habilitation
	announced     map[string]consent.EventType
	requests      map[string]consent.Request
	matches       map[string]string             // request → identity it was filed for
	polls         map[string]time.Time          // request → last poll
	given         map[string]consent.Parameters // by request, and by consent
	subjects      map[string]consent.SubjectID
	identities    map[consent.SubjectID]consent.PivotIdentity
	pairwise      map[string]string
	decisions     []consent.Decision
	grants        map[string]consent.Grant
	codes         map[consent.Hash]consent.AuthorizationCode
	families      map[string]family
	refreshes     map[consent.Hash]consent.RefreshToken
	tokens        map[string]consent.AccessToken
	places        map[consent.StatusRef]bool
	accesses      map[string]consent.Access
	looks         map[string]look // by consent
	rights        []consent.RightsRequest
	ledger        []consent.LedgerEntry
	events        []consent.Event
	contacts      map[consent.SubjectID]consent.Contact
	checks        []addressCheck
	letters       []letter
	sessions      map[consent.Hash]consent.Session
	seen          map[consent.SubjectID]time.Time // last sign-in
	exporting     map[consent.SubjectID]time.Time
	erased        map[consent.SubjectID]bool
	holds         []consent.Hold
	erasures      []consent.Erasure
	measures      []consent.Measure
	purges        []purge
	agents        map[consent.AgentID]account
	lookups       []consent.Lookup
	reports       map[string]archive
	messages      []consent.RightsMessage
	rightsRead    map[string]time.Time // request → when its citizen read last
}

func newTables() *tables {
	return &tables{
		clients: map[string]consent.Client{}, delegations: map[consent.Party]consent.Delegation{}, habilitations: map[string]consent.Habilitation{}, announced: map[string]consent.EventType{}, requests: map[string]consent.Request{}, matches: map[string]string{}, polls: map[string]time.Time{}, given: map[string]consent.Parameters{}, subjects: map[string]consent.SubjectID{},
		identities: map[consent.SubjectID]consent.PivotIdentity{}, pairwise: map[string]string{}, grants: map[string]consent.Grant{},
		codes: map[consent.Hash]consent.AuthorizationCode{}, families: map[string]family{}, refreshes: map[consent.Hash]consent.RefreshToken{},
		tokens: map[string]consent.AccessToken{}, places: map[consent.StatusRef]bool{}, accesses: map[string]consent.Access{}, looks: map[string]look{},
		contacts: map[consent.SubjectID]consent.Contact{}, sessions: map[consent.Hash]consent.Session{}, seen: map[consent.SubjectID]time.Time{},
		exporting: map[consent.SubjectID]time.Time{}, rightsRead: map[string]time.Time{}, erased: map[consent.SubjectID]bool{},
		agents: map[consent.AgentID]account{}, reports: map[string]archive{},
	}
}

func (t *tables) clone() *tables {
	return &tables{
		clients: maps.Clone(t.clients), delegations: maps.Clone(t.delegations), habilitations: maps.Clone(t.habilitations), announced: maps.Clone(t.announced), requests: maps.Clone(t.requests), matches: maps.Clone(t.matches), polls: maps.Clone(t.polls), given: maps.Clone(t.given), subjects: maps.Clone(t.subjects),
		identities: maps.Clone(t.identities), pairwise: maps.Clone(t.pairwise), decisions: slices.Clone(t.decisions), grants: maps.Clone(t.grants),
		codes: maps.Clone(t.codes), families: maps.Clone(t.families), refreshes: maps.Clone(t.refreshes),
		tokens: maps.Clone(t.tokens), places: maps.Clone(t.places), accesses: maps.Clone(t.accesses), looks: maps.Clone(t.looks),
		rights: slices.Clone(t.rights), ledger: slices.Clone(t.ledger), events: slices.Clone(t.events),
		contacts: maps.Clone(t.contacts), checks: slices.Clone(t.checks), letters: slices.Clone(t.letters),
		sessions: maps.Clone(t.sessions), seen: maps.Clone(t.seen), exporting: maps.Clone(t.exporting), erased: maps.Clone(t.erased),
		holds: slices.Clone(t.holds), measures: slices.Clone(t.measures), erasures: slices.Clone(t.erasures), purges: slices.Clone(t.purges),
		agents: maps.Clone(t.agents), lookups: slices.Clone(t.lookups), reports: maps.Clone(t.reports), messages: slices.Clone(t.messages), rightsRead: maps.Clone(t.rightsRead),
	}
}
