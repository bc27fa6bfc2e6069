package consent

import (
	"context"
	"log/slog"
	"time"
)

// Report is a copy of what is held about a person, made for an agent who answers that
// person (GDPR article 15). It is made in the background and kept under the person's
// key.
type Report struct {
	ID      string
	Subject SubjectID
	Agent   AgentID
	// Authority is the only one the report speaks of; empty for all.
	Authority SIRET
	// Since and Until bound what happened, both inclusive; zero for open.
	Since, Until Date
	State        ReportState
	Lines        int64 // written so far, all files together
	Size         int64 // in bytes, when done
	AskedAt      time.Time
	MovedAt      time.Time // last sign of life of whoever makes it
	DoneAt       time.Time
}

// ReportState is how far a report is.
type ReportState string

// The states of a report.
const (
	ReportQueued  ReportState = "queued"
	ReportRunning ReportState = "running"
	ReportDone    ReportState = "done"
	ReportFailed  ReportState = "failed"
)

// ReportStates are all of them.
func ReportStates() []ReportState {
	return []ReportState{ReportQueued, ReportRunning, ReportDone, ReportFailed}
}

// How reports are made and kept.
const (
	ReportKept     = 7 * 24 * time.Hour // after it was made; then it is made again
	MaxOpenReports = 5                  // an agent's, waiting or being made
	reportStill    = 2 * time.Minute    // without a sign of life it is begun again
	reportBeat     = reportStill / 4    // between two signs of life
)

// ExpiresAt is when the archive goes; zero while it is not made.
func (r Report) ExpiresAt() time.Time {
	if r.DoneAt.IsZero() {
		return time.Time{}
	}
	return r.DoneAt.Add(ReportKept)
}

// LogValue says which report, and nothing of the person.
func (r Report) LogValue() slog.Value { return slog.StringValue(r.ID) }

// OrderReport asks for a report on a person the agent looked up. It fails like
// LookedUp, with InvalidRequest, which names since or until, and with TooMany when
// MaxOpenReports of the agent's are not made yet.
func (s *Service) OrderReport(ctx context.Context, agent Agent, lookupID string, since, until Date) (Report, error) {
	l, err := s.LookedUp(ctx, agent, lookupID)
	if err != nil {
		return Report{}, err
	}
	scope, err := agent.May(DutySubjects)
	if err != nil {
		return Report{}, err
	}
	if !since.IsZero() && !until.IsZero() && since.After(until) {
		return Report{}, Refuse(InvalidRequest, "until", "before since")
	}
	now := s.Now()
	r := Report{
		ID: NewID(), Subject: l.Subject, Agent: agent.ID, Authority: scope.Authority(), Since: since, Until: until,
		State: ReportQueued, AskedAt: now, MovedAt: now,
	}
	return r, s.store.Transact(ctx, func(tx Tx) error {
		open, err := tx.CountOpenReports(ctx, agent.ID)
		if err != nil {
			return err
		}
		if open >= MaxOpenReports {
			return Refuse(TooMany, "", "%d reports are being made", open)
		}
		if err := tx.InsertReport(ctx, r); err != nil {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: now, Kind: EntryReport, Subject: r.Subject, Ref: r.ID})
	})
}

// Report is one of the agent's own; NotFound for anybody else's.
func (s *Service) Report(ctx context.Context, agent Agent, id string) (Report, error) {
	if _, err := agent.May(DutySubjects); err != nil {
		return Report{}, err
	}
	return s.store.Report(ctx, agent.ID, id)
}

// Reports are the agent's own, newest first, at most limit.
func (s *Service) Reports(ctx context.Context, agent Agent, limit int) ([]Report, error) {
	if _, err := agent.May(DutySubjects); err != nil {
		return nil, err
	}
	return s.store.Reports(ctx, agent.ID, limit)
}
