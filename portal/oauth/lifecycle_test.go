package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
)

// tokens redeems a fresh code.
func (w *world) tokens() (access, refresh, grant string) {
	w.t.Helper()
	r := w.post("/oauth/token", exchange(w.code()))
	if r.status != http.StatusOK {
		w.t.Fatalf("%d %s", r.status, r.raw)
	}
	return r.text("access_token"), r.text("refresh_token"), r.text("grant_id")
}

func (w *world) introspect(raw string, prepare ...func(*http.Request)) reply {
	w.t.Helper()
	return w.post("/oauth/introspect", url.Values{"token": {raw}}, prepare...)
}

// asTransports is another administration, with a secret of its own.
func (w *world) asTransports() func(*http.Request) {
	w.t.Helper()
	secret, hash := consent.NewSecret()
	other := consenttest.Transports()
	other.AuthMethod, other.JWKS, other.SecretHash = consent.ClientSecretBasic, nil, hash[:]
	if err := w.Memory.PutClient(w.t.Context(), other); err != nil {
		w.t.Fatal(err)
	}
	return func(r *http.Request) { r.SetBasicAuth(other.ID, secret) }
}

func TestIntrospectionTellsAClientAboutItsOwnTokens(t *testing.T) {
	w := newWorld(t)
	access, refresh, grant := w.tokens()
	a := w.introspect(access)
	if a.body["active"] != true || a.text("grant_id") != grant || a.text("client_id") != w.Client.ID || a.text("token_type") != "Bearer" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("access token: %s", a.raw)
	}
	if r := w.introspect(refresh); r.body["active"] != true || r.text("token_type") != "refresh_token" || r.text("grant_id") != grant {
		t.Errorf("refresh token: %s", r.raw)
	}
	const inactive = `{"active":false}`
	for what, r := range map[string]reply{
		"another client's access token": w.introspect(access, w.asTransports()), "another client's refresh token": w.introspect(refresh, w.asTransports()),
		"rubbish": w.introspect("rubbish"), "a forged token": w.introspect(access[:len(access)-8] + "AAAAAAAA"), "dots": w.introspect("a.b.c"),
	} {
		if r.status != http.StatusOK || r.raw != inactive {
			t.Errorf("%s: %d %s", what, r.status, r.raw)
		}
	}
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, grant, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	for what, raw := range map[string]string{"access": access, "refresh": refresh} {
		if r := w.introspect(raw); r.raw != inactive {
			t.Errorf("%s token after the withdrawal: %s", what, r.raw)
		}
	}
}

func TestAnExpiredOrSuspendedTokenIsNotActive(t *testing.T) {
	w := newWorld(t)
	access, _, _ := w.tokens()
	w.Clock.Advance(5 * time.Minute)
	if r := w.introspect(access); r.body["active"] != false {
		t.Errorf("expired: %s", r.raw)
	}
	if r := w.post("/oauth/introspect", url.Values{}); r.status != http.StatusBadRequest || !strings.Contains(r.raw, "token: missing") {
		t.Errorf("no token: %d %s", r.status, r.raw)
	}
	if r := w.introspect(access, func(r *http.Request) { r.Header.Del("Authorization") }); r.status != http.StatusUnauthorized {
		t.Errorf("nobody asks: %d", r.status)
	}
}

// RFC 9701: the answer is a JWT for the one who asked.
func TestASignedIntrospection(t *testing.T) {
	w := newWorld(t)
	access, _, grant := w.tokens()
	r := w.introspect(access, func(r *http.Request) { r.Header.Set("Accept", "application/token-introspection+jwt") })
	if r.header.Get("Content-Type") != "application/token-introspection+jwt" {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	var claims struct {
		jwt.RegisteredClaims
		Introspection token.Introspection `json:"token_introspection"`
	}
	parsed, err := jwt.NewParser(jwt.WithTimeFunc(w.Clock.Now)).ParseWithClaims(r.raw, &claims, func(parsed *jwt.Token) (any, error) {
		return w.key.Key(t.Context(), parsed.Header["kid"].(string))
	})
	if err != nil || parsed.Header["typ"] != "token-introspection+jwt" || claims.Issuer != issuer || claims.Audience[0] != w.Client.ID || claims.Introspection.GrantID != grant {
		t.Errorf("%v %v %+v", err, parsed.Header, claims)
	}
}

func TestRevocationEndsWhatOneCodeGave(t *testing.T) {
	for _, which := range []string{"access", "refresh"} {
		t.Run(which, func(t *testing.T) {
			w := newWorld(t)
			access, refresh, grant := w.tokens()
			raw := map[string]string{"access": access, "refresh": refresh}[which]
			if r := w.post("/oauth/revoke", url.Values{"token": {raw}}, w.asTransports()); r.status != http.StatusBadRequest || r.text("error") != "unauthorized_client" {
				t.Errorf("by another client: %d %s", r.status, r.raw)
			}
			for range 2 { // twice is no error
				if r := w.post("/oauth/revoke", url.Values{"token": {raw}, "token_type_hint": {"nonsense"}}); r.status != http.StatusOK {
					t.Fatalf("%d %s", r.status, r.raw)
				}
			}
			if w.introspect(access).body["active"] != false || w.introspect(refresh).body["active"] != false {
				t.Error("something of it is still active")
			}
			if r := w.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}); r.text("error") != "invalid_grant" {
				t.Errorf("refresh: %s", r.raw)
			}
			if g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, grant); err != nil || g.Live(w.Clock.Now()) != nil {
				t.Error("the citizen's consent ended")
			}
		})
	}
	w := newWorld(t)
	if r := w.post("/oauth/revoke", url.Values{"token": {"unknown"}}); r.status != http.StatusOK {
		t.Errorf("unknown: %d", r.status)
	}
}

// management is a token for grant management.
func (w *world) management(scope string, prepare ...func(*http.Request)) string {
	w.t.Helper()
	r := w.post("/oauth/token", url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}, prepare...)
	if r.status != http.StatusOK {
		w.t.Fatalf("%d %s", r.status, r.raw)
	}
	return r.text("access_token")
}

func (w *world) grant(method, id, bearer string) reply {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.base+"/oauth/grants/"+id, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	return w.send(request)
}

func TestAnAdministrationReadsAndGivesUpItsOwnConsent(t *testing.T) {
	w := newWorld(t)
	access, _, id := w.tokens()
	query, revoke := w.management("grant_management_query"), w.management("grant_management_revoke")
	if r := w.grant(http.MethodGet, id, query); r.status != http.StatusOK || r.text("status") != "active" || !strings.Contains(r.raw, `"purpose":"tarification-cantine"`) {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	theirs := w.management("grant_management_query grant_management_revoke", w.asTransports())
	for what, got := range map[string]struct {
		reply
		status int
	}{
		"another client reads":       {w.grant(http.MethodGet, id, theirs), http.StatusNotFound},
		"another client gives up":    {w.grant(http.MethodDelete, id, theirs), http.StatusNotFound},
		"a query token gives up":     {w.grant(http.MethodDelete, id, query), http.StatusForbidden},
		"a revoke token reads":       {w.grant(http.MethodGet, id, revoke), http.StatusForbidden},
		"a consent token reads":      {w.grant(http.MethodGet, id, access), http.StatusUnauthorized},
		"rubbish reads":              {w.grant(http.MethodGet, id, "rubbish"), http.StatusUnauthorized},
		"an unknown consent is read": {w.grant(http.MethodGet, consent.NewID(), query), http.StatusNotFound},
	} {
		if got.reply.status != got.status {
			t.Errorf("%s: %d, want %d: %s", what, got.reply.status, got.status, got.raw)
		}
	}
	for range 2 {
		if r := w.grant(http.MethodDelete, id, revoke); r.status != http.StatusNoContent {
			t.Fatalf("%d %s", r.status, r.raw)
		}
	}
	if r := w.grant(http.MethodGet, id, query); r.text("status") != "relinquished" {
		t.Errorf("afterwards: %s", r.raw)
	}
	if w.introspect(access).body["active"] != false {
		t.Error("its token is still active")
	}
	w.Clock.Advance(time.Minute)
	if r := w.grant(http.MethodGet, id, query); r.status != http.StatusUnauthorized {
		t.Errorf("a minute later: %d", r.status)
	}
}

// No data is ever a client's own: client_credentials opens the management of consents,
// and batches over them.
func TestClientCredentialsOpenNoData(t *testing.T) {
	w := newWorld(t)
	for _, scope := range []string{"", "quotient_familial", "grant_management_query quotient_familial", "grant_management_query data_batch", "data_batch data_batch"} {
		if r := w.post("/oauth/token", url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}); r.text("error") != "invalid_scope" {
			t.Errorf("%q: %s", scope, r.raw)
		}
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: issuer + "/data", Keys: w.key, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range []string{"grant_management_query", token.BatchScope} {
		if _, err := verifier.Verify(t.Context(), w.management(scope)); err == nil {
			t.Errorf("a token for %s passes for a consent token", scope)
		}
	}
	_, _, id := w.tokens()
	if r := w.grant(http.MethodGet, id, w.management(token.BatchScope)); r.status != http.StatusUnauthorized {
		t.Errorf("a batch's token reads a consent: %d", r.status)
	}
	if r := w.introspect(w.management(token.BatchScope)); r.body["active"] != false {
		t.Errorf("a batch's token is a live consent: %s", r.raw)
	}
}
