package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"portail.example/consent"
	"portail.example/internal/postgres"
)

// reports times the report on a citizen whose data were used often, from the order to
// the archive, and reads the peak memory of the process that made it. Each size has a
// database and a process of its own.
func (b *bench) reports(ctx context.Context) error {
	for i, uses := range b.plan.Uses {
		fmt.Fprintf(b.progress, "report: %d consultations…\n", uses)
		if err := b.report(ctx, uses, sizes[i]); err != nil {
			return err
		}
	}
	return nil
}

// sizes name the figures of the two reports.
var sizes = []string{"small", "large"}

func (b *bench) report(ctx context.Context, uses int, size string) error {
	w, _, held, err := freshWorld(ctx, b.plan.Profile)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.use(ctx, held.GrantID, uses); err != nil {
		return err
	}
	return w.ordered(ctx, held.GrantID, func(took time.Duration, r consent.Report, peak float64) {
		b.note("report, "+size, took.Seconds())
		b.note("archive, "+size, float64(r.Size)/(1<<20))
		b.note("peak, "+size, peak)
	})
}

// ordered has the portal make a report on the citizen of a consent.
func (w *world) ordered(ctx context.Context, grantID string, note func(took time.Duration, r consent.Report, peak float64)) error {
	keys, err := postgres.NewKeys(make([]byte, 32))
	if err != nil {
		return err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: w.cluster.URL("postgres"), MaxConns: 2, Keys: keys})
	if err != nil {
		return err
	}
	defer db.Close()
	service := consent.NewService(db, consent.Limits{Token: 15 * time.Minute}, func(consent.DataSet) string { return w.URL }, time.Now)
	agent, err := service.InviteAgent(ctx, consent.Console(), consent.AgentInvitation{Email: "dpo@portail.example", SIRET: clientSIRET, Role: consent.RolePlatformDPO})
	if err != nil {
		return err
	}
	l, err := service.FindPerson(ctx, agent, consent.PersonSearch{Number: grantID}, "mesure du temps")
	if err != nil {
		return err
	}
	if err := w.portal.forgetPeak(); err != nil {
		return err
	}
	began := time.Now()
	r, err := service.OrderReport(ctx, agent, l.ID, consent.Date{}, consent.Date{})
	for err == nil && (r.State == consent.ReportQueued || r.State == consent.ReportRunning) {
		time.Sleep(50 * time.Millisecond)
		r, err = service.Report(ctx, agent, r.ID)
	}
	if err != nil || r.State != consent.ReportDone {
		return fmt.Errorf("the report is %s: %w", r.State, err)
	}
	peak, err := w.portal.peak()
	note(time.Since(began), r, peak)
	return err
}

// use gives a consent so many uses, one an hour, each with its entry, and waits until
// the portal's sequencer gave them a place.
func (w *world) use(ctx context.Context, grantID string, uses int) error {
	for _, statement := range []string{useAccesses, useEntries} {
		if _, err := w.Pool.Exec(ctx, statement, grantID, uses); err != nil {
			return err
		}
	}
	if _, err := w.Pool.Exec(ctx, "ANALYZE"); err != nil {
		return err
	}
	for waiting := 1; waiting > 0; time.Sleep(200 * time.Millisecond) {
		err := w.Pool.QueryRow(ctx, `SELECT count(*) FROM ledger_entry e WHERE NOT EXISTS (SELECT FROM ledger_leaf l WHERE l.entry_id = e.id)`).Scan(&waiting)
		if err != nil {
			return err
		}
	}
	return nil
}

const (
	useAccesses = `INSERT INTO access (id, subject_id, grant_id, client_id, recipient, token_id, data_set, data_groups, year, month, opened_at, closed_at, outcome)
		SELECT 'use-' || n, subject_id, id, client_id, recipient, 'bench', 'quotient_familial', data_groups, 2026, 1,
			now() - n * interval '1 hour', now() - n * interval '1 hour', 'released'
		FROM consent_grant, generate_series(1, $2::int) n WHERE id = $1`

	useEntries = `INSERT INTO ledger_entry (at, kind, subject_id, client_id, ref, request_id, grant_id, fact, tx)
		SELECT now(), 'outcome', subject_id, client_id, 'use-' || n, '', id, sha256(int8send(n)), pg_current_xact_id()
		FROM consent_grant, generate_series(1, $2::int) n WHERE id = $1`
)

// forgetPeak begins the measurement of a process's peak memory (proc(5), clear_refs).
func (p *process) forgetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)
}

// peak is the most memory that a process had since, in MiB.
func (p *process) peak() (mib float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib float64
	_, err = fmt.Sscan(rest, &kib)
	return kib / 1024, err
}
