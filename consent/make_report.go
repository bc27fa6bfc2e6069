package consent

import (
	"context"
	"errors"
	"io"
	"time"
)

// ReportPiece is how many bytes of a report are kept in one piece.
const ReportPiece = 256 << 10

// errOvertaken ends the making of a report that somebody else began again.
var errOvertaken = errors.New("the report was begun again elsewhere")

// ReportSource is what a report is made of, as it was at one instant, however often it
// is collected.
type ReportSource struct {
	Report Report
	At     time.Time
	run    func(ctx context.Context, to Collector, parts []Part) error
}

// Collect hands what the report may speak of to a collector: everything, or only some
// parts.
func (s ReportSource) Collect(ctx context.Context, to Collector, parts ...Part) error {
	if parts == nil {
		parts = Parts()
	}
	return s.run(ctx, to, parts)
}

// MakeReport makes the next report that waits, or that whoever made it left; false
// when there is none. write puts it in words and files. One that cannot be written is
// marked failed, and the error returned.
func (s *Service) MakeReport(ctx context.Context, write func(ctx context.Context, to io.Writer, from ReportSource) error) (bool, error) {
	now := s.Now()
	r, err := s.store.ClaimReport(ctx, now, now.Add(-reportStill))
	if CodeOf(err) == NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	pieces := &pieces{ctx: ctx, s: s, report: &r}
	err = s.store.Snapshot(ctx, func(store Reader) error {
		from := ReportSource{Report: r, At: now, run: func(ctx context.Context, to Collector, parts []Part) error {
			return s.gather(ctx, store, &r, now, reported{to, &r, pieces.beat}, parts)
		}}
		if err := write(ctx, pieces, from); err != nil {
			return err
		}
		return pieces.flush()
	})
	if errors.Is(err, errOvertaken) || ctx.Err() != nil {
		return true, err // whoever claims it next begins again
	}
	return true, errors.Join(err, s.closeReport(ctx, r, err == nil))
}

// gather reads what the report may speak of.
func (s *Service) gather(ctx context.Context, store Reader, r *Report, now time.Time, to Collector, parts []Part) error {
	held := Holdings{At: now}
	var err error
	if held.Identity, err = store.Identity(ctx, r.Subject); err != nil {
		return err
	}
	if r.Authority == "" {
		contact, err := contactOf(ctx, store, r.Subject)
		if err != nil {
			return err
		}
		held.Address = contact.Address
	}
	return newExporter(now, store, r.Subject, to).run(ctx, held, parts)
}

// closeReport says how it ended; nothing when somebody else began it again.
func (s *Service) closeReport(ctx context.Context, r Report, made bool) error {
	before := r.MovedAt
	r.State, r.MovedAt = ReportFailed, s.Now()
	if made {
		r.State, r.DoneAt = ReportDone, r.MovedAt
	}
	return s.store.Transact(ctx, func(tx Tx) error {
		_, err := tx.MoveReport(ctx, r, before)
		return err
	})
}

// pieces keeps a report as it is written, and shows that somebody is at it.
type pieces struct {
	ctx    context.Context
	s      *Service
	report *Report
	buffer []byte
	number int
}

func (p *pieces) Write(text []byte) (n int, err error) {
	for len(text) > 0 && err == nil {
		take := min(len(text), ReportPiece-len(p.buffer))
		p.buffer, text, n = append(p.buffer, text[:take]...), text[take:], n+take
		if len(p.buffer) == ReportPiece {
			err = p.flush()
		}
	}
	return n, err
}

func (p *pieces) flush() error {
	if len(p.buffer) == 0 {
		return nil
	}
	err := p.move(int64(len(p.buffer)), func(tx Tx, r Report) error { return tx.PutReportPiece(p.ctx, r, p.number, p.buffer) })
	if err == nil {
		p.buffer, p.number = p.buffer[:0], p.number+1
	}
	return err
}

// beat shows that somebody is at it while nothing is written: a document is finished
// before its first byte.
func (p *pieces) beat() error {
	if p.s.Now().Before(p.report.MovedAt.Add(reportBeat)) {
		return nil
	}
	return p.move(0, func(Tx, Report) error { return nil })
}

// move notes how far the report is, with what else belongs to that. It fails with
// errOvertaken.
func (p *pieces) move(more int64, with func(Tx, Report) error) error {
	r, before := *p.report, p.report.MovedAt
	r.Size, r.MovedAt = r.Size+more, p.s.Now()
	err := p.s.store.Transact(p.ctx, func(tx Tx) error {
		ours, err := tx.MoveReport(p.ctx, r, before)
		if err != nil {
			return err
		}
		if !ours {
			return errOvertaken
		}
		return with(tx, r)
	})
	if err == nil {
		p.report.Size, p.report.MovedAt = r.Size, r.MovedAt
	}
	return err
}
