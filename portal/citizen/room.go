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
	// set, and the browser goes to the address.
	Begin(ctx context.Context) (attempt consent.SignInAttempt, authorizeURL string, err error)
	// Complete checks the callback; it fails with SignInCancelled, SignInFailed
	// or SignInUnavailable.
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
	OwnSIRET      consent.SIRET // in whose name the preview asks: no administration's
	Issuer        string        // `iss` of answers to administrations (RFC 9207)
	Now           func() time.Time
}

// Room is the citizen's pages.
type Room struct {
	Config
	previews *web.Limiter // by citizen, in this instance
}

// New builds the room.
func New(cfg Config) *Room {
	return &Room{Config: cfg, previews: web.NewLimiter(previewRate, cfg.Now)}
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
	site.Get(r, "/requests/:id", room.resume(room.showRequest))
	site.Post(r, "/requests/:id/decision", room.resume(room.decide))
	site.Post(r, "/requests/:id/preview", room.resume(room.preview))
	site.Post(r, "/requests/:id/decline", room.decline)
	site.Get(r, "/requests/:id/done", room.resume(room.done))
	site.Get(r, "/requests/:id/return", room.giveBack)
	site.Get(r, "/notices/verify", room.askVerify)
	site.Post(r, "/notices/verify", room.verify)
	site.Get(r, "/notices/unsubscribe", room.askUnsubscribe)
	site.Post(r, "/notices/unsubscribe", room.unsubscribe)
	room.mountOwn(func(path string, h web.Handler) { site.Get(r, path, room.signedIn(h)) }, func(path string, h web.Handler) { site.Post(r, path, room.signedIn(h)) })
}

// mountOwn adds what only a citizen who is signed in sees or does; those handlers
// need not ask whether anybody is.
func (room *Room) mountOwn(get, post func(path string, h web.Handler)) {
	get("/requests", room.waiting)
	get("/receipts/:id", room.showReceipt)
	get("/receipts/:id/jwt", room.receiptFile)
	get("/receipts/:id/pdf", room.receiptPDF)
	get("/receipts/:id/proof", room.receiptProof)
	get("/my-data", room.myData)
	post("/my-data/export", room.exportMyData)
	get("/my-data/ask", room.showRights)
	post("/my-data/ask", room.askRight)
	get("/sessions", room.sessions)
	post("/sessions/end", room.endSession)
	post("/sessions/end-others", room.endOtherSessions)
	get("/notices", room.notices)
	post("/notices/address", room.leaveAddress)
	post("/notices/choices", room.changeNotices)
	post("/notices/remove", room.removeAddress)
	get("/history", room.history)
	get("/history.csv", room.historyFile)
	get("/consents", room.listConsents)
	get("/consents/:id", room.showConsent)
	post("/consents/:id/pause", room.pause)
	post("/consents/:id/resume", room.resumeConsent)
	get("/consents/:id/reduce", room.askReduce)
	post("/consents/:id/reduce", room.reduce)
	get("/consents/:id/withdraw", room.askWithdraw)
	post("/consents/:id/withdraw", room.withdraw)
	get("/consents/:id/withdrawal", room.showWithdrawal)
	get("/consents/:id/withdrawal/jwt", room.withdrawalFile)
	get("/consents/:id/withdrawal/pdf", room.withdrawalPDF)
	for _, path := range []string{"/withdraw-all", "/administrations/:client/:siret/withdraw"} {
		get(path, room.askWithdrawAll)
		post(path, room.withdrawAll)
	}
}
