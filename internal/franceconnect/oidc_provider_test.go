package franceconnect_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/internal/franceconnect"
	"portail.example/internal/openid"
	"portail.example/internal/sandbox/openid/openidtest"
	"portail.example/internal/sandbox/peers"
)

// oidcProvider is npm oidc-provider configured like FranceConnect.
func oidcProvider(t *testing.T) franceconnect.Config {
	t.Helper()
	peer := peers.Start(t, "franceconnect.mjs", map[string]any{
		"client_id": clientID, "client_secret": secret, "redirect_uri": callback, "post_logout_redirect_uri": after,
		"identity": map[string]any{
			"family_name": "ROUX", "given_name": "Anne Marie Lou", "given_name_array": []string{"Anne Marie", "Lou"}, "birthdate": "1987-06-27",
			"gender": "female", "birthplace": "08480", "birthcountry": "99100", "preferred_username": "",
		},
	})
	var ready struct{ Issuer string }
	peer.Read(&ready)
	return franceconnect.Config{ACR: "eidas1", Config: openid.Config{
		Issuer: ready.Issuer, ClientID: clientID, ClientSecret: secret, RedirectURI: callback, PostLogoutRedirectURI: after,
		Scopes: strings.Fields("openid given_name family_name birthdate gender birthplace birthcountry preferred_username"), SigningAlg: "ES256", Now: time.Now,
	}}
}

// follow is where a browser ends up: at the portal, or on a page.
func follow(t *testing.T, browser *http.Client, request *http.Request) (*url.URL, string) {
	t.Helper()
	response, err := browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	target, err := response.Location()
	if err != nil {
		target = response.Request.URL
	}
	return target, string(body)
}

func get(t *testing.T, address string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func TestAgainstOIDCProvider(t *testing.T) {
	for name, pkce := range map[string]bool{"like FranceConnect": false, "with PKCE": true} {
		t.Run(name, func(t *testing.T) {
			cfg := oidcProvider(t)
			cfg.PKCE = pkce
			p, err := franceconnect.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			attempt, address, err := p.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			browser := openidtest.NewPerson(t, portal)
			back, page := follow(t, browser.Client, get(t, address))
			if !strings.HasPrefix(back.String(), callback) {
				t.Fatalf("stayed at %s: %s", back, page)
			}
			in, err := p.Complete(t.Context(), attempt, back.Query())
			if err != nil {
				t.Fatal(err)
			}
			want := consent.PivotIdentity{
				FamilyName: "ROUX", GivenNames: []string{"Anne Marie", "Lou"}, Birthdate: "1987-06-27", Gender: "female", Birthplace: "08480", Birthcountry: "99100",
			}
			if !cmp.Equal(want, in.Identity) || in.ACR != "eidas1" || !strings.HasSuffix(in.Subject, "v1") {
				t.Errorf("acr %q, subject %q, same identity %v", in.ACR, in.Subject, cmp.Equal(want, in.Identity))
			}
			_, err = p.Complete(t.Context(), attempt, back.Query())
			expect(t, "the code again", err, consent.SignInFailed)
			signOut(t, p, browser.Client, in.IDToken)
		})
	}
}

var xsrf = regexp.MustCompile(`name="xsrf" value="([^"]+)"`)

// signOut goes through the provider's own confirmation form.
func signOut(t *testing.T, p *franceconnect.Provider, browser *http.Client, idToken string) {
	t.Helper()
	address, err := p.EndSessionURL(t.Context(), idToken, "the-state")
	if err != nil {
		t.Fatal(err)
	}
	at, page := follow(t, browser, get(t, address))
	match := xsrf.FindStringSubmatch(page)
	if match == nil {
		t.Fatalf("no form at %s: %s", at, page)
	}
	form := url.Values{"xsrf": {match[1]}, "logout": {"yes"}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+at.Host+"/session/end/confirm", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if back, page := follow(t, browser, request); back.String() != after+"?state=the-state" {
		t.Errorf("sent to %s: %s", back, page)
	}
}
