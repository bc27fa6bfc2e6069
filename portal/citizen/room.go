// Package citizen is the citizen's pages: signing in with FranceConnect, a
// request and its answer, the home page, one consent and its withdrawal. Rules
// are package consent's; this room shows, asks and hands over.
package citizen

import (
	"context"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// IdentityProvider signs citizens in.
type IdentityProvider interface {
	// Begin starts a sign-in: State, Nonce and CodeVerifier of the attempt are
	// set, and the browser goes to the address. data are scopes of data providers,
	// asked besides the identity.
	Begin(ctx context.Context, data ...string) (attempt consent.SignInAttempt, authorizeURL string, err error)
	// Complete checks the callback; it fails with SignInCancelled, SignInFailed
	// or SignInUnavailable. SignInFailed names scope when one was refused.
	Complete(ctx context.Context, attempt consent.SignInAttempt, callback url.Values) (consent.SignIn, error)
	// EndSessionURL is where the browser ends the provider's session.
	EndSessionURL(ctx context.Context, idToken, state string) (string, error)
}

// Attempts remembers sign-ins under way.
type Attempts interface {
	SaveSignInAttempt(ctx context.Context, a consent.SignInAttempt) error
	TakeSignInAttempt(ctx context.Context, state string, now time.Time) (consent.SignInAttempt, error)
}

// Config of the room.
type Config struct {
	Service       *consent.Service
	Site          *web.Site
	FranceConnect IdentityProvider
	Attempts      Attempts
	Receipts      ReceiptSigner
	Proofs        Proofs
	Operator      Operator
	Notices       bool          // the service sends e-mails
	Source        Source        // of the preview; without it, or without OwnSIRET, there is none
	Live          LiveSource    // for as long as FranceConnect's token lives; nil where the operator is not entitled to it
	LiveScopes    []string      // that FranceConnect entitled the operator to
	OwnSIRET      consent.SIRET // in whose name the preview asks: no administration's
	Issuer        string        // `iss` of answers to administrations (RFC 9207)
	Now           func() time.Time
}

// Room is the citizen's pages.
type Room struct {
	Config
	previews     *web.Limiter // by citizen, in this instance
	attestations *web.Limiter // by address, in this instance
	codes        *web.Limiter // by an attestation's code, in this instance
}

// New builds the room.
func New(cfg Config) *Room {
	return &Room{Config: cfg, previews: web.NewLimiter(previewRate, cfg.Now), attestations: web.NewLimiter(attestationRate, cfg.Now), codes: web.NewLimiter(codeRate, cfg.Now)}
}

// Mount adds the pages.
func (room *Room) Mount(r gin.IRouter) {
	site := room.Site
	site.Get(r, "/", room.start)
	room.mountAbout(r)
	site.Get(r, "/home", room.home)
	site.Get(r, "/sign-in", room.signIn)
	site.Get(r, "/franceconnect/callback", room.callback)
	site.Get(r, "/sign-out", room.signOut)
	site.Get(r, "/signed-out", room.signedOut)
	site.Get(r, "/requests/:id", room.again("", room.showRequest))
	site.Post(r, "/requests/:id/decision", room.again("/requests/:id", room.decide))
	site.Post(r, "/requests/:id/preview", room.again("/requests/:id", room.preview))
	site.Post(r, "/requests/:id/decline", room.decline)
	site.Get(r, "/requests/:id/done", room.again("/requests/:id", room.done))
	site.Get(r, "/requests/:id/return", room.giveBack)
	site.Get(r, "/texts/:hash", room.showText)
	site.Get(r, AttestationPath, room.askAttestation)
	site.Post(r, AttestationPath, room.checkAttestation)
	site.Get(r, "/notices/verify", room.askVerify)
	site.Post(r, "/notices/verify", room.verify)
	site.Get(r, "/notices/unsubscribe", room.askUnsubscribe)
	site.Post(r, "/notices/unsubscribe", room.unsubscribe)
	room.mountOwn(r)
}

// mountOwn adds what only a citizen who is signed in sees or does; those handlers
// need not ask whether anybody is. A file, and a form that stands on a page of another
// address, are told with that page.
func (room *Room) mountOwn(r gin.IRouter) {
	get := func(path string, h web.Handler) { room.Site.Get(r, path, room.again("", room.signedIn(h))) }
	post := func(path string, h web.Handler) { room.Site.Post(r, path, room.again("", room.signedIn(h))) }
	file := func(page, path string, h web.Handler) {
		room.Site.Get(r, page+path, room.again(page, room.signedIn(h)))
	}
	form := func(page, path string, h web.Handler) {
		room.Site.Post(r, page+path, room.again(page, room.signedIn(h)))
	}
	get("/requests", room.waiting)
	get("/receipts/:id", room.showReceipt)
	file("/receipts/:id", "/jwt", room.receiptFile)
	file("/receipts/:id", "/pdf", room.receiptPDF)
	file("/receipts/:id", "/proof", room.receiptProof)
	get("/my-data", room.myData)
	form("/my-data", "/export", room.exportMyData)
	get("/my-data/ask", room.showRights)
	post("/my-data/ask", room.askRight)
	get("/my-data/requests/:id", room.showRight)
	get("/my-data/measures", room.measures)
	form("/my-data/measures", "/lift", room.liftObjection)
	form("/my-data/measures", "/ask", room.askLifting)
	get("/my-data/measures/object", room.askObject)
	post("/my-data/measures/object", room.object)
	get("/sessions", room.sessions)
	form("/sessions", "/end", room.endSession)
	form("/sessions", "/end-others", room.endOtherSessions)
	get("/notices", room.notices)
	form("/notices", "/address", room.leaveAddress)
	form("/notices", "/choices", room.changeNotices)
	form("/notices", "/remove", room.removeAddress)
	get("/history", room.history)
	file("/history", ".csv", room.historyFile)
	get("/consents", room.listConsents)
	get("/consents/:id", room.showConsent)
	form("/consents/:id", "/pause", room.pause)
	form("/consents/:id", "/resume", room.resumeConsent)
	get("/consents/:id/reduce", room.askReduce)
	post("/consents/:id/reduce", room.reduce)
	get("/consents/:id/withdraw", room.askWithdraw)
	post("/consents/:id/withdraw", room.withdraw)
	get("/consents/:id/withdrawal", room.showWithdrawal)
	file("/consents/:id/withdrawal", "/jwt", room.withdrawalFile)
	file("/consents/:id/withdrawal", "/pdf", room.withdrawalPDF)
	for _, path := range []string{"/withdraw-all", "/administrations/:client/:siret/withdraw"} {
		get(path, room.askWithdrawAll)
		post(path, room.withdrawAll)
	}
}
