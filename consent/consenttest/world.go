package consenttest

import (
	"context"
	"testing"
	"time"

	"portail.example/consent"
)

// World is a service on a store, with one administration and one citizen, in
// which any state of the journey is one call away.
type World struct {
	Service *consent.Service
	Store   consent.Store
	Memory  *Memory // nil when the store is another
	Clock   *Clock
	Client  consent.Client
	Viewer  consent.Viewer
	officer consent.Agent // see Officer
}

// NewWorld stands on a Memory.
func NewWorld(t testing.TB) *World {
	t.Helper()
	m := NewMemory()
	w := NewWorldOn(t, m)
	w.Memory = m
	return w
}

// StoreWithClients is a store in which administrations can be registered.
type StoreWithClients interface {
	consent.Store
	PutClient(ctx context.Context, c consent.Client) error
	PutDelegation(ctx context.Context, d consent.Delegation) error
	ClaimMails(ctx context.Context, now, lease time.Time, limit int) ([]consent.Mail, error)
	MailSent(ctx context.Context, id string) error
	MailFailed(ctx context.Context, id, reason string, due time.Time) error
	OpenSession(ctx context.Context, s consent.Session) (token string, err error)
	Session(ctx context.Context, token string, now time.Time) (consent.Session, error)
}

// NewWorldOn stands on any store.
func NewWorldOn(t testing.TB, store StoreWithClients) *World {
	t.Helper()
	clock := NewClock()
	w := &World{Store: store, Clock: clock, Client: TownHall()}
	w.Service = consent.NewService(store, consent.Limits{}, func(consent.DataSet) string { return Location }, clock.Now)
	for _, c := range []consent.Client{TownHall(), Transports(), SoftwareEditor(), Provider()} {
		must(t, store.PutClient(context.Background(), c))
	}
	for _, d := range Delegated() {
		must(t, store.PutDelegation(context.Background(), d))
	}
	w.Viewer = consent.Viewer{Browser: "browser-of-angela", Subject: w.SignIn(t, Angela())}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// SignIn makes a citizen known.
func (w *World) SignIn(t testing.TB, in consent.SignIn) consent.SubjectID {
	t.Helper()
	citizen, err := w.Service.SignIn(context.Background(), in)
	must(t, err)
	return citizen.Subject
}

// Push is a push of TownHall for the canteen.
func (w *World) Push() consent.Push {
	return consent.Push{Client: w.Client, RedirectURI: w.Client.RedirectURIs[0], State: "client-state", CodeChallenge: Challenge, Details: Canteen()}
}

// PushOnce is the same for a single release; a consent to it replaces no other.
func (w *World) PushOnce() consent.Push {
	p := w.Push()
	p.Details.Access = consent.Once
	return p
}

// Filing is a filing of TownHall for somebody.
func (w *World) Filing(who consent.PivotIdentity) consent.Filing {
	return consent.Filing{Client: w.Client, Details: Canteen(), Subject: who, Reference: "2026-117"}
}

// Pushed pushes and opens a request in the viewer's browser.
func (w *World) Pushed(t testing.TB, p consent.Push) consent.Request {
	t.Helper()
	secret, _, err := w.Service.PushRequest(context.Background(), p)
	must(t, err)
	r, err := w.Service.OpenRequest(context.Background(), p.Client.ID, secret, w.Viewer.Browser)
	must(t, err)
	return r
}

// Identified is a request its citizen looks at.
func (w *World) Identified(t testing.TB, p consent.Push) consent.Request {
	t.Helper()
	r, err := w.Service.Identify(context.Background(), w.Pushed(t, p).ID, w.Viewer)
	must(t, err)
	return r
}

// Allow is the answer "yes to all of it".
func (w *World) Allow(r consent.Request) consent.Answer {
	return consent.Answer{RequestID: r.ID, Viewer: w.Viewer, Allow: true, Groups: r.Details.Groups, Confirmed: true, Statement: Statement(), ACR: "eidas1", AuthTime: Start}
}

// Granted is a consent to what the push asks, asked anew even if one exists.
func (w *World) Granted(t testing.TB, p consent.Push) (consent.Grant, consent.Request) {
	t.Helper()
	p.ForcePrompt = true
	r, err := w.Service.Decide(context.Background(), w.Allow(w.Identified(t, p)))
	must(t, err)
	g, err := w.Store.Grant(context.Background(), w.Viewer.Subject, r.GrantID)
	must(t, err)
	return g, r
}

// Code is a granted request's code.
func (w *World) Code(t testing.TB, r consent.Request) string {
	t.Helper()
	response, err := w.Service.Respond(context.Background(), r.ID, w.Viewer)
	must(t, err)
	return response.Code
}

// Redemption redeems a code as its client.
func (w *World) Redemption(code string) consent.Redemption {
	return consent.Redemption{Client: w.Client, Code: code, RedirectURI: w.Client.RedirectURIs[0], CodeVerifier: Verifier}
}

// Issued is a recorded consent token for what the push asks.
func (w *World) Issued(t testing.TB, p consent.Push) consent.Issuance {
	t.Helper()
	_, r := w.Granted(t, p)
	issued, err := w.Service.RedeemCode(context.Background(), w.Redemption(w.Code(t, r)))
	must(t, err)
	return issued
}

// Call is a call of the data API with an issued token.
func (w *World) Call(i consent.Issuance) consent.AccessRequest {
	return consent.AccessRequest{
		TokenID: i.Token.ID, GrantID: i.Grant.ID, ClientID: i.Grant.ClientID, DataSet: consent.QuotientFamilial,
		Period: consent.Period{Year: 2026, Month: 11},
	}
}
