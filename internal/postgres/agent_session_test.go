package postgres_test

import (
	"context"
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
