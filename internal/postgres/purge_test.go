package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
)

var errCrash = errors.New("crashed")

// crashing is a store that stops after some transactions.
type crashing struct {
	consent.Store
	left int
}

func (c *crashing) Transact(ctx context.Context, fn func(consent.Tx) error) error {
	if c.left == 0 {
		return errCrash
	}
	c.left--
	return c.Store.Transact(ctx, fn)
}

// years moves the world on.
func (e *evidence) years(n int) { e.Clock.Set(e.Clock.Now().AddDate(n, 0, 1)) }

func (e *evidence) purge(t *testing.T) consent.PurgeReport {
	t.Helper()
	report, err := e.Service.Purge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func total(r consent.PurgeReport) (n int) {
	for _, line := range r.Lines {
		n += line.Count
	}
	return n
}

// A purge that dies between two batches is taken up by the next one, and the
// evidence agrees at each moment.
func TestAPurgeThatCrashesIsTakenUp(t *testing.T) {
	e := newEvidence(t)
	e.live(t)
	e.years(4)
	due, err := e.Service.PurgeDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	removed, crashes, useful := 0, 0, 0
	for removed < total(due) {
		dying := consent.NewService(&crashing{e.db, 2 + crashes}, consent.Limits{}, nil, e.Clock.Now)
		report, err := dying.Purge(t.Context())
		if err != nil && !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		if err != nil {
			crashes++
		}
		if removed += total(report); len(report.Lines) > 0 {
			useful++
		}
		if e.settle(t); crashes > 20 {
			t.Fatal("no end")
		}
	}
	if crashes < 2 || total(e.purge(t)) != 0 {
		t.Errorf("%d crashes, %d removed of %d", crashes, removed, total(due))
	}
	reports, err := e.db.PurgeReports(t.Context(), 100)
	if err != nil || len(reports) != useful {
		t.Errorf("%d reports of %d runs: %v", len(reports), useful, err)
	}
}

// A purge that is told to stop has removed whole batches.
func TestAPurgeStopsBetweenBatches(t *testing.T) {
	e := newEvidence(t)
	e.live(t)
	e.years(4)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if report, err := e.Service.Purge(ctx); !errors.Is(err, context.Canceled) || total(report) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	e.settle(t)
}

// Two purges at once, beside the life of the portal: everything goes once.
func TestPurgesTakeTurns(t *testing.T) {
	e := newEvidence(t)
	e.live(t)
	e.years(4)
	due, err := e.Service.PurgeDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	reports := make([]consent.PurgeReport, 3)
	for i := range reports {
		all.Go(func() {
			if reports[i], err = e.Service.Purge(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if sum := total(reports[0]) + total(reports[1]) + total(reports[2]); sum != total(due) {
		t.Errorf("%d removed of %d", sum, total(due))
	}
	e.settle(t)
}

// What the owner of the database could do about purges. Each is prepared by SQL with
// forged to stand for the identifier of a purge that never was.
const (
	forge = `INSERT INTO purge_batch VALUES ('forged', 'forged', 'consultation', now(), now() - interval '1 hour', 1, now() - interval '2 hours', now() - interval '2 hours');
		INSERT INTO purged_entry SELECT max(e.id), 'forged' FROM ledger_entry e WHERE e.ref = (SELECT id FROM access WHERE outcome = 'released');
		DELETE FROM access WHERE outcome = 'released'`
	ofPurge   = `SELECT min(id) FROM ledger_entry WHERE kind = 'purge'`
	ofGone    = `SELECT min(p.entry_id) FROM purged_entry p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.kind = 'outcome'`
	ofHold    = `SELECT max(id) FROM ledger_entry WHERE kind LIKE 'legal_hold%'`
	ofErasure = `SELECT max(id) FROM ledger_entry WHERE kind LIKE 'erasure%'`
)

var purgeEdits = []struct{ sql, first string }{
	{`DELETE FROM access WHERE outcome = 'released'`, ofAccess},
	{`DELETE FROM decision` + oneDecision, ofDecision},
	{forge, ofAccess},
	{`DELETE FROM purged_entry WHERE entry_id = (` + ofGone + `)`, ofGone},
	{`INSERT INTO purged_entry SELECT max(e.id), (SELECT ref FROM ledger_entry WHERE id = (` + ofPurge + `)) FROM ledger_entry e WHERE e.kind = 'export'`, ofPurge},
	{`UPDATE purge_batch SET removed = removed + 1 WHERE id = (SELECT ref FROM ledger_entry WHERE id = (` + ofPurge + `))`, ofPurge},
	{`UPDATE purge_batch SET at = at + interval '1 year' WHERE id = (SELECT ref FROM ledger_entry WHERE id = (` + ofPurge + `))`, ofPurge},
	{`DELETE FROM purge_batch WHERE id = (SELECT ref FROM ledger_entry WHERE id = (` + ofPurge + `))`, ofPurge},
	{`INSERT INTO purge_batch SELECT 'x', run_id, record, at, due_before, removed, first_from, last_from FROM purge_batch LIMIT 1`, ``},
	{`INSERT INTO access SELECT e.ref, e.subject_id, a.grant_id, client_id, recipient, token_id, data_set, data_groups, year, month, opened_at, closed_at, outcome, provider_request_id, provider_id
		FROM access a, (SELECT ref, subject_id FROM ledger_entry WHERE id = (` + ofGone + `)) e WHERE a.outcome = 'released'`, ofGone},
	{`UPDATE legal_hold SET lifted_at = now(), lifted_by = 'x'`, ofHold},
	{`UPDATE legal_hold SET reason = 'x'`, ofHold},
	{`DELETE FROM legal_hold`, ofHold},
	{`INSERT INTO legal_hold SELECT 'x', subject_id, grant_id, reason, set_by, set_at FROM legal_hold`, ``},
	{`UPDATE erasure SET approved_by = 'x'`, ofErasure},
	{`UPDATE erasure SET asked_by = 'x'`, ofErasure},
	{`DELETE FROM erasure`, ofErasure},
}

// aged is a world in which an old life was purged, a citizen erased, and a newer one
// goes on under a hold.
func aged(t *testing.T) *evidence {
	t.Helper()
	e := newEvidence(t)
	e.live(t)
	e.Clock.Advance(consent.ExportLease)
	old := e.ToErase(t)
	if _, err := e.Service.EraseSubject(t.Context(), old.ID, "agent-2"); err != nil {
		t.Fatal(err)
	}
	e.settle(t)
	e.years(4)
	if total(e.purge(t)) == 0 {
		t.Fatal("nothing was purged")
	}
	e.Viewer.Subject = e.SignIn(t, consenttest.Angela())
	if err := e.Service.FollowHabilitation(t.Context(), consent.Habilitation{Number: "404", FiredAt: e.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	e.Clock.Advance(time.Minute)
	e.live(t)
	if _, err := e.Service.SetHold(t.Context(), consent.Hold{Subject: e.Viewer.Subject, Reason: "dossier 12", SetBy: "agent-1"}); err != nil {
		t.Fatal(err)
	}
	e.settle(t)
	return e
}

func TestTheLedgerVerifiesAfterPurgeAndErasure(t *testing.T) {
	e := aged(t)
	report, err := e.verify(t)
	if err != nil || report.Waiting != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	proof, err := e.db.Proof(t.Context(), "", consent.EntryPurge, e.ref(t, `kind = 'purge'`))
	if err != nil || proof.Check(e.sign.PublicKey()) != nil {
		t.Errorf("a purge is proved to who was not there: %v", err)
	}
}

// ref is what the first entry that a condition finds is about.
func (e *evidence) ref(t *testing.T, condition string) string {
	return column(t, plain(t, e.url), `SELECT ref FROM ledger_entry WHERE `+condition+` ORDER BY id LIMIT 1`)[0]
}

func TestTamperingWithPurgesIsDetected(t *testing.T) {
	for _, edit := range purgeEdits {
		t.Run(edit.sql, func(t *testing.T) {
			t.Parallel()
			e := aged(t)
			want := e.number(t, edit.first)
			for _, sql := range strings.Split(edit.sql, ";") {
				e.tampered(t, sql)
			}
			report, err := e.verify(t)
			fault, ok := errors.AsType[ledger.Fault](err)
			if !ok || fault.Entry != want {
				t.Errorf("%+v: %v, want entry %d", report, err, want)
			}
		})
	}
}

// Whoever deletes a row and has the portal itself sign that it was purged is found:
// it was not due, or the purge is of times to come.
func TestAForgedPurgeVouchesForNothing(t *testing.T) {
	for name, at := range map[string]time.Duration{"now": 0, "in times to come": 40 * 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			e := aged(t)
			want := e.number(t, ofAccess)
			for _, sql := range strings.Split(forge, ";") {
				e.tampered(t, sql)
			}
			err := e.db.Transact(t.Context(), func(tx consent.Tx) error {
				return tx.AppendLedger(t.Context(), consent.LedgerEntry{At: e.Clock.Now().Add(at), Kind: consent.EntryPurge, Ref: "forged"})
			})
			if err != nil {
				t.Fatal(err)
			}
			e.sequence(t)
			_, err = e.verify(t)
			if fault, ok := errors.AsType[ledger.Fault](err); !ok || fault.Entry != want {
				t.Errorf("%v, want entry %d", err, want)
			}
		})
	}
}

// Without a purge that names them, rows of the evidence stay: the triggers are the
// second lock.
func TestTheNarrowWayOutIsNarrow(t *testing.T) {
	e := aged(t)
	db := plain(t, e.url)
	for _, change := range []string{
		`DELETE FROM decision`, `DELETE FROM outbox_event`, `TRUNCATE decision CASCADE`, `TRUNCATE outbox_event CASCADE`, `UPDATE decision SET acr = acr`,
		`DELETE FROM purge_batch`, `UPDATE purge_batch SET removed = 1`, `DELETE FROM purged_entry`, `UPDATE purged_entry SET entry_id = entry_id`,
		`UPDATE consent_text SET text = '', own = true`, `UPDATE consent_text SET text = text || 'x'`, `UPDATE consent_text SET own = false`, `DELETE FROM consent_text`,
		`DELETE FROM legal_hold`, `DELETE FROM erasure`, `UPDATE erasure SET approved_by = asked_by, done_at = now()`,
	} {
		if _, err := db.Exec(change); err == nil {
			t.Errorf("%s: done", change)
		}
	}
}
