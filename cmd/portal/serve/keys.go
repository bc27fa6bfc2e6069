package serve

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/caarlos0/env/v11"

	"portail.example/internal/signing"
)

// OpenRing reads the signing keys, from a security module where the ring says so.
func OpenRing(cfg Config, logger *slog.Logger, now func() time.Time) (*signing.Ring, error) {
	open, err := cfg.Module.opener()
	if err != nil {
		return nil, fmt.Errorf("SIGNING_PKCS11_MODULE: %w", err)
	}
	var ring *signing.Ring
	if cfg.SigningKey.Path != "" {
		ring, err = signing.OpenRing(cfg.SigningKey.Path, open, logger, now)
	} else {
		ring, err = signing.NewRing([]byte(cfg.SigningKey.Plain), open, now)
	}
	if err != nil {
		return nil, fmt.Errorf("SIGNING_KEY: %w", err)
	}
	return ring, nil
}

func (m Module) opener() (signing.Opener, error) {
	if m.Path == "" {
		return nil, nil
	}
	module, err := signing.OpenModule(m.Path, m.PIN.Value())
	if err != nil {
		return nil, err
	}
	return module.Open, nil
}

// ModuleOf reads the settings of the security module alone, which is what
// `consentctl keys` needs; it is nil when there is none.
func ModuleOf(environ map[string]string) (*signing.Module, error) {
	type only struct {
		Module Module `envPrefix:"SIGNING_PKCS11_"`
	}
	cfg, err := env.ParseAsWithOptions[only](env.Options{Environment: environ})
	if err != nil || cfg.Module.Path == "" {
		return nil, err
	}
	return signing.OpenModule(cfg.Module.Path, cfg.Module.PIN.Value())
}
