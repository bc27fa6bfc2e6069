package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// What the standards demand of answers, whatever they say (RFC 6749 section 5.1,
// RFC 9126 section 2.2, RFC 7662 section 2.2).
func TestAnswersAreNeverKept(t *testing.T) {
	w := newWorld(t)
	answers := map[string]reply{
		"PAR":                  w.post("/oauth/par", goodPush()),
		"token":                w.post("/oauth/token", exchange(w.code())),
		"introspection":        w.introspect("rubbish"),
		"revocation":           w.post("/oauth/revoke", url.Values{"token": {"rubbish"}}),
		"an error":             w.post("/oauth/token", exchange("unknown")),
		"a filed request":      w.file(`{"authorization_details":` + canteen + `,"subject":` + pierre + `}`),
		"signed introspection": w.introspect("rubbish", func(r *http.Request) { r.Header.Set("Accept", "application/token-introspection+jwt") }),
	}
	for what, answer := range answers {
		if answer.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, Cache-Control %q", what, answer.status, answer.header.Get("Cache-Control"))
		}
	}
}

// RFC 9110 section 15.5.2: a 401 says how to authenticate.
func TestEvery401SaysHowToAuthenticate(t *testing.T) {
	w := newWorld(t)
	nobody := func(r *http.Request) { r.Header.Del("Authorization") }
	for what, answer := range map[string]reply{
		"no client":       w.post("/oauth/token", exchange("x"), nobody),
		"a bad assertion": w.post("/oauth/token", url.Values{"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {"x"}}, nobody),
		"a wrong secret":  w.post("/oauth/par", goodPush(), func(r *http.Request) { r.SetBasicAuth(w.Client.ID, "wrong") }),
	} {
		if answer.status != http.StatusUnauthorized || !strings.HasPrefix(answer.header.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s: %d %q", what, answer.status, answer.header.Get("WWW-Authenticate"))
		}
	}
}

// RFC 6750 section 3 and RFC 9449 sections 7.1 and 9, where management tokens open
// something.
func TestManagementTokensAreChallenged(t *testing.T) {
	w := newWorld(t)
	_, _, id := w.tokens()
	h := w.holder()
	bound := w.management("grant_management_query", h.good("/oauth/token"))
	call := func(prepare ...func(*http.Request)) reply {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/oauth/grants/"+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range prepare {
			p(request)
		}
		return w.send(request)
	}
	as := func(scheme string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", scheme+" "+bound) }
	}
	for what, c := range map[string]struct {
		reply
		status int
		want   string
	}{
		"no token":         {call(), http.StatusUnauthorized, "Bearer"},
		"as a bearer":      {call(as("Bearer")), http.StatusUnauthorized, `DPoP error="invalid_token"`},
		"a proof for POST": {call(as("DPoP"), h.good("/oauth/grants/"+id)), http.StatusUnauthorized, `DPoP error="invalid_dpop_proof"`},
		"without a nonce":  {w.post("/oauth/events", nil, as("DPoP"), h.proof("/oauth/events", "", bound)), http.StatusUnauthorized, `DPoP error="use_dpop_nonce"`},
		"without a proof":  {call(as("DPoP")), http.StatusUnauthorized, `DPoP error="invalid_dpop_proof"`},
		"rubbish":          {call(func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }), http.StatusUnauthorized, `Bearer error="invalid_token"`},
	} {
		if got := c.header.Get("WWW-Authenticate"); c.reply.status != c.status || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %d %q %s", what, c.reply.status, got, c.raw)
		}
	}
}

// RFC 9701 section 5 and RFC 7662 section 2.2: a signed answer cannot be taken for
// an access token, and says no more than an unsigned one.
func TestASignedIntrospectionIsNoAccessToken(t *testing.T) {
	w := newWorld(t)
	access, _, _ := w.tokens()
	signed := func(r *http.Request) {
		r.Header.Set("Accept", "application/json;q=0.5, application/token-introspection+jwt")
	}
	for what, raw := range map[string]string{"active": w.introspect(access, signed).raw, "inactive": w.introspect("rubbish", signed).raw} {
		claims := jwt.MapClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(raw, claims); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, name := range []string{"sub", "exp", "client_id", "scope"} {
			if _, present := claims[name]; present {
				t.Errorf("%s: the answer itself has %s", what, name)
			}
		}
		inner, _ := claims["token_introspection"].(map[string]any)
		if what == "inactive" && (len(inner) != 1 || inner["active"] != false) {
			t.Errorf("inactive: %v", inner)
		}
	}
}

// login_hint goes nowhere: FranceConnect takes none, and it may name somebody.
func TestALoginHintIsAccepted(t *testing.T) {
	w := newWorld(t)
	form := goodPush()
	form.Set("login_hint", "angela@example.org")
	form.Set("ui_locales", "de en-GB fr")
	if r := w.post("/oauth/par", form); r.status != http.StatusCreated {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

// RFC 9126 section 2.3 and RFC 7662 section 2.1: these endpoints take POST only.
func TestBackChannelEndpointsTakePOSTOnly(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/oauth/par", "/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/consent-requests"} {
		if r := w.get(path); r.status != http.StatusMethodNotAllowed || r.header.Get("Allow") != http.MethodPost {
			t.Errorf("GET %s: %d, Allow %q", path, r.status, r.header.Get("Allow"))
		}
	}
}
