package serve

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"log/slog"
	"net/url"

	"portail.example/consent/ledger"
)

// LedgerSigner signs checkpoints with a key derived from the master key: whoever owns
// the database alone cannot sign another history.
func (c Config) LedgerSigner() (*ledger.Signer, error) {
	seed, err := hkdf.Key(sha256.New, c.master(), nil, "ledger checkpoints", 32)
	if err != nil {
		return nil, err
	}
	origin, err := url.Parse(c.URL)
	if err != nil {
		return nil, err
	}
	return ledger.NewSigner(origin.Host+"/ledger", seed)
}

// inspector reads the evidence for agents, and verifies it.
func (w wiring) inspector() *ledger.Inspector {
	return ledger.NewInspector(w.db, w.ledger.PublicKey(), w.now)
}

// verifyHour is when everything is verified, in UTC: after the night's purge.
const verifyHour = 3

// verifyNightly looks once an hour; of several instances one asks.
func (s *Server) verifyNightly(ctx context.Context) error {
	if s.now().UTC().Hour() != verifyHour {
		return nil
	}
	return s.evidence.AskNightly(ctx)
}

// verify makes the verification that waits. What it finds wrong is an error of the
// operator's log: nobody may be looking at the page.
func (s *Server) verify(ctx context.Context) error {
	v, found, err := s.evidence.Verify(ctx)
	if err != nil || !found {
		return err
	}
	if v.State == ledger.VerificationFaulty {
		s.logger.Error("the evidence does not agree", slog.Int64("entry", v.Fault.Entry), slog.String("what", v.Fault.What))
		return nil
	}
	s.logger.Info("the evidence agrees", slog.Int64("entries", v.Checked), slog.Int64("waiting", v.Waiting), slog.Int("checkpoints", v.Checkpoints))
	return nil
}

// sequence gives entries their place in the tree.
func (s *Server) sequence(ctx context.Context) error {
	_, err := s.DB.Sequence(ctx, s.ledger, s.now())
	return err
}
