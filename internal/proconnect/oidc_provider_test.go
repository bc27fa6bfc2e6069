package proconnect_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/internal/openid"
	"portail.example/internal/proconnect"
	"portail.example/internal/sandbox/openid/openidtest"
	"portail.example/internal/sandbox/peers"
)

const marcsSub = "5b1c9c4e-9a51-4f0e-8b53-2f7a0c1de7aa"

// foreign is npm oidc-provider configured like ProConnect, with an agent's browser.
type foreign struct {
	*proconnect.Provider
	t      *testing.T
	issuer string
	person openidtest.Person
}

func newForeign(t *testing.T, change map[string]any) *foreign {
	t.Helper()
	config := map[string]any{
		"client_id": clientID, "client_secret": secret, "redirect_uri": callback, "post_logout_redirect_uri": after, "sub": marcsSub, "acr": "eidas1-mfa",
		"person": map[string]any{
			"given_name": "Marc", "usual_name": "TISSERAND", "email": "marc@lisiere.example", "uid": "marc", "siret": commune.SIRET, "siren": commune.SIRET[:9],
			"organization_label": commune.Label, "idp_id": "peer", "roles": []string{"agent_public", "agent_public_territorial"},
		},
	}
	maps.Copy(config, change)
	peer := peers.Start(t, "proconnect.mjs", config)
	var ready struct{ Issuer string }
	peer.Read(&ready)
	provider, err := proconnect.New(openid.Config{
		Issuer: ready.Issuer, ClientID: clientID, ClientSecret: secret, RedirectURI: callback, PostLogoutRedirectURI: after,
		Scopes: strings.Fields("openid given_name usual_name email siret"), SigningAlg: "ES256", Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &foreign{provider, t, ready.Issuer, openidtest.NewPerson(t, portal)}
}

// begun is a sign-in that came back to the portal.
func (f *foreign) begun() (consent.AgentAttempt, url.Values) {
	f.t.Helper()
	attempt, address, err := f.Begin(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	status, page, back := f.person.Visit(f.t, address)
	if back == nil || !strings.HasPrefix(back.String(), callback) {
		f.t.Fatalf("%d, sent to %v: %s", status, back, page)
	}
	return attempt, back.Query()
}

// asked is how often the agent had to identify.
func (f *foreign) asked() string {
	f.t.Helper()
	_, times, _ := f.person.Visit(f.t, f.issuer+"/asked")
	return times
}

// Software that others wrote checks our PKCE, signs the userinfo and reaches the level
// that the claims parameter demands.
func TestAgainstOIDCProvider(t *testing.T) {
	f := newForeign(t, nil)
	attempt, back := f.begun()
	in, err := f.Complete(t.Context(), attempt, back)
	if err != nil {
		t.Fatal(err)
	}
	hint := in.IDToken
	in.IDToken = ""
	want := consent.AgentSignIn{
		Issuer: f.issuer, Subject: marcsSub, Email: "marc@lisiere.example", SIRET: consent.SIRET(commune.SIRET), GivenName: "Marc", UsualName: "TISSERAND", ACR: "eidas1-mfa",
	}
	if !cmp.Equal(want, in) {
		t.Error("another agent")
	}
	_, err = f.Complete(t.Context(), attempt, back)
	expect(t, "the code again", err, consent.SignInFailed)
	attempt, back = f.begun()
	if _, err = f.Complete(t.Context(), attempt, back); err != nil || f.asked() != "1" {
		t.Errorf("the session there: %v, asked %s times", err, f.asked())
	}
	f.signOut(hint)
	f.begun()
	if f.asked() != "2" {
		t.Errorf("after signing out there: asked %s times", f.asked())
	}
}

// Each answer of that software that is not what was asked is refused, by its name.
func TestAgainstOIDCProviderThatRefuses(t *testing.T) {
	usual := newForeign(t, nil)
	for name, c := range map[string]struct {
		config map[string]any
		change func(*consent.AgentAttempt, url.Values)
		code   consent.Code
	}{
		"nothing wrong":                   {nil, nil, ""},
		"one factor, and it says so":      {map[string]any{"acr": "eidas1"}, nil, consent.SingleFactor},
		"one factor, and it lets them by": {map[string]any{"acr": "eidas1", "deaf": true}, nil, consent.SingleFactor},
		"two factors, unasked":            {map[string]any{"acr": "eidas2", "deaf": true}, nil, ""},
		"the agent goes back":             {map[string]any{"abort": true}, nil, consent.SignInCancelled},
		"userinfo without a signature":    {map[string]any{"plain_userinfo": true}, nil, consent.SignInFailed},
		"an agent of no organisation":     {map[string]any{"person": map[string]any{"given_name": "Marc", "usual_name": "TISSERAND", "email": "marc@lisiere.example"}}, nil, consent.SignInFailed},
		"the verifier of another sign-in": {nil, func(a *consent.AgentAttempt, _ url.Values) { a.CodeVerifier = strings.Repeat("v", 43) }, consent.SignInFailed},
		"the nonce of another sign-in":    {nil, func(a *consent.AgentAttempt, _ url.Values) { a.Nonce = strings.Repeat("n", 43) }, consent.SignInFailed},
		"the answer of another issuer":    {nil, func(_ *consent.AgentAttempt, q url.Values) { q.Set("iss", "https://elsewhere.example") }, consent.SignInFailed},
		"a code that it never gave":       {nil, func(_ *consent.AgentAttempt, q url.Values) { q.Set("code", strings.Repeat("c", 43)) }, consent.SignInFailed},
	} {
		t.Run(name, func(t *testing.T) {
			f := usual
			if c.config != nil {
				f = newForeign(t, c.config)
			}
			attempt, back := f.begun()
			if c.change != nil {
				c.change(&attempt, back)
			}
			in, err := f.Complete(t.Context(), attempt, back)
			expect(t, name, err, c.code)
			if err != nil && in != (consent.AgentSignIn{}) {
				t.Error("something of it was kept")
			}
		})
	}
}

var xsrf = regexp.MustCompile(`name="xsrf" value="([^"]+)"`)

// signOut goes through the provider's own confirmation form.
func (f *foreign) signOut(idToken string) {
	f.t.Helper()
	address, err := f.EndSessionURL(f.t.Context(), idToken, "the-state")
	if err != nil {
		f.t.Fatal(err)
	}
	_, page, _ := f.person.Visit(f.t, address)
	match := xsrf.FindStringSubmatch(page)
	if match == nil {
		f.t.Fatalf("no form: %s", page)
	}
	form := url.Values{"xsrf": {match[1]}, "logout": {"yes"}}
	request, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, f.issuer+"/session/end/confirm", strings.NewReader(form.Encode()))
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := f.person.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	defer response.Body.Close()
	if back := response.Header.Get("Location"); back != after+"?state=the-state" {
		f.t.Errorf("%d, sent to %q", response.StatusCode, back)
	}
}
