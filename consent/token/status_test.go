package token_test

import (
	"bytes"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// lister is an issuer that serves one list, as wrong as a test wants it.
type lister struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	url     string
	fetches int
	status  int
	now     time.Time
	change  func(header map[string]any, claims jwt.MapClaims)
}

func newLister(t *testing.T) (*lister, *token.StatusLists) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l := &lister{t: t, key: key, now: now, status: http.StatusOK, change: func(map[string]any, jwt.MapClaims) {}}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	l.url = server.URL
	lists, err := token.NewStatusLists(token.StatusConfig{Issuer: l.url, Keys: token.StaticKeys{"k": &key.PublicKey}, Now: func() time.Time { return l.now }})
	if err != nil {
		t.Fatal(err)
	}
	return l, lists
}

func pack(t *testing.T, list []byte) string {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(list); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(out.Bytes())
}

// ServeHTTP serves the draft's own example of one bit per token (section 4.1).
func (l *lister) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	l.fetches++
	header := map[string]any{"typ": token.StatusListType, "kid": "k"}
	claims := jwt.MapClaims{
		"sub": l.url + "/lists/1", "iat": l.now.Unix(), "exp": l.now.Add(2 * time.Minute).Unix(), "ttl": 30,
		"status_list": map[string]any{"bits": 1, "lst": pack(l.t, []byte{0xB9, 0xA3})},
	}
	l.change(header, claims)
	made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	for name, value := range header {
		made.Header[name] = value
	}
	raw, err := made.SignedString(l.key)
	if err != nil {
		l.t.Error(err)
	}
	w.WriteHeader(l.status)
	_, _ = w.Write([]byte(raw))
}

func TestStatusLists(t *testing.T) {
	l, lists := newLister(t)
	want := []int{1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1} // the draft's
	for index, bit := range want {
		err := lists.Check(t.Context(), token.StatusList{Index: index, URI: l.url + "/lists/1"})
		if revoked := errors.Is(err, token.ErrRevoked); revoked != (bit == 1) || (err != nil) != revoked {
			t.Errorf("place %d: %v", index, err)
		}
	}
	if l.fetches != 1 {
		t.Errorf("fetched %d times", l.fetches)
	}
	l.change = func(_ map[string]any, claims jwt.MapClaims) {
		claims["status_list"] = map[string]any{"bits": 1, "lst": pack(t, []byte{0xFF, 0xFF})}
	}
	place := token.StatusList{Index: 1, URI: l.url + "/lists/1"}
	l.now = l.now.Add(29 * time.Second)
	if err := lists.Check(t.Context(), place); err != nil {
		t.Errorf("within the ttl: %v", err)
	}
	l.now = l.now.Add(time.Second)
	if err := lists.Check(t.Context(), place); !errors.Is(err, token.ErrRevoked) {
		t.Errorf("after the ttl: %v", err)
	}
}

// What cannot be read or trusted refuses the call: no answer is not a yes.
func TestListsThatAreNotBelieved(t *testing.T) {
	claim := func(name string, value any) func(*lister) {
		return func(l *lister) { l.change = func(_ map[string]any, claims jwt.MapClaims) { claims[name] = value } }
	}
	head := func(name string, value any) func(*lister) {
		return func(l *lister) { l.change = func(header map[string]any, _ jwt.MapClaims) { header[name] = value } }
	}
	cases := map[string]func(l *lister){
		"not there":         func(l *lister) { l.status = http.StatusNotFound },
		"another list":      claim("sub", "https://elsewhere.example/lists/1"),
		"expired":           claim("exp", now.Add(-time.Second).Unix()),
		"from tomorrow":     claim("iat", now.Add(24*time.Hour).Unix()),
		"never issued":      claim("iat", nil),
		"three bits":        claim("status_list", map[string]any{"bits": 3, "lst": pack(t, []byte{0})}),
		"not zlib":          claim("status_list", map[string]any{"bits": 1, "lst": "AAAA"}),
		"not base64url":     claim("status_list", map[string]any{"bits": 1, "lst": "!"}),
		"too short":         claim("status_list", map[string]any{"bits": 1, "lst": pack(t, nil)}),
		"a consent token":   head("typ", token.Type),
		"an unknown key":    head("kid", "other"),
		"crit":              head("crit", []string{"x"}),
		"signed by another": func(l *lister) { l.key = newHolder(t).key },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			l, lists := newLister(t)
			spoil(l)
			if err := lists.Check(t.Context(), token.StatusList{URI: l.url + "/lists/1"}); !errors.Is(err, token.ErrStatus) {
				t.Errorf("%v", err)
			}
		})
	}
	visits := &recorder{}
	lists, err := token.NewStatusLists(token.StatusConfig{
		Issuer: "https://portal.example", Keys: token.StaticKeys{}, Client: &http.Client{Transport: visits}, Now: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, uri := range []string{"http://169.254.169.254/lists/1", "https://portal.example.evil.example/lists/1", "https://portal.example@evil.example/lists/1", ""} {
		if err := lists.Check(t.Context(), token.StatusList{URI: uri}); !errors.Is(err, token.ErrStatus) || visits.count != 0 {
			t.Errorf("%q: %v after %d visits", uri, err, visits.count)
		}
	}
	if err := lists.Check(t.Context(), token.StatusList{URI: "https://portal.example/lists/1"}); !errors.Is(err, token.ErrStatus) || visits.count != 1 {
		t.Errorf("the issuer's own: %v after %d visits", err, visits.count)
	}
	if status, header := token.Challenge(token.ErrStatus); status != http.StatusServiceUnavailable || header != "" {
		t.Errorf("answered %d %q", status, header)
	}
}

// recorder counts who is called, and calls nobody.
type recorder struct{ count int }

func (r *recorder) RoundTrip(*http.Request) (*http.Response, error) {
	r.count++
	return nil, errors.New("nobody is called")
}
