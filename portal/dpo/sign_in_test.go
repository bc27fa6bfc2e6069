package dpo_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/dpo"
	"portail.example/portal/web/webtest"
)

// Each refusal has a page of its own, names the next step, and opens no session.
func TestRefusalsOfASignIn(t *testing.T) {
	w := newWorld(t)
	w.agent(consent.RolePlatformDPO)
	active := w.provider.in
	revoked := w.Invited(t, consent.RoleAuditor)
	if err := w.Service.RevokeAgent(t.Context(), consent.Console(), revoked.ID); err != nil {
		t.Fatal(err)
	}
	change := func(change func(*consent.AgentSignIn)) consent.AgentSignIn {
		in := active
		change(&in)
		return in
	}
	cases := map[string]struct {
		in     consent.AgentSignIn
		err    error
		status int
		key    string
		next   string
	}{
		"a stranger":           {change(func(in *consent.AgentSignIn) { in.Email = "stranger@lisiere.example" }), nil, 403, "unknown", "/dpo/sign-out?session=proconnect"},
		"somebody revoked":     {consenttest.AgentOf(revoked), nil, 403, "revoked", "/dpo/sign-out?session=proconnect"},
		"one factor":           {change(func(in *consent.AgentSignIn) { in.ACR = "eidas1" }), nil, 403, "single_factor", "/dpo/sign-in"},
		"another SIRET":        {change(func(in *consent.AgentSignIn) { in.SIRET = consenttest.Transports().SIRET }), nil, 403, "other_authority", "/dpo/sign-out?session=proconnect"},
		"another account":      {change(func(in *consent.AgentSignIn) { in.Subject = "thief" }), nil, 403, "other_account", "/dpo/sign-out?session=proconnect"},
		"came back":            {active, consent.Refuse(consent.SignInCancelled, "", ""), 200, "sign_in_cancelled", "/dpo/sign-in"},
		"not to be believed":   {active, consent.Refuse(consent.SignInFailed, "", ""), 400, "sign_in_failed", "/dpo/sign-in"},
		"ProConnect is away":   {active, consent.Refuse(consent.SignInUnavailable, "", ""), 503, "sign_in_unavailable", "/dpo/sign-in"},
		"ProConnect says once": {active, consent.Refuse(consent.SingleFactor, "", ""), 403, "single_factor", "/dpo/sign-in"},
	}
	for name, c := range cases {
		w.provider.err = c.err
		b, got := w.as(c.in)
		w.says(name, got, c.status, "dpo.refused."+c.key+".title")
		if !strings.Contains(got.Body, `href="`+c.next+`"`) {
			t.Errorf("%s leads elsewhere", name)
		}
		if after := b.Get(w.base + "/dpo/agents"); after.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d afterwards", name, after.Status)
		}
	}
}

func TestAnAnswerIsGoodOnceAndInItsOwnBrowser(t *testing.T) {
	w := newWorld(t)
	w.provider.in = consenttest.AgentOf(w.Invited(t, consent.RoleDPO))
	begin := func() (*webtest.Browser, string) {
		b := webtest.NewBrowser(t)
		return b, b.Get(w.base+"/dpo/sign-in", webtest.Stop).Header.Get("Location")
	}
	b, callback := begin()
	w.says("in another browser", webtest.NewBrowser(t).Get(callback), 400, "dpo.refused.sign_in_failed.title")
	w.says("used up by the other browser", b.Get(callback), 400, "dpo.refused.sign_in_failed.title")
	b, callback = begin()
	thief := b.Clone()
	w.says("the first time", b.Get(callback), 200, "dpo.home.title")
	w.says("replayed with the same cookies", thief.Get(callback), 400, "dpo.refused.sign_in_failed.title")
	b, callback = begin()
	w.Clock.Advance(consent.SignInLifetime)
	w.says("too late", b.Get(callback), 400, "dpo.refused.sign_in_failed.title")
	w.says("a state of nobody", b.Get(w.base+"/dpo/callback?state=x&code=c"), 400, "dpo.refused.sign_in_failed.title")
	w.says("no state", b.Get(w.base+"/dpo/callback"), 400, "dpo.refused.sign_in_failed.title")
}

// A citizen's state is worth nothing at the agents' callback.
func TestACitizensSignInOpensNothingHere(t *testing.T) {
	w := newWorld(t)
	state, _ := consent.NewSecret()
	if err := w.Memory.SaveSignInAttempt(t.Context(), consent.SignInAttempt{State: state, Nonce: "nonce", Browser: "b", ExpiresAt: w.Clock.Now().Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	got := webtest.NewBrowser(t).Get(w.base + "/dpo/callback?" + url.Values{"state": {state}, "code": {"c"}}.Encode())
	w.says("a citizen's state", got, 400, "dpo.refused.sign_in_failed.title")
}

func TestASessionEnds(t *testing.T) {
	w := newWorld(t)
	b := w.agent(consent.RolePlatformDPO)
	for range 15 { // in use, until it is too old
		w.Clock.Advance(29 * time.Minute)
		w.says("in use", b.Get(w.base+"/dpo/agents"), 200, "dpo.agents.title")
	}
	w.Clock.Advance(29 * time.Minute)
	w.says("eight hours later", b.Get(w.base+"/dpo/agents"), 200, "dpo.agents.title")
	w.Clock.Advance(29 * time.Minute)
	w.says("past eight hours", b.Get(w.base+"/dpo/agents"), 401, "dpo.refused.sign_in_required.title")
	b, _ = w.as(w.provider.in)
	w.Clock.Advance(consent.SessionIdle)
	w.says("idle", b.Get(w.base+"/dpo/agents"), 401, "dpo.refused.sign_in_required.title")
}

func TestSigningOut(t *testing.T) {
	w := newWorld(t)
	b := w.agent(consent.RolePlatformDPO)
	thief := b.Clone()
	link := b.Clone()
	link.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := link.Get(w.base + "/dpo/sign-out"); got.Status != http.StatusForbidden {
		t.Errorf("a link from another site: %d", got.Status)
	}
	w.says("still in", b.Get(w.base+"/dpo"), 200, "dpo.home.title")
	out := b.Get(w.base + "/dpo/sign-out")
	w.says("signed out", out, 200, "dpo.signed_out.title")
	if hint := out.URL.Query().Get("hint"); hint != w.provider.in.IDToken {
		t.Errorf("ProConnect's session is ended with the hint %q", hint)
	}
	w.says("a copied cookie", thief.Get(w.base+"/dpo/agents"), 401, "dpo.refused.sign_in_required.title")
	if out = b.Get(w.base + "/dpo/sign-out"); out.URL.Query().Has("hint") {
		t.Error("somebody who has no session is sent to ProConnect")
	}
	if out = b.Get(w.base + "/dpo/sign-out?session=proconnect"); !out.URL.Query().Has("hint") {
		t.Error("somebody who was refused stays signed in at ProConnect")
	}
}

// Signing in again ends the session before, so that a planted cookie opens nothing.
func TestASignInChangesTheSession(t *testing.T) {
	w := newWorld(t)
	b := w.agent(consent.RolePlatformDPO)
	before := b.Clone()
	b.Get(w.base + "/dpo/sign-in")
	w.says("the new session", b.Get(w.base+"/dpo/agents"), 200, "dpo.agents.title")
	w.says("the one before", before.Get(w.base+"/dpo/agents"), 401, "dpo.refused.sign_in_required.title")
}

// Citizens' and agents' sessions are told apart by cookie and by table: the token of one
// is nothing as the other.
func TestSessionsOfCitizensAndAgentsAreApart(t *testing.T) {
	w := newWorld(t)
	token, err := w.Memory.OpenSession(t.Context(), consent.Session{Browser: "b", Subject: w.Viewer.Subject, CreatedAt: w.Clock.Now(), SeenAt: w.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t)
	for _, cookie := range []string{"__Host-session", dpo.SessionCookie} {
		b.Header.Set("Cookie", cookie+"="+token)
		w.says("a citizen's token as "+cookie, b.Get(w.base+"/dpo/agents"), 401, "dpo.refused.sign_in_required.title")
		if body := b.Get(w.base + "/dpo").Body; strings.Contains(body, `href="/home"`) {
			t.Error("the agents' entrance knows a citizen")
		}
	}
	agent := w.agent(consent.RolePlatformDPO)
	if _, err := w.Memory.Session(t.Context(), agent.Cookie("127.0.0.1", dpo.SessionCookie), w.Clock.Now()); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("an agent's token as a citizen's: %v", err)
	}
	if strings.Contains(w.log.String(), "lisiere.example") || strings.Contains(w.log.String(), "state=") {
		t.Error("the log names an agent or holds a state")
	}
}
