package serve

import (
	"context"
	"log/slog"
	"time"
)

// purgeHour is when what is due is removed, in UTC: few are awake in Europe.
const purgeHour = 2

// purgeNightly looks once an hour. Instances that purge in the same night take turns,
// and the second finds nothing.
func (s *Server) purgeNightly(ctx context.Context) error {
	if s.now().UTC().Hour() != purgeHour {
		return nil
	}
	return s.purge(ctx)
}

// purge logs what it removed, also when it was stopped.
func (s *Server) purge(ctx context.Context) error {
	report, err := s.Service.Purge(ctx)
	for _, line := range report.Lines {
		s.logger.Info("purged", slog.String("kind", string(line.Record)), slog.Int("number", line.Count),
			slog.String("from", line.First.Format(time.DateOnly)), slog.String("to", line.Last.Format(time.DateOnly)), slog.String("run", report.RunID))
	}
	return err
}
