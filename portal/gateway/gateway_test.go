package gateway_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/internal/signing"
	"portail.example/portal/gateway"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

const (
	issuer   = "https://portal.example"
	audience = issuer + "/data"
	path     = "/data/v1/quotient-familial"
)

// world is the data API between a real token and the stand-in of API Particulier.
type world struct {
	*consenttest.World
	t        *testing.T
	base     string
	handler  http.Handler
	site     *web.Site
	key      *signing.Key
	verifier *token.Verifier
	upstream *stub.Server
	shared   consent.ProviderGate
	gate     *consenttest.Gate // the same, when it is in memory
	// meanwhile happens once, between the access record and the call it is for.
	meanwhile func()
	// boarded waits for the callers, when a test counts them.
	boarded *sync.WaitGroup
	// limited spoils the gate for the first call that asks it.
	limited  func(consent.ProviderCall) error
	provider *httptest.Server
	log      *strings.Builder
	proofs   *token.Proofs
	// paced makes time pass while a batch waits.
	paced atomic.Bool
	stages
	// unsigned keeps attestations from being signed.
	unsigned bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return worldWith(t, webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now))
}

// worldWith spares many worlds the reading of templates that none of them shows.
func worldWith(t *testing.T, site *web.Site) *world {
	t.Helper()
	return worldOn(t, site, consenttest.NewWorld(t), consenttest.NewGate())
}

func worldOn(t *testing.T, site *web.Site, known *consenttest.World, gate consent.ProviderGate) *world {
	t.Helper()
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{World: known, t: t, site: site, key: key, log: &strings.Builder{}}
	verifier, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: audience, Keys: key, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	w.upstream = stub.New(stub.Config{Now: w.Clock.Now, Tokens: map[string]stub.Habilitation{"t": {Scopes: stub.EveryScope()}}})
	w.provider = httptest.NewServer(w.upstream)
	t.Cleanup(w.provider.Close)
	w.verifier, w.shared = verifier, gate
	w.gate, _ = gate.(*consenttest.Gate)
	w.before(w.provider.URL)
	return w
}

// before puts the data API in front of a provider.
func (w *world) before(provider string) {
	w.t.Helper()
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	client := apiparticulier.New(apiparticulier.Config{BaseURL: provider, Token: "t", Gate: hooked{w.shared, w}, Now: w.Clock.Now, After: w.after, Wait: w.pass})
	room := gateway.New(gateway.Config{
		Service: w.Service, Verifier: w.verifier, Clients: w.clients(), Logger: logger, Papers: w.papers(), Upstream: &counted{w: w, Client: client}, Turn: turnOf(client.Batch()),
	})
	server := webtest.Serve(w.t, logger, w.site, w.Clock.Now, room)
	w.base, w.handler = server.URL, server.Config.Handler
}

// papers are made in French and signed with the key of the tokens.
func (w *world) papers() gateway.Papers {
	return gateway.Papers{Signer: w.signer(), Words: webtest.Words(w.t).Localizer("fr", func(key string, err error) { w.t.Errorf("%s: %v", key, err) }), Issuer: issuer}
}

// hooked is a gate on whose way something happens.
type hooked struct {
	consent.ProviderGate
	w *world
}

func (h hooked) AdmitCall(ctx context.Context, call consent.ProviderCall) (consent.ProviderTurn, error) {
	if do := h.w.meanwhile; do != nil {
		h.w.meanwhile = nil
		do()
	}
	if spoil := h.w.limited; spoil != nil {
		h.w.limited = nil
		if err := spoil(call); err != nil {
			return consent.ProviderTurn{}, err
		}
	}
	return h.ProviderGate.AdmitCall(ctx, call)
}

// issued is a consent to groups, and its token.
func (w *world) issued(mode consent.AccessMode, groups ...consent.DataGroup) (consent.Issuance, string) {
	w.t.Helper()
	push := w.Push()
	push.Details.Groups, push.Details.Access = groups, mode
	i := w.Issued(w.t, push)
	return i, w.mint(w.claims(i))
}

func (w *world) claims(i consent.Issuance) token.Claims {
	return token.Claims{
		Issuer: issuer, Subject: i.Grant.Sub, Audience: audience, ClientID: i.Grant.ClientID, Scope: "quotient_familial", GrantID: i.Grant.ID, ID: i.Token.ID,
		IssuedAt: jwt.NewNumericDate(i.Token.IssuedAt), ExpiresAt: jwt.NewNumericDate(i.Token.ExpiresAt), AuthorizationDetails: []token.Detail{{Type: "quotient_familial"}},
	}
}

func (w *world) mint(claims token.Claims) string {
	w.t.Helper()
	raw, err := w.key.Mint(claims)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

// reply is an answer, with its error or its data.
type reply struct {
	status int
	header http.Header
	raw    string
	Data   map[string]json.RawMessage `json:"data"`
	Errors []struct {
		Code, Title, Detail string
		Source              *struct{ Parameter string }
		Meta                map[string]any
	} `json:"errors"`
}

func (r reply) code() string {
	if len(r.Errors) != 1 {
		return ""
	}
	return r.Errors[0].Code
}

func (w *world) get(target, bearer string, headers ...string) reply {
	w.t.Helper()
	r := w.raw(target, bearer, headers...)
	if err := json.Unmarshal([]byte(r.raw), &r); err != nil {
		w.t.Fatalf("%v: %s", err, r.raw)
	}
	if kind := r.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/vnd.api+json") || r.header.Get("Cache-Control") != "no-store" {
		w.t.Errorf("sent as %q, %q", kind, r.header.Get("Cache-Control"))
	}
	return r
}

// raw is an answer in whatever form it comes.
func (w *world) raw(target, bearer string, headers ...string) reply {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.base+target, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{status: response.StatusCode, header: response.Header, raw: string(body)}
}

// last is the newest access of the world's citizen.
func (w *world) last() consent.Access {
	w.t.Helper()
	list, err := w.Store.Accesses(w.t.Context(), w.Viewer.Subject, "", consent.Access{}, 1)
	if err != nil || len(list) == 0 {
		w.t.Fatalf("%v, %d accesses", err, len(list))
	}
	return list[0]
}
