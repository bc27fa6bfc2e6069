package consenttest

import (
	"bytes"
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

// archive is a report with what was made of it.
type archive struct {
	consent.Report
	pieces [][]byte
}

func (v *view) Report(_ context.Context, agent consent.AgentID, id string) (consent.Report, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	x, err := find(v.t.reports, id)
	if err == nil && x.Agent != agent {
		err = consent.Refuse(consent.NotFound, "", "no such thing")
	}
	if err != nil {
		return consent.Report{}, err
	}
	return x.Report, nil
}

func (v *view) Reports(_ context.Context, agent consent.AgentID, limit int) (out []consent.Report, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, x := range v.t.reports {
		if x.Agent == agent {
			out = append(out, x.Report)
		}
	}
	slices.SortFunc(out, func(a, b consent.Report) int { return newest(a.AskedAt, b.AskedAt, b.ID, a.ID) })
	return out[:min(limit, len(out))], nil
}

func (v *view) ReportPiece(_ context.Context, r consent.Report, number int) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	x, err := find(v.t.reports, r.ID)
	if err != nil || number >= len(x.pieces) {
		return nil, consent.Refuse(consent.NotFound, "", "no such thing")
	}
	return x.pieces[number], nil
}

// Snapshot reads a copy.
func (m *Memory) Snapshot(_ context.Context, fn func(consent.Reader) error) error {
	m.mu.Lock()
	frozen := m.t.clone()
	m.mu.Unlock()
	return fn(&view{mu: noLock{}, t: frozen})
}

// ClaimReport takes the report that waits longest.
func (m *Memory) ClaimReport(_ context.Context, now, still time.Time) (consent.Report, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var next archive
	for _, x := range m.t.reports {
		waits := x.State == consent.ReportQueued || x.State == consent.ReportRunning && !x.MovedAt.After(still)
		if waits && (next.ID == "" || x.MovedAt.Before(next.MovedAt)) {
			next = x
		}
	}
	if next.ID == "" {
		return consent.Report{}, consent.Refuse(consent.NotFound, "", "no such thing")
	}
	next.State, next.Lines, next.Size, next.MovedAt, next.pieces = consent.ReportRunning, 0, 0, now, nil
	m.t.reports[next.ID] = next
	return next.Report, nil
}

func (x *memoryTx) InsertReport(_ context.Context, r consent.Report) error {
	x.t.reports[r.ID] = archive{Report: r}
	return nil
}

func (x *memoryTx) CountOpenReports(_ context.Context, agent consent.AgentID) (n int, _ error) {
	for _, r := range x.t.reports {
		if r.Agent == agent && (r.State == consent.ReportQueued || r.State == consent.ReportRunning) {
			n++
		}
	}
	return n, nil
}

func (x *memoryTx) MoveReport(_ context.Context, r consent.Report, before time.Time) (bool, error) {
	known, err := find(x.t.reports, r.ID)
	if err != nil || known.State != consent.ReportRunning || !known.MovedAt.Equal(before) {
		return false, err
	}
	known.Report = r
	x.t.reports[r.ID] = known
	return true, nil
}

func (x *memoryTx) PutReportPiece(_ context.Context, r consent.Report, number int, piece []byte) error {
	known, err := find(x.t.reports, r.ID)
	if err != nil {
		return err
	}
	known.pieces = append(slices.Clone(known.pieces[:number]), bytes.Clone(piece))
	x.t.reports[r.ID] = known
	return nil
}
