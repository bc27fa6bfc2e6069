package token_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crypto/ecdsa"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

func jwks(t *testing.T, kid string, key *ecdsa.PrivateKey) string {
	t.Helper()
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"r","n":"AQAB","e":"AQAB"},{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":%q,"x":%q,"y":%q}]}`, kid, encode(point[1:33]), encode(point[33:]))
}

func TestAKeySetIsRead(t *testing.T) {
	key := newKey(t)
	keys, err := token.ParseKeys([]byte(jwks(t, "k1", key)))
	if err != nil || len(keys) != 1 || !keys["k1"].Equal(&key.PublicKey) {
		t.Errorf("read %v, %v", keys, err)
	}
	for name, raw := range map[string]string{
		"not JSON":       `nonsense`,
		"not on curve":   strings.Replace(jwks(t, "k1", key), `"y":"`, `"y":"AAAA`, 1),
		"short":          `{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"AA","y":"AA"}]}`,
		"the zero point": `{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"` + strings.Repeat("A", 43) + `","y":"` + strings.Repeat("A", 43) + `"}]}`,
	} {
		if _, err := token.ParseKeys([]byte(raw)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// issuerServer publishes a key set and counts its readers.
type issuerServer struct {
	*httptest.Server
	reads atomic.Int64
	body  atomic.Value
}

func newIssuer(t *testing.T, body string) *issuerServer {
	s := &issuerServer{}
	s.body.Store(body)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.reads.Add(1)
		body := s.body.Load().(string)
		if body == "" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestRemoteKeysAreReadSeldomAndFollowRotation(t *testing.T) {
	key, next := newKey(t), newKey(t)
	s := newIssuer(t, jwks(t, "k1", key))
	clock := now
	keys := token.NewRemoteKeys(s.URL, nil, func() time.Time { return clock })
	ask := func(kid string, want error, reads int64) {
		t.Helper()
		if _, err := keys.Key(t.Context(), kid); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", kid, err, want)
		}
		if got := s.reads.Load(); got != reads {
			t.Errorf("%s: %d reads so far, want %d", kid, got, reads)
		}
	}
	ask("k1", nil, 1)
	for range 100 {
		ask("k1", nil, 1)
		ask("invented", token.ErrUnknownKey, 1)
	}
	s.body.Store(jwks(t, "k2", next))
	clock = clock.Add(time.Minute)
	ask("k2", nil, 2)
	ask("k1", token.ErrUnknownKey, 2)
	s.body.Store("")
	clock = clock.Add(time.Hour)
	ask("k2", nil, 3) // the issuer is down: what is known stays in use
	ask("k2", nil, 3)
}

func TestKeysThatWereNeverReadAreNotUnknownKeys(t *testing.T) {
	s := newIssuer(t, "")
	keys := token.NewRemoteKeys(s.URL, nil, nil)
	for range 2 {
		if _, err := keys.Key(t.Context(), "k1"); !errors.Is(err, token.ErrKeys) {
			t.Errorf("got %v", err)
		}
	}
	if s.reads.Load() != 1 {
		t.Errorf("%d reads", s.reads.Load())
	}
}

func TestTheMiddlewareAnswersWithChallenges(t *testing.T) {
	key := newKey(t)
	valid := sign(t, jwt.SigningMethodES256, key, nil, good())
	expired := good()
	expired["exp"] = now.Add(-time.Hour).Unix()
	cases := map[string]struct {
		target    string
		headers   []string
		datatype  string
		status    int
		challenge string
	}{
		"good":           {"/", []string{"Bearer " + valid}, "enfants", 200, ""},
		"lower case":     {"/", []string{"bearer " + valid}, "enfants", 200, ""},
		"no token":       {"/", nil, "enfants", 401, `Bearer`},
		"another scheme": {"/", []string{"Basic abc"}, "enfants", 400, `Bearer error="invalid_request"`},
		"two headers":    {"/", []string{"Bearer " + valid, "Bearer " + valid}, "enfants", 400, `Bearer error="invalid_request"`},
		"two in one":     {"/", []string{"Bearer " + valid + ", Bearer x"}, "enfants", 400, `Bearer error="invalid_request"`},
		"in the URL":     {"/?access_token=" + valid, nil, "enfants", 400, `Bearer error="invalid_request"`},
		"expired":        {"/", []string{"Bearer " + sign(t, jwt.SigningMethodES256, key, nil, expired)}, "enfants", 401, `Bearer error="invalid_token", error_description="expired"`},
		"not granted":    {"/", []string{"Bearer " + valid}, "adresse", 403, `Bearer error="insufficient_scope"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if claims, ok := token.FromContext(r.Context()); !ok || claims.GrantID != "g" {
					t.Error("the handler got no claims")
				}
			})
			request := httptest.NewRequest(http.MethodGet, c.target, nil)
			for _, h := range c.headers {
				request.Header.Add("Authorization", h)
			}
			recorder := httptest.NewRecorder()
			verifier(t, key).Middleware("quotient_familial", c.datatype, next).ServeHTTP(recorder, request)
			if got := recorder.Header().Get("WWW-Authenticate"); recorder.Code != c.status || !strings.HasPrefix(got, c.challenge) || (c.challenge == "") != (got == "") {
				t.Errorf("%d %q", recorder.Code, got)
			}
		})
	}
}
