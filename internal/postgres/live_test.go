package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/internal/postgres/pgtest"
)

func liveToken() consent.LiveToken {
	return consent.NewLiveToken("the-access-token-of-this-sign-in", "openid cnaf_enfants", time.Minute, start)
}

// liveSession is opened with a sign-in's access token.
func liveSession(t *testing.T, s sessionStore) (cookie string, subject consent.SubjectID) {
	t.Helper()
	session := fullSession(t, s)
	session.Live = liveToken()
	cookie, err := s.OpenSession(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	return cookie, session.Subject
}

func TestALiveTokenIsTakenOnce(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		cookie, _ := liveSession(t, s)
		if read, err := s.Session(t.Context(), cookie, start); err != nil || read.Live.Token != "" {
			t.Fatalf("every page reads it: %v", err)
		}
		var callers sync.WaitGroup
		var taken atomic.Int64
		for range 4 {
			callers.Go(func() {
				got, err := s.TakeLiveToken(t.Context(), cookie, start.Add(54*time.Second))
				if err == nil {
					taken.Add(1)
					if diff := cmp.Diff(liveToken(), got); diff != "" {
						t.Error(diff)
					}
				} else if !errors.Is(err, consent.NotFound) {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		if taken.Load() != 1 {
			t.Errorf("taken %d times", taken.Load())
		}
	})
}

func TestALiveTokenEndsWithItsMinuteAndItsSession(t *testing.T) {
	end := func(s sessionStore, t *testing.T, do func(consent.Tx) error) {
		if err := s.Transact(t.Context(), do); err != nil {
			t.Error(err)
		}
	}
	for name, happens := range map[string]func(t *testing.T, s sessionStore, cookie string, who consent.SubjectID) time.Time{
		"its minute is over": func(*testing.T, sessionStore, string, consent.SubjectID) time.Time {
			return start.Add(55 * time.Second)
		},
		"the citizen signed out": func(t *testing.T, s sessionStore, cookie string, _ consent.SubjectID) time.Time {
			_ = s.CloseSession(t.Context(), cookie)
			return start
		},
		"the session was ended": func(t *testing.T, s sessionStore, _ string, who consent.SubjectID) time.Time {
			end(s, t, func(tx consent.Tx) error { _, err := tx.EndSession(t.Context(), who, "handle"); return err })
			return start
		},
		"all others were ended": func(t *testing.T, s sessionStore, _ string, who consent.SubjectID) time.Time {
			end(s, t, func(tx consent.Tx) error { return tx.EndOtherSessions(t.Context(), who, "another") })
			return start
		},
	} {
		t.Run(name, func(t *testing.T) {
			stores(t, func(t *testing.T, s sessionStore) {
				cookie, who := liveSession(t, s)
				at := happens(t, s, cookie, who)
				for range 2 {
					if _, err := s.TakeLiveToken(t.Context(), cookie, at); !errors.Is(err, consent.NotFound) {
						t.Errorf("taken: %v", err)
					}
				}
				if _, err := s.TakeLiveToken(t.Context(), cookie, start); !errors.Is(err, consent.NotFound) {
					t.Errorf("it was kept: %v", err)
				}
			})
		})
	}
}

func TestALiveTokenIsSealedAndDropped(t *testing.T) {
	url := pgtest.URL(t)
	db, raw := open(t, url, keys(t, 1)), plain(t, url)
	cookie, _ := liveSession(t, db)
	if strings.Contains(dump(t, raw), "the-access-token") {
		t.Error("the token is readable at rest")
	}
	for _, c := range []struct {
		after time.Duration
		left  string
	}{{54 * time.Second, "1"}, {55 * time.Second, "0"}} {
		if err := db.DropLiveTokens(t.Context(), start.Add(c.after)); err != nil {
			t.Fatal(err)
		}
		if got := column(t, raw, `SELECT count(*)::text FROM session WHERE live IS NOT NULL`)[0]; got != c.left {
			t.Errorf("after %v: %s left", c.after, got)
		}
	}
	if _, err := db.Session(t.Context(), cookie, start); err != nil {
		t.Errorf("the session went with it: %v", err)
	}
}

func TestASignInRemembersThatItAskedForData(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		want := consent.SignInAttempt{State: "s", Nonce: "n", Browser: "b", Data: true, ExpiresAt: start.Add(time.Minute)}
		if err := s.SaveSignInAttempt(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		got, err := s.TakeSignInAttempt(t.Context(), "s", start)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}
