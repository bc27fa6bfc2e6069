package consent

import (
	"context"
	"time"
)

// purgedAtOnce bounds a batch: one transaction, short enough that nobody waits for it.
const purgedAtOnce = 500

// Purgeable are the kinds that Purge removes, in an order in which nothing is removed
// that another still needs. What lives for hours is swept, and the ledger stays.
func Purgeable() []Record {
	return []Record{RecordConsultation, RecordToken, RecordSecret, RecordConsent, RecordRefusal, RecordRequest, RecordUnseen, RecordEvent, RecordMeasure, RecordRightsRequest, RecordReport, RecordLookup, RecordAgent, RecordIdentity}
}

// Purged is what was removed of a kind, and what instants its retention ran from.
type Purged struct {
	Record      Record
	Count       int
	First, Last time.Time
}

// Add counts another batch of the same kind.
func (p *Purged) Add(more Purged) {
	if p.Count == 0 || more.First.Before(p.First) {
		p.First = more.First
	}
	if more.Last.After(p.Last) {
		p.Last = more.Last
	}
	p.Count += more.Count
}

// PurgeBatch is one step of a purge: everything of a kind whose retention began
// before an instant, so much at a time.
type PurgeBatch struct {
	ID, RunID string
	Record    Record
	At        time.Time
	Before    time.Time
	After     PurgePlace // where the batch before stopped; zero for the first
	Limit     int
}

// PurgePlace is a thing in the order that a purge goes through its kind.
type PurgePlace struct {
	Subject SubjectID
	ID      string
}

// PurgeReport is what a purge did, or would.
type PurgeReport struct {
	RunID string
	At    time.Time
	Lines []Purged // kinds of which something was removed
}

// Purge removes what its retention rule says is due and no legal hold keeps, batch
// after batch, each with its entry of the ledger in one transaction. Stopped at any
// moment it has removed whole batches; the next run goes on. A second run finds
// nothing. It returns what it removed, with the error that stopped it.
func (s *Service) Purge(ctx context.Context) (PurgeReport, error) {
	report := PurgeReport{RunID: NewID(), At: s.Now()}
	for _, record := range Purgeable() {
		line, err := s.purge(ctx, report, record)
		if line.Count > 0 {
			report.Lines = append(report.Lines, line)
		}
		if err != nil {
			return report, err
		}
	}
	return report, nil
}

func (s *Service) purge(ctx context.Context, report PurgeReport, record Record) (Purged, error) {
	line := Purged{Record: record}
	b := PurgeBatch{RunID: report.RunID, Record: record, At: report.At, Before: RetentionOf(record).Before(report.At), Limit: purgedAtOnce}
	for {
		b.ID = NewID()
		done, next, err := s.purgeBatch(ctx, b)
		if err != nil {
			return line, err
		}
		if done.Count > 0 {
			line.Add(done)
		}
		if next == (PurgePlace{}) {
			return line, nil
		}
		b.After = next
	}
}

// purgeBatch commits a removal together with the entry that vouches for it: a row
// that goes without one is a fault of the ledger.
func (s *Service) purgeBatch(ctx context.Context, b PurgeBatch) (done Purged, next PurgePlace, err error) {
	if err := ctx.Err(); err != nil {
		return done, next, err
	}
	err = s.store.Transact(ctx, func(tx Tx) error {
		if done, next, err = tx.PurgeBatch(ctx, b); err != nil || done.Count == 0 {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: b.At, Kind: EntryPurge, Ref: b.ID})
	})
	return done, next, err
}

// PurgeDue tells what Purge would remove now.
func (s *Service) PurgeDue(ctx context.Context) (PurgeReport, error) {
	report := PurgeReport{At: s.Now()}
	for _, record := range Purgeable() {
		line, err := s.store.PurgeDue(ctx, record, RetentionOf(record).Before(report.At))
		if err != nil {
			return report, err
		}
		if line.Count > 0 {
			report.Lines = append(report.Lines, line)
		}
	}
	return report, nil
}

// PurgeReports are past purges that removed something, newest first, at most limit.
func (s *Service) PurgeReports(ctx context.Context, limit int) ([]PurgeReport, error) {
	return s.store.PurgeReports(ctx, limit)
}
