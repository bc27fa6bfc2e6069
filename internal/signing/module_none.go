//go:build !pkcs11

package signing

import (
	"crypto"
	"encoding/pem"
	"errors"
)

// ErrNoModule is the refusal of a program without security modules, which need cgo.
var ErrNoModule = errors.New("this program was built without PKCS #11: build it with -tags pkcs11")

// Module is a PKCS #11 security module, absent from this build.
type Module struct{}

// OpenModule fails with ErrNoModule.
func OpenModule(_, _ string) (*Module, error) { return nil, ErrNoModule }

// Open fails with ErrNoModule.
func (*Module) Open(_, _ string) (crypto.Signer, error) { return nil, ErrNoModule }

// Make fails with ErrNoModule.
func (*Module) Make(string) Maker {
	return func() (*pem.Block, error) { return nil, ErrNoModule }
}

// Close has nothing to close.
func (*Module) Close() error { return nil }
