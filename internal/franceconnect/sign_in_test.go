package franceconnect_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/internal/franceconnect"
	stub "portail.example/internal/sandbox/franceconnect"
	"portail.example/internal/sandbox/openid/openidtest"
)

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	in, err := w.signIn("pierre")
	if err != nil {
		t.Fatal(err)
	}
	want := consent.PivotIdentity{
		FamilyName: "MERCIER", GivenNames: []string{"Pierre"}, Birthdate: "1969-03-17", Gender: "male", Birthplace: "95277", Birthcountry: "99100", PreferredName: "DUBOIS",
	}
	if !cmp.Equal(want, in.Identity) {
		t.Error("another identity")
	}
	if in.Issuer != w.issuer || len(in.Subject) != 66 || in.ACR != "eidas1" || !in.AuthTime.Equal(w.clock.Now()) || in.IDToken == "" {
		t.Errorf("issuer %s, %d characters of sub, acr %s at %s", in.Issuer, len(in.Subject), in.ACR, in.AuthTime)
	}
}

func TestWhatIsSentToFranceConnect(t *testing.T) {
	w := newWorld(t)
	attempt, address, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"client_id": {clientID}, "redirect_uri": {callback}, "response_type": {"code"}, "acr_values": {"eidas1"}, "state": {attempt.State}, "nonce": {attempt.Nonce},
		"scope": {"openid given_name family_name birthdate gender birthplace birthcountry preferred_username"},
	}
	if diff := cmp.Diff(want, parsed.Query()); diff != "" {
		t.Error(diff)
	}
	if len(attempt.State) < 32 || len(attempt.Nonce) < 32 || attempt.State == attempt.Nonce || attempt.CodeVerifier != "" {
		t.Error("state or nonce too short, or equal; or PKCE was sent")
	}
}

// Discovery advertises PKCE and the wrapper refuses it: a library that believes
// discovery never brings anybody back.
func TestPKCEIsADeadEndAtFranceConnect(t *testing.T) {
	w := newWorld(t, func(cfg *franceconnect.Config) { cfg.PKCE = true })
	attempt, address, err := w.Begin(t.Context())
	if err != nil || attempt.CodeVerifier == "" {
		t.Fatal(err, "no verifier")
	}
	if status, page, _ := w.visit(address); status != 400 || !strings.Contains(page, "Y030007") {
		t.Errorf("status %d", status)
	}
}

func TestTheSubjectDependsOnPersonAndEntity(t *testing.T) {
	w := newWorld(t)
	subject := func(client, citizen string) string {
		cfg := w.cfg
		cfg.ClientID = client
		w.person = openidtest.NewPerson(t, portal)
		p, err := franceconnect.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		w.Provider = p
		in, err := w.signIn(citizen)
		if err != nil {
			t.Fatal(err)
		}
		return in.Subject
	}
	first := subject(clientID, "angela")
	if subject(clientID, "angela") != first || subject("same-entity", "angela") != first {
		t.Error("the same person has two subjects")
	}
	if subject("other", "angela") == first || subject(clientID, "jeanne") == first {
		t.Error("two persons or two entities share a subject")
	}
}

func TestStartsWhileFranceConnectIsDown(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{DiscoveryFails: true})
	_, _, err := w.Begin(t.Context())
	expect(t, "down", err, consent.SignInUnavailable)
	w.stub.Misbehave(stub.Mischief{})
	if _, err := w.signIn("angela"); err != nil {
		t.Errorf("back again: %v", err)
	}
}

func TestEndpointsCanBeGiven(t *testing.T) {
	w := newWorld(t, func(cfg *franceconnect.Config) {
		cfg.AuthorizationEndpoint, cfg.TokenEndpoint, cfg.UserinfoEndpoint = cfg.Issuer+"/authorize", cfg.Issuer+"/token", cfg.Issuer+"/userinfo"
		cfg.JWKSURI, cfg.EndSessionEndpoint = cfg.Issuer+"/jwks", cfg.Issuer+"/session/end"
	})
	w.stub.Misbehave(stub.Mischief{DiscoveryFails: true})
	if _, err := w.signIn("angela"); err != nil {
		t.Error(err)
	}
}

func TestAFirstNameMayHoldASpace(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{Userinfo: func(claims map[string]any) { claims["given_name_array"] = []string{"Anne Marie", "Lou"} }})
	in, err := w.signIn("angela")
	if err != nil || !slices.Equal(in.Identity.GivenNames, []string{"Anne Marie", "Lou"}) {
		t.Errorf("%v, %d names", err, len(in.Identity.GivenNames))
	}
	w.stub.Misbehave(stub.Mischief{Userinfo: func(claims map[string]any) { delete(claims, "given_name_array") }})
	if in, err = w.again(); err != nil || len(in.Identity.GivenNames) != 1 {
		t.Errorf("without the array: %v, %d names", err, len(in.Identity.GivenNames))
	}
}

// again is a second sign-in of the same browser: FranceConnect knows it, and
// shows the information page only.
func (w *world) again() (consent.SignIn, error) {
	w.t.Helper()
	attempt, address, err := w.Begin(w.t.Context())
	if err != nil {
		return consent.SignIn{}, err
	}
	_, page, _ := w.visit(address)
	_, _, back := w.visit(w.link(page, "confirm"))
	return w.Complete(w.t.Context(), attempt, back.Query())
}

func TestClocksMayDifferByHalfAMinute(t *testing.T) {
	for shift, code := range map[time.Duration]consent.Code{
		85 * time.Second: "", 95 * time.Second: consent.SignInFailed, -25 * time.Second: "", -35 * time.Second: consent.SignInFailed,
	} {
		w := newWorld(t)
		w.cfg.Now = func() time.Time { return w.clock.Now().Add(shift) }
		p, err := franceconnect.New(w.cfg)
		if err != nil {
			t.Fatal(err)
		}
		w.Provider = p
		_, err = w.signIn("angela")
		expect(t, shift.String(), err, code)
	}
}

func TestSigningOut(t *testing.T) {
	w := newWorld(t)
	in, err := w.signIn("angela")
	if err != nil {
		t.Fatal(err)
	}
	address, err := w.EndSessionURL(t.Context(), in.IDToken, "the-state")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(20 * time.Minute) // the hint is long expired, and still good
	_, _, back := w.visit(address)
	if back == nil || back.String() != after+"?state=the-state" {
		t.Errorf("sent to %v", back)
	}
	if status, page, _ := w.visit(address); status != 400 || !strings.Contains(page, "Y100019") {
		t.Errorf("twice: %d", status)
	}
}
