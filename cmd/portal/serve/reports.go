package serve

import (
	"context"
	"log/slog"

	"portail.example/portal/dpo/report"
	"portail.example/templates"
)

// reports writes what officers order.
func (w wiring) reports() (*report.Writer, error) {
	bundle, err := words()
	if err != nil {
		return nil, err
	}
	o := w.cfg.Operator
	return report.New(report.Config{
		Templates: templates.FS, Words: bundle, Sign: w.key.SignManifest, Proofs: w.db, Operator: report.Operator{Name: o.Name, Address: o.Address, DPO: o.DPO},
		Missing: func(key string, err error) {
			w.logger.Error("missing text", slog.String("key", key), slog.Any("error", err))
		},
	})
}

// makeReports makes those that wait, one after the other, so that a process spends on
// them one document's memory and one connection's snapshot.
func (s *Server) makeReports(ctx context.Context) error {
	for ctx.Err() == nil {
		made, err := s.Service.MakeReport(ctx, s.reports.Write)
		if err != nil || !made {
			return err
		}
	}
	return nil
}
