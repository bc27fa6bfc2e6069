package events_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/internal/events"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
	"portail.example/internal/signing"
)

// world is a town hall that receives events, on a real outbox.
type world struct {
	*consenttest.World
	t         *testing.T
	db        *postgres.DB
	url       string // of db
	key       *signing.Key
	deliverer *events.Deliverer
	log       *bytes.Buffer

	mu       sync.Mutex
	received []string // types, in order of arrival
	jtis     []string
	answer   func(n int) int // status of the n-th push
}

func newWorld(t *testing.T, allowPrivate bool) *world {
	t.Helper()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{World: consenttest.NewWorldOn(t, db), t: t, db: db, url: url, key: key, log: &bytes.Buffer{}, answer: func(int) int { return http.StatusAccepted }}
	receiver := httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(receiver.Close)
	client := w.Client
	client.EventEndpoint = receiver.URL + "/events"
	if err := db.PutClient(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	w.deliverer = events.New(events.Config{
		Outbox: db, Signer: key, Issuer: "https://portal.example", Logger: slog.New(slog.NewTextHandler(w.log, nil)), Now: w.Clock.Now, AllowPrivate: allowPrivate,
	})
	return w
}

// receive checks what any receiver would before it believes a word.
func (w *world) receive(answer http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	verifier, errVerifier := token.NewVerifier(token.Config{Issuer: "https://portal.example", Audience: w.Client.ID, Keys: w.key, Now: w.Clock.Now})
	if err != nil || errVerifier != nil || r.Header.Get("Content-Type") != "application/secevent+jwt" {
		w.t.Errorf("push: %v, %v, %q", err, errVerifier, r.Header.Get("Content-Type"))
	}
	claims, err := verifier.VerifyEvent(r.Context(), string(raw))
	if err != nil {
		w.t.Errorf("the event is refused: %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for uri := range claims.Events {
		w.received = append(w.received, strings.TrimPrefix(uri, token.EventURI("")))
	}
	w.jtis = append(w.jtis, claims.ID)
	answer.WriteHeader(w.answer(len(w.received)))
	_, _ = io.WriteString(answer, `{"err":"access_denied","description":"DUBOIS"}`)
}

// round delivers what is due now, one attempt for each event.
func (w *world) round() int {
	w.t.Helper()
	n, err := w.deliverer.Round(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	w.deliverer.Wait()
	return n
}

// all delivers until nothing is due.
func (w *world) all() {
	for w.round() > 0 {
	}
}

func (w *world) withdrawn() consent.Grant {
	w.t.Helper()
	g, _ := w.Granted(w.t, w.Push())
	if _, err := w.Service.Withdraw(w.t.Context(), w.Viewer.Subject, g.ID, consent.Unsaid); err != nil {
		w.t.Fatal(err)
	}
	return g
}

func TestEventsOfAConsentArriveSignedAndInOrder(t *testing.T) {
	w := newWorld(t, true)
	w.withdrawn()
	if n := w.round(); n != 1 {
		t.Errorf("%d events at once of one consent", n)
	}
	w.all()
	if !slices.Equal(w.received, []string{"consent.granted", "consent.withdrawn"}) {
		t.Errorf("received %v", w.received)
	}
	if n := w.round(); n != 0 {
		t.Errorf("%d sent again", n)
	}
}

func TestAReceiverThatIsDownGetsEverythingLaterInOrderUnderTheSameNumbers(t *testing.T) {
	w := newWorld(t, true)
	w.answer = func(n int) int {
		if n <= 3 {
			return http.StatusServiceUnavailable
		}
		return http.StatusAccepted
	}
	w.withdrawn()
	w.all()
	if !slices.Equal(w.received, []string{"consent.granted"}) {
		t.Fatalf("before the first is taken: %v", w.received)
	}
	for range 4 {
		w.Clock.Advance(time.Hour)
		w.all()
	}
	if !slices.Equal(w.received, []string{"consent.granted", "consent.granted", "consent.granted", "consent.granted", "consent.withdrawn"}) {
		t.Errorf("received %v", w.received)
	}
	if w.jtis[0] != w.jtis[3] || w.jtis[0] == w.jtis[4] {
		t.Errorf("numbers %v", w.jtis)
	}
}

func TestABlockedConsentKeepsNoOtherWaiting(t *testing.T) {
	w := newWorld(t, true)
	w.answer = func(n int) int {
		if n == 1 {
			return http.StatusBadRequest
		}
		return http.StatusAccepted
	}
	w.withdrawn()
	w.round()
	w.withdrawn()
	w.all()
	if !slices.Equal(w.received, []string{"consent.granted", "consent.granted", "consent.withdrawn"}) {
		t.Errorf("received %v", w.received)
	}
}

func TestAnEventIsGivenUpAfterThreeDaysAndShownToTheOperator(t *testing.T) {
	w := newWorld(t, true)
	w.answer = func(int) int { return http.StatusForbidden }
	w.Granted(t, w.Push())
	attempts := 0
	for spent := time.Duration(0); spent < 80*time.Hour; spent += 30 * time.Minute {
		attempts += w.round()
		w.Clock.Advance(30 * time.Minute)
	}
	if attempts < 50 || attempts > 100 {
		t.Errorf("%d attempts in 72 hours", attempts)
	}
	dead, err := w.db.DeadEvents(t.Context(), 10)
	if err != nil || len(dead) != 1 || dead[0].Reason != "status 403, access_denied" || dead[0].ClientID != w.Client.ID {
		t.Fatalf("dead: %+v, %v", dead, err)
	}
	if log := w.log.String(); !strings.Contains(log, "event given up") || strings.Contains(log, "DUBOIS") {
		t.Errorf("log: %s", log)
	}
	w.answer = func(int) int { return http.StatusOK }
	if n, err := w.db.ReviveEvents(t.Context(), w.Client.ID, w.Clock.Now()); err != nil || n != 1 {
		t.Errorf("revived %d, %v", n, err)
	}
	w.all()
	if dead, err := w.db.DeadEvents(t.Context(), 10); err != nil || len(dead) != 0 {
		t.Errorf("still dead: %v, %v", dead, err)
	}
}

// A deliverer that dies between the claim and the note loses nothing: the lease
// ends, and another one sends the event again.
func TestAnEventWhoseDelivererDiedIsSentByTheNext(t *testing.T) {
	w := newWorld(t, true)
	w.Granted(t, w.Push())
	lent, err := w.db.ClaimEvents(t.Context(), w.Clock.Now(), w.Clock.Now().Add(time.Minute), nil, 10)
	if err != nil || len(lent) != 1 {
		t.Fatal(lent, err)
	}
	if n := w.round(); n != 0 {
		t.Error("two deliverers send one event at once")
	}
	w.Clock.Advance(time.Minute)
	w.all()
	if !slices.Equal(w.received, []string{"consent.granted"}) {
		t.Errorf("received %v", w.received)
	}
}

// What cannot be told must not silence the rest of its consent for ever.
func TestAnEventGivenUpLetsTheNextOfItsConsentPass(t *testing.T) {
	w := newWorld(t, true)
	w.withdrawn()
	first, err := w.db.OpenEvents(t.Context(), w.Client.ID, 1)
	if err != nil || len(first) != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	if err := w.db.EventFailed(t.Context(), first[0].Sequence, "status 400", time.Time{}); err != nil {
		t.Fatal(err)
	}
	w.all()
	if !slices.Equal(w.received, []string{"consent.withdrawn"}) {
		t.Errorf("received %v", w.received)
	}
}

// An event its receiver cannot use must not keep the others from it.
func TestARefusedEventComesLastInAPoll(t *testing.T) {
	w := newWorld(t, true)
	w.withdrawn()
	first, err := w.db.OpenEvents(t.Context(), w.Client.ID, 1)
	if err != nil || len(first) != 1 || first[0].Type != consent.EventGranted {
		t.Fatalf("%+v, %v", first, err)
	}
	if err := w.db.RejectEvent(t.Context(), w.Client.ID, first[0].JTI, "refused by the client: other"); err != nil {
		t.Fatal(err)
	}
	open, err := w.db.OpenEvents(t.Context(), w.Client.ID, 10)
	if err != nil || len(open) != 2 || open[0].Type != consent.EventWithdrawn || open[1].JTI != first[0].JTI {
		t.Errorf("%+v, %v", open, err)
	}
}

func TestNoPrivateAddressIsReached(t *testing.T) {
	w := newWorld(t, false)
	w.Granted(t, w.Push())
	for endpoint, reason := range map[string]string{
		"http://192.0.2.1/": "the endpoint is not https", "https://127.0.0.1:1/": "the endpoint has a private address", "https://[::1]:1/": "the endpoint has a private address",
		"https://10.0.0.1/": "the endpoint has a private address", "https://169.254.169.254/": "the endpoint has a private address", "https://localhost:1/": "the endpoint has a private address",
		"https://100.64.0.1/": "the endpoint has a private address", "https://[64:ff9b::a00:1]/": "the endpoint has a private address", "https://[fd00::1]/": "the endpoint has a private address",
		"https://[::ffff:10.0.0.1]/": "the endpoint has a private address", "https://0.0.0.0/": "the endpoint has a private address",
		"https://[64:ff9b::a00:1%25lo]/": "the endpoint has a private address", "https://[2002:a00:1::]/": "the endpoint has a private address",
		"https://[2001::a00:1]/": "the endpoint has a private address", "https://[::10.0.0.1]/": "the endpoint has a private address",
	} {
		client := w.Client
		client.EventEndpoint = endpoint
		if err := w.db.PutClient(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(2 * time.Hour)
		if n := w.round(); n != 1 {
			t.Fatalf("%s: %d attempts", endpoint, n)
		}
		open, err := w.db.OpenEvents(t.Context(), w.Client.ID, 10)
		if err != nil || len(open) != 1 || open[0].Reason != reason {
			t.Errorf("%s: %+v, %v", endpoint, open, err)
		}
	}
	if len(w.received) != 0 {
		t.Error("it was reached")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	w := newWorld(t, true)
	elsewhere := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	client := w.Client
	client.EventEndpoint = elsewhere.URL
	if err := w.db.PutClient(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	w.Granted(t, w.Push())
	w.round()
	if open, err := w.db.OpenEvents(t.Context(), w.Client.ID, 10); err != nil || len(open) != 1 || open[0].Reason != "status 307" {
		t.Errorf("%+v, %v", open, err)
	}
}
