package serve

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
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

// sequence gives entries their place in the tree.
func (s *Server) sequence(ctx context.Context) error {
	_, err := s.DB.Sequence(ctx, s.ledger, s.now())
	return err
}
