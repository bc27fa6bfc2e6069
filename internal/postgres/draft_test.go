package postgres_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/internal/postgres/pgtest"
)

func leftDraft() consent.Draft {
	return consent.Draft{
		Page: "/my-data/ask", Sent: true, Form: url.Values{"right": {"erasure"}, "message": {"words of angela"}}, At: start.Add(consent.SessionIdle),
	}
}

// A form is kept with a session that is over, for whoever it was, through the rotation
// at the next sign-in and until that citizen sends a form.
func TestADraftWaitsForItsCitizen(t *testing.T) {
	stores(t, func(t *testing.T, s sessionStore) {
		full := fullSession(t, s)
		token, err := s.OpenSession(t.Context(), full)
		if err != nil {
			t.Fatal(err)
		}
		keep := func(d consent.Draft) {
			t.Helper()
			if err := s.KeepDraft(t.Context(), token, d); err != nil {
				t.Fatal(err)
			}
		}
		at := func(now time.Time) consent.Session {
			t.Helper()
			got, err := s.Session(t.Context(), token, now)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		keep(leftDraft())
		over := at(leftDraft().At)
		want := consent.Session{Browser: "browser", Was: full.Subject, Draft: leftDraft(), CreatedAt: start, SeenAt: start}
		if diff := cmp.Diff(want, over); diff != "" {
			t.Error(diff)
		}
		if other := over.DraftFor("another"); other.Page != "" || over.DraftFor("").Page != "" || over.DraftFor(full.Subject).Page == "" {
			t.Errorf("for another citizen: %+v", other)
		}
		if late := at(leftDraft().At.Add(consent.DraftLifetime)); late.Draft.Page != "" || late.Was != full.Subject {
			t.Errorf("after its time: %+v", late)
		}
		again := full
		again.Draft = over.DraftFor(again.Subject)
		if token, err = s.RotateSession(t.Context(), token, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(again, at(start)); diff != "" {
			t.Error(diff)
		}
		keep(consent.Draft{})
		if left := at(start).Draft; left.Page != "" || left.Form != nil {
			t.Errorf("forgotten: %+v", left)
		}
	})
}

func TestADraftIsSealedAndSwept(t *testing.T) {
	address := pgtest.URL(t)
	db := open(t, address, keys(t, 1))
	token, err := db.OpenSession(t.Context(), fullSession(t, db))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.KeepDraft(t.Context(), token, leftDraft()); err != nil {
		t.Fatal(err)
	}
	if stolen := dump(t, plain(t, address)); strings.Contains(stolen, "my-data") || strings.Contains(stolen, "words of angela") {
		t.Error("the database holds a form in the clear")
	}
	for _, c := range []struct {
		age  time.Duration
		left string
	}{{consent.DraftLifetime - time.Second, "1"}, {consent.DraftLifetime, "0"}} {
		if err := db.Sweep(t.Context(), leftDraft().At.Add(c.age)); err != nil {
			t.Fatal(err)
		}
		if got := column(t, plain(t, address), `SELECT count(draft)::text FROM session WHERE past_subject_id <> ''`)[0]; got != c.left {
			t.Errorf("after %s %s are left, want %s", c.age, got, c.left)
		}
	}
}
