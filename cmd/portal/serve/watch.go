package serve

import (
	"context"
	"log/slog"
	"time"

	"portail.example/consent"
)

// The hours in which values are looked at, in UTC: API Particulier wants batches at
// night, and the purge is over.
const (
	watchHour = 3
	watchEnd  = 6
)

// watchNightly looks once an hour, and goes on until the night ends. Instances share
// the work: none looks at what another has taken.
func (s *Server) watchNightly(ctx context.Context) error {
	now := s.now().UTC()
	if now.Hour() < watchHour || now.Hour() >= watchEnd {
		return nil
	}
	_, err := s.LookForChanges(ctx, time.Date(now.Year(), now.Month(), now.Day(), watchEnd, 0, 0, 0, time.UTC))
	return err
}

// LookForChanges looks until an instant, or until nothing is due, and logs how many
// looks came to what.
func (s *Server) LookForChanges(ctx context.Context, until time.Time) (consent.WatchReport, error) {
	report, err := s.Service.LookForChanges(ctx, s.watchTurn, until)
	if report.Looked+report.Early+report.NoValue+report.Troubled > 0 {
		s.logger.Info("looked for changes", slog.String("month", report.Month.String()), slog.Int("looked", report.Looked), slog.Int("changed", report.Changed),
			slog.Int("early", report.Early), slog.Int("no_value", report.NoValue), slog.Int("troubled", report.Troubled))
	}
	return report, err
}

// watchTurn is the next call that a look may make: one of the batches'.
func (s *Server) watchTurn(ctx context.Context, set consent.DataSet, recipient consent.SIRET) (consent.WatchAsk, func(), error) {
	turn, err := s.batch.Turn(ctx, set, recipient)
	if err != nil {
		return nil, nil, err
	}
	return turn.Ask, turn.Done, nil
}
