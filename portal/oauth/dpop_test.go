package oauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// holder is a client's DPoP key.
type holder struct {
	*world
	key *ecdsa.PrivateKey
}

func (w *world) holder() holder {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	return holder{w, key}
}

// proof adds a proof for a call of an endpoint, with the token that is presented there.
func (h holder) proof(path, nonce string, presented ...string) func(*http.Request) {
	h.t.Helper()
	point, err := h.key.PublicKey.Bytes()
	if err != nil {
		h.t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	made := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{"jti": rand.Text(), "htm": "POST", "htu": issuer + path, "iat": h.Clock.Now().Unix(), "nonce": nonce})
	for _, raw := range presented {
		sum := sha256.Sum256([]byte(raw))
		made.Claims.(jwt.MapClaims)["ath"] = encode(sum[:])
	}
	made.Header["typ"] = token.ProofType
	made.Header["jwk"] = map[string]string{"kty": "EC", "crv": "P-256", "x": encode(point[1:33]), "y": encode(point[33:])}
	raw, err := made.SignedString(h.key)
	if err != nil {
		h.t.Fatal(err)
	}
	return func(r *http.Request) { r.Header.Add("DPoP", raw) }
}

func (h holder) good(path string) func(*http.Request) { return h.proof(path, h.nonces.Current()) }

// confirmation is the key a token is bound to.
func confirmation(t testing.TB, r reply) string {
	t.Helper()
	claims := struct {
		jwt.RegisteredClaims
		Cnf token.Confirmation `json:"cnf"`
	}{}
	if _, _, err := jwt.NewParser().ParseUnverified(r.text("access_token"), &claims); err != nil {
		t.Fatalf("%v: %s", err, r.raw)
	}
	return claims.Cnf.JKT
}

func TestATokenIsBoundToTheKeyThatAskedForIt(t *testing.T) {
	w := newWorld(t)
	h := w.holder()
	r := w.post("/oauth/token", exchange(w.code()), h.good("/oauth/token"))
	if r.status != http.StatusOK || r.text("token_type") != "DPoP" || len(confirmation(t, r)) != 43 {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	renewed := w.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {r.text("refresh_token")}}, h.good("/oauth/token"))
	if confirmation(t, renewed) != confirmation(t, r) {
		t.Error("renewed for another key")
	}
}

func TestProofsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	h := w.holder()
	once := h.good("/oauth/token")
	if r := w.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}, once); r.text("error") != "invalid_grant" {
		t.Fatalf("a good proof: %s", r.raw)
	}
	cases := map[string]struct {
		prepare []func(*http.Request)
		want    string
	}{
		"no nonce":         {[]func(*http.Request){h.proof("/oauth/token", "")}, "use_dpop_nonce"},
		"a forged nonce":   {[]func(*http.Request){h.proof("/oauth/token", base64.RawURLEncoding.EncodeToString(make([]byte, 24)))}, "use_dpop_nonce"},
		"another endpoint": {[]func(*http.Request){h.good("/oauth/par")}, "invalid_dpop_proof"},
		"used before":      {[]func(*http.Request){once}, "invalid_dpop_proof"},
		"two":              {[]func(*http.Request){h.good("/oauth/token"), h.good("/oauth/token")}, "invalid_dpop_proof"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			code := w.code()
			if r := w.post("/oauth/token", exchange(code), c.prepare...); r.status != http.StatusBadRequest || r.text("error") != c.want {
				t.Errorf("%d %s", r.status, r.raw)
			}
			if r := w.post("/oauth/token", exchange(code)); r.status != http.StatusOK {
				t.Errorf("the code was used up: %s", r.raw)
			}
		})
	}
	old := w.nonces.Current()
	w.Clock.Advance(5 * time.Minute)
	if r := w.post("/oauth/token", exchange(w.code()), h.proof("/oauth/token", old)); r.text("error") != "use_dpop_nonce" {
		t.Errorf("an old nonce: %s", r.raw)
	}
}

// A code is bound to the key announced when the request was pushed.
func TestACodeIsBoundToTheKeyAnnounced(t *testing.T) {
	for name, announce := range map[string]func(h holder, form url.Values) func(*http.Request){
		"by a proof": func(h holder, _ url.Values) func(*http.Request) { return h.good("/oauth/par") },
		"by its thumbprint": func(h holder, form url.Values) func(*http.Request) {
			form.Set("dpop_jkt", h.thumbprint())
			return func(*http.Request) {}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			h, thief := w.holder(), w.holder()
			form := goodPush()
			prepare := announce(h, form)
			r := w.post("/oauth/par", form, prepare)
			if r.status != http.StatusCreated {
				t.Fatalf("%d %s", r.status, r.raw)
			}
			code := w.answered(r.text("request_uri"))
			for what, prepare := range map[string]func(*http.Request){"without a key": func(*http.Request) {}, "with another": thief.good("/oauth/token")} {
				if r := w.post("/oauth/token", exchange(code), prepare); r.text("error") != "invalid_grant" {
					t.Errorf("%s: %s", what, r.raw)
				}
			}
			if r := w.post("/oauth/token", exchange(code), h.good("/oauth/token")); r.status != http.StatusOK {
				t.Errorf("with its own: %s", r.raw)
			}
		})
	}
}

func (h holder) thumbprint() string {
	h.t.Helper()
	r := h.post("/oauth/token", exchange(h.code()), h.good("/oauth/token"))
	return confirmation(h.t, r)
}

// answered is the code for a pushed request that its citizen allows.
func (w *world) answered(requestURI string) string {
	w.t.Helper()
	secret := requestURI[len("urn:ietf:params:oauth:request_uri:"):]
	r, err := w.Service.OpenRequest(w.t.Context(), w.Client.ID, secret, w.Viewer.Browser)
	if err != nil {
		w.t.Fatal(err)
	}
	if r, err = w.Service.Identify(w.t.Context(), r.ID, w.Viewer); err != nil {
		w.t.Fatal(err)
	}
	if r.GrantID == "" {
		if r, err = w.Service.Decide(w.t.Context(), w.Allow(r)); err != nil {
			w.t.Fatal(err)
		}
	}
	return w.Code(w.t, r)
}

func TestAClientCanBeHeldToDPoP(t *testing.T) {
	w := newWorld(t)
	w.Client.RequireDPoP = true
	if err := w.Memory.PutClient(t.Context(), w.Client); err != nil {
		t.Fatal(err)
	}
	code := w.code()
	if r := w.post("/oauth/token", exchange(code)); r.status != http.StatusBadRequest || r.text("error") != "invalid_request" {
		t.Errorf("without a proof: %d %s", r.status, r.raw)
	}
	h := w.holder()
	issued := w.post("/oauth/token", exchange(code), h.good("/oauth/token"))
	if issued.status != http.StatusOK {
		t.Errorf("with one: %s", issued.raw)
	}
	manage := url.Values{"grant_type": {"client_credentials"}, "scope": {"grant_management_revoke"}}
	if r := w.post("/oauth/token", manage); r.text("error") != "invalid_request" {
		t.Errorf("a management token without a proof: %d %s", r.status, r.raw)
	}
	bound := w.post("/oauth/token", manage, h.good("/oauth/token"))
	if bound.text("token_type") != "DPoP" || confirmation(t, bound) == "" {
		t.Errorf("with one: %s", bound.raw)
	}
	if r := w.grant(http.MethodDelete, issued.text("grant_id"), bound.text("access_token")); r.status != http.StatusUnauthorized {
		t.Errorf("a stolen management token gives a consent up: %d", r.status)
	}
}

// An answer that was lost may be asked for again by the one who holds the key, at
// once; anybody else who repeats the call is taken for a thief.
func TestALostAnswer(t *testing.T) {
	refresh := func(w *world, r reply, prepare ...func(*http.Request)) reply {
		return w.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {r.text("refresh_token")}}, prepare...)
	}
	cases := map[string]struct {
		again func(w *world, h holder, first reply) reply
		lives bool
	}{
		"the same key, at once": {func(w *world, h holder, first reply) reply { return refresh(w, first, h.good("/oauth/token")) }, true},
		"the same key, late": {func(w *world, h holder, first reply) reply {
			w.Clock.Advance(time.Minute)
			return refresh(w, first, h.good("/oauth/token"))
		}, false},
		"another key":     {func(w *world, _ holder, first reply) reply { return refresh(w, first, w.holder().good("/oauth/token")) }, false},
		"without any key": {func(w *world, _ holder, first reply) reply { return refresh(w, first) }, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			h := w.holder()
			first := w.post("/oauth/token", exchange(w.code()), h.good("/oauth/token"))
			second := refresh(w, first, h.good("/oauth/token"))
			if second.status != http.StatusOK {
				t.Fatal(second.raw)
			}
			again := c.again(w, h, first)
			if lives := again.status == http.StatusOK; lives != c.lives {
				t.Errorf("%d %s", again.status, again.raw)
			}
			if next := refresh(w, second, h.good("/oauth/token")); (next.status == http.StatusOK) != c.lives {
				t.Errorf("what the first call gave: %d %s", next.status, next.raw)
			}
		})
	}
	w := newWorld(t)
	h := w.holder()
	first := w.post("/oauth/token", exchange(w.code()), h.good("/oauth/token"))
	second := refresh(w, first, h.good("/oauth/token"))
	w.Clock.Advance(time.Second)
	refresh(w, second, h.good("/oauth/token"))
	if r := refresh(w, first, h.good("/oauth/token")); r.text("error") != "invalid_grant" {
		t.Errorf("after the answer was evidently received: %s", r.raw)
	}
}
