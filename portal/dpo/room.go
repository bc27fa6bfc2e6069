// Package dpo is the agents' pages: data protection officers, the operator, auditors.
// They sign in with ProConnect, apart from citizens, with sessions of their own. What a
// role may do is package consent's to say; this room shows, asks and hands over.
package dpo

import (
	"context"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/consent/ledger"
	"portail.example/portal/web"
)

// IdentityProvider signs agents in.
type IdentityProvider interface {
	// Begin starts a sign-in: State, Nonce and CodeVerifier of the attempt are set, and
	// the browser goes to the address.
	Begin(ctx context.Context) (attempt consent.AgentAttempt, authorizeURL string, err error)
	// Complete checks the callback; it fails with SignInCancelled, SignInFailed,
	// SignInUnavailable or SingleFactor.
	Complete(ctx context.Context, attempt consent.AgentAttempt, callback url.Values) (consent.AgentSignIn, error)
	// EndSessionURL is where the browser ends the provider's session.
	EndSessionURL(ctx context.Context, idToken, state string) (string, error)
}

// Sessions keeps agents' sessions, and sign-ins under way, under secrets only browsers
// know.
type Sessions interface {
	OpenAgentSession(ctx context.Context, s consent.AgentSession) (token string, err error)
	AgentSession(ctx context.Context, token string, now time.Time) (consent.AgentSession, error)
	// PastAgentSession is a session that may be over: it tells whose a form is that was
	// sent too late, and opens nothing.
	PastAgentSession(ctx context.Context, token string, now time.Time) (consent.AgentSession, error)
	KeepAgentDraft(ctx context.Context, token string, d consent.Draft) error
	CloseAgentSession(ctx context.Context, token string) error
	SaveAgentAttempt(ctx context.Context, a consent.AgentAttempt) error
	TakeAgentAttempt(ctx context.Context, state string, now time.Time) (consent.AgentAttempt, error)
}

// Config of the room.
type Config struct {
	Service    *consent.Service
	Site       *web.Site
	ProConnect IdentityProvider
	Sessions   Sessions
	Evidence   *ledger.Inspector
	Operator   export.Operator
	Now        func() time.Time
}

// Room is the agents' pages.
type Room struct{ Config }

// New builds the room.
func New(cfg Config) *Room { return &Room{cfg} }

// Mount adds the pages. Those of a duty are for the roles that have it.
func (room *Room) Mount(r gin.IRouter) {
	room.get(r, "/dpo", room.entrance)
	room.get(r, "/dpo/sign-in", room.signIn)
	room.get(r, "/dpo/callback", room.callback)
	room.get(r, "/dpo/sign-out", room.signOut)
	room.get(r, "/dpo/signed-out", room.signedOut)
	room.mountPeople(r)
	room.get(r, "/dpo/agents", room.on(consent.DutyAgents, room.agents))
	room.post(r, "/dpo/agents", room.on(consent.DutyAgents, room.invite))
	room.get(r, "/dpo/agents/:id/revoke", room.on(consent.DutyAgents, room.askRevoke))
	room.post(r, "/dpo/agents/:id/revoke", room.on(consent.DutyAgents, room.revoke))
	room.get(r, "/dpo/consultations.csv", room.from("/dpo", consent.DutyConsultations, room.consultations))
	room.get(r, "/dpo/lookups", room.on(consent.DutyLookups, room.lookups))
	room.get(r, "/dpo/register", room.on(consent.DutyRegister, room.register))
	room.get(r, "/dpo/register.csv", room.from("/dpo/register", consent.DutyRegister, room.registerCSV))
	room.get(r, "/dpo/register.json", room.from("/dpo/register", consent.DutyRegister, room.registerJSON))
	room.get(r, "/dpo/statistics", room.on(consent.DutyRegister, room.statistics))
	room.get(r, "/dpo/statistics.csv", room.from("/dpo/statistics", consent.DutyRegister, room.statisticsCSV))
	room.get(r, "/dpo/statistics.json", room.from("/dpo/statistics", consent.DutyRegister, room.statisticsJSON))
	room.get(r, "/dpo/alerts", room.on(consent.DutyRegister, room.alerts))
	room.mountRights(r)
	room.mountErasures(r)
	room.mountEvidence(r)
}

// get adds a page.
func (room *Room) get(r gin.IRouter, path string, h web.Handler) {
	handlers := append(room.Site.Common(), web.Handle(room.load, room.writeError), web.Handle(h, room.writeError))
	r.GET(path, handlers...)
	r.HEAD(path, handlers...)
}

// post adds a form's target: cross-origin posts never reach it.
func (room *Room) post(r gin.IRouter, path string, h web.Handler) {
	r.POST(path, append(room.Site.Common(), web.Handle(room.load, room.writeError), web.Handle(h, room.writeError))...)
}
