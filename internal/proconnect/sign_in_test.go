package proconnect_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/internal/sandbox/openid/openidtest"
	stub "portail.example/internal/sandbox/proconnect"
)

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	in, err := w.signIn("marc", commune)
	if err != nil {
		t.Fatal(err)
	}
	if in.IDToken == "" {
		t.Error("no ID token was kept for the logout")
	}
	in.IDToken = ""
	want := consent.AgentSignIn{
		Issuer: w.issuer, Subject: agents[0].Sub(), Email: "marc@lisiere.example", SIRET: "21990012300015", GivenName: "Marc", UsualName: "TISSERAND", ACR: "eidas1-mfa",
	}
	if !cmp.Equal(want, in) {
		t.Error("another agent")
	}
}

func TestWhatIsSentToProConnect(t *testing.T) {
	w := newWorld(t)
	attempt, address, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	challenge := query.Get("code_challenge")
	query.Del("code_challenge")
	want := url.Values{
		"client_id": {clientID}, "redirect_uri": {callback}, "response_type": {"code"}, "state": {attempt.State}, "nonce": {attempt.Nonce},
		"scope": {"openid given_name usual_name email siret"}, "code_challenge_method": {"S256"},
		"claims": {`{"id_token":{"acr":{"essential":true,"values":["eidas0-mfa","eidas1-mfa","eidas2","eidas3"]}}}`},
	}
	if diff := cmp.Diff(want, query); diff != "" {
		t.Error(diff)
	}
	if len(attempt.State) < 32 || len(attempt.Nonce) < 32 || len(challenge) != 43 || len(attempt.CodeVerifier) < 43 {
		t.Error("state, nonce, verifier or challenge too short")
	}
}

// ProConnect refuses an account with one factor itself; should it let one through, the
// level in the ID token is checked all the same.
func TestOneFactorIsNotEnough(t *testing.T) {
	w := newWorld(t)
	_, err := w.signIn("paul", commune)
	expect(t, "an account with one factor", err, consent.SingleFactor)
	for _, level := range []any{"eidas1", "eidas0", "", "eidas9", "EIDAS2"} {
		w.person = openidtest.NewPerson(t, portal)
		w.stub.Misbehave(stub.Mischief{IDToken: openidtest.Set("acr", level)})
		_, err = w.signIn("marc", commune)
		expect(t, "a lower level", err, consent.SingleFactor)
	}
	w.person = openidtest.NewPerson(t, portal)
	w.stub.Misbehave(stub.Mischief{IDToken: openidtest.Unset("acr")})
	_, err = w.signIn("marc", commune)
	expect(t, "no level", err, consent.SingleFactor)
}

// ProConnect's session outlives ours: the same person for the same organisation comes
// back without being asked, until ProConnect's session is ended too.
func TestAnotherOrganisationNeedsALogout(t *testing.T) {
	w := newWorld(t)
	in, err := w.signIn("marc", commune)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.signIn("marc", transport); err != nil || again.SIRET != in.SIRET {
		t.Errorf("without logout: %v", err)
	}
	address, err := w.EndSessionURL(t.Context(), in.IDToken, "the-state")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(2 * time.Hour) // the hint is expired, and still good
	if _, _, back := w.visit(address); back == nil || back.String() != after+"?state=the-state" {
		t.Errorf("sent to %v", back)
	}
	if status, page, _ := w.visit(address); status != 400 || !strings.Contains(page, "Y030110") {
		t.Errorf("twice: %d", status)
	}
	if other, err := w.signIn("marc", transport); err != nil || string(other.SIRET) != transport.SIRET {
		t.Errorf("after logout: %v", err)
	}
}

func TestALogoutWithoutAHintNamesTheClient(t *testing.T) {
	w := newWorld(t)
	if _, err := w.signIn("marc", commune); err != nil {
		t.Fatal(err)
	}
	address, err := w.EndSessionURL(t.Context(), "", "the-state")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, back := w.visit(address); back == nil || back.String() != after+"?state=the-state" {
		t.Errorf("sent to %v", back)
	}
}

func TestACodeWorksOnceAndForAMinute(t *testing.T) {
	w := newWorld(t)
	attempt, address, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	back := w.answer(address, "marc", commune)
	if _, err = w.Complete(t.Context(), attempt, back); err != nil {
		t.Fatal(err)
	}
	_, err = w.Complete(t.Context(), attempt, back)
	expect(t, "the code again", err, consent.SignInFailed)
	attempt, address, err = w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	back = w.answer(address, "marc", commune)
	w.clock.Advance(61 * time.Second)
	_, err = w.Complete(t.Context(), attempt, back)
	expect(t, "a late code", err, consent.SignInFailed)
}

// The nonce and the verifier of one sign-in are worth nothing in another.
func TestAnAnswerBelongsToItsSignIn(t *testing.T) {
	w := newWorld(t)
	_, address, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Complete(t.Context(), other, w.answer(address, "marc", commune))
	expect(t, "the answer to another sign-in", err, consent.SignInFailed)
}
