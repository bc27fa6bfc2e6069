package postgres_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
)

// agentStore is what the agents' room asks of the database beyond the domain's store.
type agentStore interface {
	consenttest.StoreWithClients
	OpenAgentSession(ctx context.Context, s consent.AgentSession) (string, error)
	AgentSession(ctx context.Context, token string, now time.Time) (consent.AgentSession, error)
	PastAgentSession(ctx context.Context, token string, now time.Time) (consent.AgentSession, error)
	KeepAgentDraft(ctx context.Context, token string, d consent.Draft) error
	CloseAgentSession(ctx context.Context, token string) error
	SaveAgentAttempt(ctx context.Context, a consent.AgentAttempt) error
	TakeAgentAttempt(ctx context.Context, state string, now time.Time) (consent.AgentAttempt, error)
}

func agentStores(t *testing.T, run func(t *testing.T, s agentStore)) {
	t.Run("PostgreSQL", func(t *testing.T) { run(t, pgtest.New(t)) })
	t.Run("memory", func(t *testing.T) { run(t, consenttest.NewMemory()) })
}

func TestAnAgentsSessionComesBackAndEnds(t *testing.T) {
	cases := map[string]struct {
		steps []time.Duration // between uses
		live  bool
	}{
		"just under the idle limit": {[]time.Duration{29 * time.Minute}, true},
		"idle":                      {[]time.Duration{30 * time.Minute}, false},
		"used again and again":      {repeat(20*time.Minute, 23), true},
		"absolute limit":            {repeat(20*time.Minute, 24), false},
	}
	agentStores(t, func(t *testing.T, s agentStore) {
		w := consenttest.NewWorldOn(t, s)
		agent := w.Agent(t, consent.RoleDPO)
		for name, c := range cases {
			want := consent.AgentSession{Agent: agent, IDToken: "id-token", CreatedAt: start, SeenAt: start}
			token, err := s.OpenAgentSession(t.Context(), want)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := s.AgentSession(t.Context(), token, start); err != nil || !cmp.Equal(want, got) {
				t.Errorf("%s: comes back as another, %v", name, err)
			}
			now := start
			for _, step := range c.steps {
				now = now.Add(step)
				_, err = s.AgentSession(t.Context(), token, now)
			}
			if (err == nil) != c.live {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAnAgentsSessionsEndWithTheRegistration(t *testing.T) {
	agentStores(t, func(t *testing.T, s agentStore) {
		w := consenttest.NewWorldOn(t, s)
		agent := w.Agent(t, consent.RoleDPO)
		open := func() string {
			token, err := s.OpenAgentSession(t.Context(), consent.AgentSession{Agent: agent, CreatedAt: start, SeenAt: start})
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		closed, other := open(), open()
		if err := s.CloseAgentSession(t.Context(), closed); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AgentSession(t.Context(), closed, start); consent.CodeOf(err) != consent.NotFound {
			t.Errorf("closed: %v", err)
		}
		if _, err := s.AgentSession(t.Context(), other, start); err != nil {
			t.Errorf("another of the same agent: %v", err)
		}
		if err := w.Service.RevokeAgent(t.Context(), consent.Console(), agent.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AgentSession(t.Context(), other, start); consent.CodeOf(err) != consent.NotFound {
			t.Errorf("revoked: %v", err)
		}
	})
}

// A session that is over still tells whose a form is, until it is forgotten; it stays
// over.
func TestAnAgentsFormWaitsInASessionThatIsOver(t *testing.T) {
	agentStores(t, func(t *testing.T, s agentStore) {
		w := consenttest.NewWorldOn(t, s)
		agent := w.Agent(t, consent.RoleDPO)
		token, err := s.OpenAgentSession(t.Context(), consent.AgentSession{Agent: agent, CreatedAt: start, SeenAt: start})
		if err != nil {
			t.Fatal(err)
		}
		late := start.Add(40 * time.Minute)
		want := consent.Draft{Page: "/dpo/rights/x", Sent: true, Form: url.Values{"text": {"Mes mots"}}, At: late}
		if err := s.KeepAgentDraft(t.Context(), token, want); err != nil {
			t.Fatal(err)
		}
		past, err := s.PastAgentSession(t.Context(), token, late)
		if err != nil || past.Agent.ID != agent.ID || !cmp.Equal(want, past.Draft) {
			t.Errorf("%+v, %v", past.Draft, err)
		}
		if _, err := s.AgentSession(t.Context(), token, late); consent.CodeOf(err) != consent.NotFound {
			t.Errorf("it came back to life: %v", err)
		}
		if past, err = s.PastAgentSession(t.Context(), token, late.Add(consent.DraftLifetime)); err != nil || past.Draft.Page != "" {
			t.Errorf("half an hour later: %+v, %v", past.Draft, err)
		}
		if err := s.KeepAgentDraft(t.Context(), token, consent.Draft{}); err != nil {
			t.Fatal(err)
		}
		if past, err = s.PastAgentSession(t.Context(), token, late); err != nil || past.Draft.Page != "" {
			t.Errorf("forgotten: %+v, %v", past.Draft, err)
		}
		if _, err = s.PastAgentSession(t.Context(), token, start.Add(consent.AgentRemembered)); consent.CodeOf(err) != consent.NotFound {
			t.Errorf("the next day: %v", err)
		}
		if err := w.Service.RevokeAgent(t.Context(), consent.Console(), agent.ID); err != nil {
			t.Fatal(err)
		}
		if _, err = s.PastAgentSession(t.Context(), token, late); consent.CodeOf(err) != consent.NotFound {
			t.Errorf("revoked: %v", err)
		}
	})
}

// A form moves to the session that its agent opens next.
func TestAnAgentsFormMovesToTheNextSession(t *testing.T) {
	agentStores(t, func(t *testing.T, s agentStore) {
		w := consenttest.NewWorldOn(t, s)
		agent := w.Agent(t, consent.RoleDPO)
		want := consent.AgentSession{Agent: agent, CreatedAt: start, SeenAt: start, Draft: consent.Draft{Page: "/dpo/agents", Sent: true, Form: url.Values{"email": {"x"}}, At: start}}
		token, err := s.OpenAgentSession(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.AgentSession(t.Context(), token, start); err != nil || !cmp.Equal(want, got) {
			t.Errorf("comes back as another, %v", err)
		}
		if got := want.DraftFor("another"); got.Page != "" {
			t.Errorf("another agent gets %+v", got)
		}
	})
}

func TestAnAgentsSignInIsGoodOnce(t *testing.T) {
	agentStores(t, func(t *testing.T, s agentStore) {
		save := func(state string) consent.AgentAttempt {
			a := consent.AgentAttempt{State: state, Nonce: "n", CodeVerifier: "v", Browser: consent.HashOf("browser"), ExpiresAt: start.Add(time.Minute)}
			if err := s.SaveAgentAttempt(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			return a
		}
		want := save("first")
		if got, err := s.TakeAgentAttempt(t.Context(), "first", start); err != nil || !cmp.Equal(want, got) {
			t.Errorf("comes back as another, %v", err)
		}
		save("late")
		for state, at := range map[string]time.Time{"first": start, "late": start.Add(time.Minute), "unknown": start} {
			if _, err := s.TakeAgentAttempt(t.Context(), state, at); consent.CodeOf(err) != consent.NotFound {
				t.Errorf("%s: %v", state, err)
			}
		}
	})
}

// What an agent typed is sealed, and goes with its time; the ID token goes when the
// session is over, and the session when nobody would be asked whose it was.
func TestAnAgentsFormIsSealedAndSwept(t *testing.T) {
	address := pgtest.URL(t)
	db := open(t, address, keys(t, 1))
	w := consenttest.NewWorldOn(t, db)
	token, err := db.OpenAgentSession(t.Context(), consent.AgentSession{Agent: w.Agent(t, consent.RoleDPO), IDToken: "id-token", CreatedAt: start, SeenAt: start})
	if err != nil {
		t.Fatal(err)
	}
	late := start.Add(40 * time.Minute)
	if err := db.KeepAgentDraft(t.Context(), token, consent.Draft{Page: "/dpo/rights/some", Sent: true, Form: url.Values{"text": {"words of the officer"}}, At: late}); err != nil {
		t.Fatal(err)
	}
	if stolen := dump(t, plain(t, address)); strings.Contains(stolen, "dpo/rights") || strings.Contains(stolen, "words of the officer") {
		t.Error("the database holds a form in the clear")
	}
	for _, c := range []struct {
		at                    time.Time
		sessions, forms, hint string
	}{
		{start.Add(consent.SessionIdle), "1", "1", "1"},
		{late.Add(consent.DraftLifetime - time.Second), "1", "1", "0"},
		{late.Add(consent.DraftLifetime), "1", "0", "0"},
		{start.Add(consent.AgentRemembered), "1", "0", "0"},
		{start.Add(consent.AgentRemembered + time.Second), "0", "0", "0"},
	} {
		if err := db.Sweep(t.Context(), c.at); err != nil {
			t.Fatal(err)
		}
		got := column(t, plain(t, address), `SELECT concat_ws(' ', count(*), count(draft), count(id_token)) FROM agent_session`)[0]
		if want := c.sessions + " " + c.forms + " " + c.hint; got != want {
			t.Errorf("at %s: %s are left, want %s", c.at, got, want)
		}
	}
}
