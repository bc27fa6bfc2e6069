package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
)

// stores runs a test on PostgreSQL and on the in-memory stand-in for it, so that
// rooms tested on the latter are tested on the truth.
func stores(t *testing.T, run func(t *testing.T, s sessionStore)) {
	t.Run("PostgreSQL", func(t *testing.T) { run(t, pgtest.New(t)) })
	t.Run("memory", func(t *testing.T) { run(t, consenttest.NewMemory()) })
}

var start = consenttest.Start

// fullSession is one of a citizen the store knows.
func fullSession(t *testing.T, s consent.Store) consent.Session {
	t.Helper()
	out := consent.Session{
		Browser: "browser", ACR: "eidas1", AuthTime: start, SignedInAt: start, IDToken: "id-token", CreatedAt: start, SeenAt: start,
		Handle: "handle", Device: consent.Device{Browser: "Firefox", System: "Android"}, LastSignIn: start.Add(-time.Hour),
	}
	err := s.Transact(t.Context(), func(tx consent.Tx) error {
		known, err := tx.PutSubject(t.Context(), consenttest.Angela(), start)
		out.Subject = known.Subject
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestASessionComesBackAsItWasOpened(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		for _, want := range []consent.Session{fullSession(t, s), {Browser: "anonymous", CreatedAt: start, SeenAt: start}} {
			token, err := s.OpenSession(t.Context(), want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Session(t.Context(), token, start)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestASessionEnds(t *testing.T) {
	cases := map[string]struct {
		steps    []time.Duration // between uses
		live     bool            // the browser is known
		signedIn bool
	}{
		"just under the idle limit": {[]time.Duration{29 * time.Minute}, true, true},
		"idle":                      {[]time.Duration{30 * time.Minute}, true, false},
		"idle, and then busy":       {append([]time.Duration{30 * time.Minute}, repeat(time.Minute, 9)...), true, false},
		"used again and again":      {repeat(20*time.Minute, 23), true, true},
		"absolute limit":            {repeat(20*time.Minute, 24), false, false},
		"idle until the end":        {[]time.Duration{8 * time.Hour}, false, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			stores(t, func(t *testing.T, s sessionStore) {
				token, err := s.OpenSession(t.Context(), fullSession(t, s))
				if err != nil {
					t.Fatal(err)
				}
				now, got := start, consent.Session{}
				for _, step := range c.steps {
					now = now.Add(step)
					got, err = s.Session(t.Context(), token, now)
				}
				if live := err == nil; live != c.live || got.SignedIn() != c.signedIn || (live && got.Browser != "browser") {
					t.Errorf("live %v (%v), signed in %v", live, err, got.SignedIn())
				}
				if !c.signedIn && (got.IDToken != "" || got.ACR != "" || got.Device != consent.Device{} || got.Handle != "") {
					t.Error("something of the citizen is left")
				}
			})
		})
	}
}

func repeat(d time.Duration, n int) (out []time.Duration) {
	for range n {
		out = append(out, d)
	}
	return out
}

func TestARotatedOrClosedSessionIsDead(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		old, err := s.OpenSession(t.Context(), fullSession(t, s))
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := s.RotateSession(t.Context(), old, fullSession(t, s))
		if err != nil || fresh == old {
			t.Fatalf("rotated to %q: %v", fresh, err)
		}
		if _, err := s.Session(t.Context(), old, start); !errors.Is(err, consent.NotFound) {
			t.Errorf("the old token still works: %v", err)
		}
		if err := s.CloseSession(t.Context(), fresh); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Session(t.Context(), fresh, start); !errors.Is(err, consent.NotFound) {
			t.Errorf("the closed session still works: %v", err)
		}
	})
}

func TestASignInAttemptIsTakenOnceAndInTime(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		want := consent.SignInAttempt{State: "state", Nonce: "nonce", CodeVerifier: "v", Browser: "b", RequestID: "r", ExpiresAt: start.Add(time.Minute)}
		for _, state := range []string{"state", "late"} {
			attempt := want
			attempt.State = state
			if err := s.SaveSignInAttempt(t.Context(), attempt); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.TakeSignInAttempt(t.Context(), "state", start)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
		for name, state := range map[string]string{"again": "state", "unknown": "other", "late": "late"} {
			if _, err := s.TakeSignInAttempt(t.Context(), state, start.Add(time.Minute)); !errors.Is(err, consent.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAnAssertionIsUsedOnceByClient(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		use := func(client, jti string) error {
			return s.UseAssertion(t.Context(), client, jti, start.Add(time.Minute))
		}
		if err := errors.Join(use("a", "1"), use("a", "2"), use("b", "1")); err != nil {
			t.Error(err)
		}
		if err := use("a", "1"); !errors.Is(err, consent.InvalidClient) {
			t.Errorf("a replayed assertion: %v", err)
		}
	})
}

func TestSweepDeletesWhatExpiredAndNothingElse(t *testing.T) {
	url := pgtest.URL(t)
	db := open(t, url, keys(t, 1))
	live, err := db.OpenSession(t.Context(), fullSession(t, db))
	if err != nil {
		t.Fatal(err)
	}
	old := fullSession(t, db)
	old.CreatedAt = start.Add(-8*time.Hour - time.Second)
	if _, err := db.OpenSession(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	idle := fullSession(t, db)
	idle.CreatedAt, idle.SeenAt = start.Add(-2*time.Hour), start.Add(-time.Hour)
	idleToken, err := db.OpenSession(t.Context(), idle)
	if err != nil {
		t.Fatal(err)
	}
	for _, expires := range []time.Time{start.Add(-time.Minute), start.Add(time.Minute)} {
		if err := db.UseAssertion(t.Context(), "c", expires.String(), expires); err != nil {
			t.Fatal(err)
		}
		if err := db.SaveSignInAttempt(t.Context(), consent.SignInAttempt{State: expires.String(), Browser: "b", ExpiresAt: expires}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Sweep(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]string{"session": "2", "client_assertion": "1", "sign_in_attempt": "1", "session WHERE subject_id IS NOT NULL": "1"} {
		if got := column(t, plain(t, url), `SELECT count(*)::text FROM `+table)[0]; got != want {
			t.Errorf("%s: %s rows left, want %s", table, got, want)
		}
	}
	if s, err := db.Session(t.Context(), idleToken, start); err != nil || s.Browser != idle.Browser || s.SignedIn() {
		t.Errorf("an idle browser: %v, signed in %v", err, s.SignedIn())
	}
	if _, err := db.Session(t.Context(), live, start); err != nil {
		t.Errorf("a live session was swept: %v", err)
	}
}

// What was made of a report goes a week later, whether or not it was finished.
func TestSweepDeletesWhatIsLeftOfReports(t *testing.T) {
	url := pgtest.URL(t)
	db, raw := open(t, url, keys(t, 1)), plain(t, url)
	for state, done := range map[string]string{"done": "moved_at", "failed": "NULL", "running": "NULL"} {
		for _, moved := range []time.Time{start.Add(-consent.ReportKept), start.Add(time.Minute - consent.ReportKept)} {
			id := state + moved.String()
			if _, err := raw.Exec(`INSERT INTO report (id, subject_id, agent_id, state, asked_at, moved_at, done_at)
				SELECT $1, 's', 'a', $2, moved_at, moved_at, `+done+` FROM (VALUES ($3::timestamptz)) m (moved_at)`, id, state, moved); err != nil {
				t.Fatal(err)
			}
			if _, err := raw.Exec(`INSERT INTO report_piece (subject_id, report_id, number, sealed) VALUES ('s', $1, 0, 'x')`, id); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := db.Sweep(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	for state, want := range map[string]string{"done": "1", "failed": "1", "running": "2"} {
		if got := column(t, raw, `SELECT count(*)::text FROM report_piece WHERE report_id LIKE '`+state+`%'`)[0]; got != want {
			t.Errorf("%s: %s pieces left, want %s", state, got, want)
		}
	}
}

func TestStatusListsTellWithdrawnReplayedAndSuspendedTokens(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		w := consenttest.NewWorldOn(t, s)
		live, withdrawn := w.Issued(t, w.PushOnce()), w.Issued(t, w.Push())
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, withdrawn.Grant.ID, consent.Unsaid); err != nil {
			t.Fatal(err)
		}
		list := live.Token.Status.List
		got, err := s.RevokedPlaces(t.Context(), list)
		if err != nil || !cmp.Equal(got, []int{withdrawn.Token.Status.Index}) {
			t.Errorf("revoked %v (%v), want the withdrawn one's place only", got, err)
		}
		suspended := w.Client
		suspended.Suspended = true
		if err := s.PutClient(t.Context(), suspended); err != nil {
			t.Fatal(err)
		}
		if got, _ := s.RevokedPlaces(t.Context(), list); len(got) != 2 {
			t.Errorf("revoked after the suspension: %v", got)
		}
	})
}

var _ sessionStore = (*postgres.DB)(nil)

// A filed request gives its tokens once, also after the sweeper has passed and the
// request is long over.
func TestAFiledRequestIsCollectedOnceForGood(t *testing.T) {
	db := pgtest.New(t)
	w := consenttest.NewWorldOn(t, db)
	f := w.Filing(consenttest.Angela().Identity)
	f.Lifetime = time.Minute
	r, err := w.Service.FileRequest(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	w.SignIn(t, consenttest.Angela())
	if r, err = w.Service.Identify(t.Context(), r.ID, w.Viewer); err != nil {
		t.Fatal(err)
	}
	if _, err = w.Service.Decide(t.Context(), w.Allow(r)); err != nil {
		t.Fatal(err)
	}
	collect := func() error {
		_, err := w.Service.PollRequest(t.Context(), consent.Poll{Client: w.Client, RequestID: r.ID})
		return err
	}
	if err := collect(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		w.Clock.Advance(26 * time.Hour)
		if err := db.Sweep(t.Context(), w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if err := collect(); consent.CodeOf(err) != consent.InvalidGrant {
			t.Errorf("collected again: %v", err)
		}
	}
}
