package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// race is an answer that gives a consent and a measure that covers it, both begun and
// neither committed, in a chosen order.
type race struct {
	*evidence
	standing consent.Grant   // from before
	asked    consent.Request // to be allowed
	measure  func() error
}

// newRace has the measure set by an instance whose clock is a day ahead: to it the request
// has lapsed, so that closing the request does not decide the race.
func newRace(t *testing.T, right consent.Right) *race {
	t.Helper()
	r := &race{evidence: newEvidence(t)}
	r.standing, _ = r.Granted(t, r.Push())
	p := r.Push()
	p.ForcePrompt = true
	r.asked = r.Identified(t, p)
	rights, err := r.Service.AskRight(t.Context(), r.Viewer.Subject, right, "")
	if err != nil {
		t.Fatal(err)
	}
	officer := r.Officer(t)
	ahead := consent.NewService(r.db, consent.Limits{}, func(consent.DataSet) string { return consenttest.Location }, func() time.Time {
		return r.Clock.Now().Add(24 * time.Hour)
	})
	r.measure = func() error {
		_, err := ahead.AcceptRight(context.Background(), officer, rights.ID, consenttest.TownHallParty(), "Nous le faisons.")
		return err
	}
	return r
}

func (r *race) allow() error {
	_, err := r.Service.Decide(context.Background(), r.Allow(r.asked))
	return err
}

// run holds a row that the first needs once it has looked at what the other writes,
// begins the second, and lets go when the second waits or is through.
func (r *race) run(t *testing.T, hold, id string, first, second func() error) (errFirst, errSecond error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), r.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `BEGIN`); err != nil {
		t.Fatal(err)
	}
	if tag, err := conn.Exec(t.Context(), hold, id); err != nil || tag.RowsAffected() != 1 {
		t.Fatal(tag, err)
	}
	one := r.begin(t, first, 1)
	two := r.begin(t, second, 2)
	if _, err := conn.Exec(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	return <-one, <-two
}

// begin returns once something is through, or so many wait for a row.
func (r *race) begin(t *testing.T, what func() error, waiting int64) <-chan error {
	t.Helper()
	out, through := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(through)
		out <- what()
	}()
	for {
		select {
		case <-through:
			return out
		default:
		}
		if r.number(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) >= waiting {
			return out
		}
	}
}

// Whichever is first, no consent stands that the measure covers: the answer is refused, or
// the measure finds the consent.
func TestAMeasureAndADecisionCannotMissEachOther(t *testing.T) {
	for right, want := range map[consent.Right]consent.GrantStatus{
		consent.RightObjection: consent.GrantTakenBack, consent.RightRestriction: consent.GrantRestricted,
	} {
		t.Run(string(right)+" second", func(t *testing.T) {
			r := newRace(t, right)
			allowed, measured := r.run(t, `SELECT FROM request WHERE id = $1 FOR UPDATE`, r.asked.ID, r.allow, r.measure)
			if allowed != nil || measured != nil {
				t.Errorf("the answer: %v, the measure: %v", allowed, measured)
			}
			r.all(t, 2, want)
		})
		t.Run(string(right)+" first", func(t *testing.T) {
			r := newRace(t, right)
			measured, allowed := r.run(t, `SELECT FROM consent_grant WHERE id = $1 FOR UPDATE`, r.standing.ID, r.measure, r.allow)
			if consent.CodeOf(allowed) != consent.RequestClosed || measured != nil {
				t.Errorf("the answer: %v, the measure: %v", allowed, measured)
			}
			r.all(t, 1, want)
		})
	}
}

// all expects so many consents, each in a state, and the evidence to agree.
func (r *race) all(t *testing.T, n int, want consent.GrantStatus) {
	t.Helper()
	list, err := r.db.Grants(t.Context(), consent.GrantQuery{Subject: r.Viewer.Subject, All: true, Limit: 10})
	if err != nil || len(list) != n {
		t.Errorf("%d consents, %v", len(list), err)
	}
	for _, g := range list {
		if got := g.StatusAt(r.Clock.Now()); got != want {
			t.Errorf("a consent is %s", got)
		}
	}
	r.settle(t)
	if _, err := r.verify(t); err != nil {
		t.Error(err)
	}
}
