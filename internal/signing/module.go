//go:build pkcs11

package signing

import (
	"crypto"
	"crypto/elliptic"
	"encoding/pem"
	"fmt"

	"github.com/ThalesGroup/crypto11"

	"portail.example/consent"
)

// Module is a PKCS #11 security module.
type Module struct {
	Path string // of its library
	PIN  string
	open map[string]*crypto11.Context // by token label
}

// OpenModule prepares a module; tokens are opened when a key of theirs is.
func OpenModule(path, pin string) (*Module, error) {
	return &Module{Path: path, PIN: pin, open: map[string]*crypto11.Context{}}, nil
}

// Open is an Opener.
func (m *Module) Open(tokenLabel, keyLabel string) (crypto.Signer, error) {
	ctx, err := m.context(tokenLabel)
	if err != nil {
		return nil, err
	}
	signer, err := ctx.FindKeyPair(nil, []byte(keyLabel))
	if err != nil || signer == nil {
		return nil, fmt.Errorf("token %s has no key pair %s: %w", tokenLabel, keyLabel, err)
	}
	return signer, nil
}

// Make draws a key inside the module, from which it never comes out.
func (m *Module) Make(tokenLabel string) Maker {
	return func() (*pem.Block, error) {
		ctx, err := m.context(tokenLabel)
		if err != nil {
			return nil, err
		}
		label := "portal-" + consent.NewID()
		signer, err := ctx.GenerateECDSAKeyPairWithLabel([]byte(label), []byte(label), elliptic.P256())
		if err != nil {
			return nil, err
		}
		key, err := newKey(signer)
		if err != nil {
			return nil, err
		}
		return &pem.Block{Type: moduleBlock, Headers: map[string]string{tokenHeader: tokenLabel, keyHeader: label}, Bytes: []byte(key.kid)}, nil
	}
}

func (m *Module) context(tokenLabel string) (*crypto11.Context, error) {
	if ctx := m.open[tokenLabel]; ctx != nil {
		return ctx, nil
	}
	ctx, err := crypto11.Configure(&crypto11.Config{Path: m.Path, TokenLabel: tokenLabel, Pin: m.PIN})
	if err != nil {
		return nil, err
	}
	m.open[tokenLabel] = ctx
	return ctx, nil
}

// Close ends the sessions.
func (m *Module) Close() (err error) {
	for _, ctx := range m.open {
		if closed := ctx.Close(); err == nil {
			err = closed
		}
	}
	return err
}
