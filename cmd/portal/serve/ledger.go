package serve

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"net/url"
	"time"

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

// sequence gives entries their place in the tree, once a second.
func (s *Server) sequence(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if _, err := s.DB.Sequence(ctx, s.ledger, s.now()); err != nil && ctx.Err() == nil {
				s.logger.Warn("ledger", "error", err)
			}
		}
	}
}
