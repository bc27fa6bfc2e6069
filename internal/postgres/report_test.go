package postgres_test

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
)

// An erasure while a report is being made wins, or is refused and done later: the
// report fails, and no piece of it is left to read.
func TestAnErasureWhileAReportIsMade(t *testing.T) {
	url := pgtest.URL(t)
	w := consenttest.NewWorldOn(t, pgtest.Open(t, url))
	agent, who := w.Agent(t, consent.RolePlatformDPO), consenttest.Angela().Identity
	l, err := w.Service.FindPerson(t.Context(), agent, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "demande du 3 mars")
	if err != nil {
		t.Fatal(err)
	}
	ordered, err := w.Service.OrderReport(t.Context(), agent, l.ID, consent.Date{}, consent.Date{})
	if err != nil {
		t.Fatal(err)
	}
	erasure := w.ToErase(t)
	piece := bytes.Repeat([]byte("x"), consent.ReportPiece)
	made, err := w.Service.MakeReport(t.Context(), func(ctx context.Context, to io.Writer, _ consent.ReportSource) error {
		if _, err := to.Write(piece); err != nil {
			t.Fatal(err)
		}
		if done, err := w.Service.EraseSubject(ctx, erasure.ID, "agent-2"); err != nil || !done.Done() {
			t.Fatal(done, err)
		}
		_, err := to.Write(piece)
		return err
	})
	if !made || err == nil {
		t.Errorf("made for somebody who was erased meanwhile: %v", err)
	}
	if _, _, err := w.Service.ReportContent(t.Context(), agent, ordered.ID); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("its content: %v", err)
	}
	if left := pieces(t, url, w.Viewer.Subject); left != 0 {
		t.Errorf("%d pieces are left", left)
	}
	if again, err := w.Service.MakeReport(t.Context(), nil); again || err != nil {
		t.Errorf("begun again: %v, %v", again, err)
	}
}

func pieces(t *testing.T, url string, subject consent.SubjectID) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM report_piece WHERE subject_id = $1`, subject).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
