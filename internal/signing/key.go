// Package signing holds the portal's private keys: they sign consent tokens, status
// lists, introspection answers and events, and their public halves are published.
// It decides nothing: what it is given has been recorded before.
package signing

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent/token"
)

// Key is a P-256 signing key, in memory or in a security module. Its kid is its RFC
// 7638 thumbprint, so that the same key has the same name in every instance.
type Key struct {
	minter
	signer crypto.Signer
	kid    string
	public jose.JSONWebKey
}

var _ token.KeySet = (*Key)(nil)

// Generate draws a key and returns its PEM (PKCS #8).
func Generate() (*Key, []byte, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	key, err := newKey(private)
	return key, pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der}), err
}

func newKey(signer crypto.Signer) (*Key, error) {
	public, ok := signer.Public().(*ecdsa.PublicKey)
	if !ok {
		return nil, errors.New("not an EC private key")
	}
	if public.Curve != elliptic.P256() {
		return nil, fmt.Errorf("the curve is %s, not P-256", public.Curve.Params().Name)
	}
	key := &Key{signer: signer, public: jose.JSONWebKey{Key: public, Algorithm: token.Algorithm, Use: "sig"}}
	key.minter = minter{func() (*Key, error) { return key, nil }}
	thumbprint, err := key.public.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, err
	}
	key.kid = base64.RawURLEncoding.EncodeToString(thumbprint)
	key.public.KeyID = key.kid
	return key, nil
}

// JWKS is the public key set (RFC 7517).
func (k *Key) JWKS() []byte { return jwks([]*Key{k}) }

// Key finds the public half, so that the portal's own gateway verifies without the
// network.
func (k *Key) Key(_ context.Context, kid string) (crypto.PublicKey, error) {
	if kid != k.kid {
		return nil, token.ErrUnknownKey
	}
	return k.public.Key, nil
}

func jwks(keys []*Key) []byte {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range keys {
		set.Keys = append(set.Keys, k.public)
	}
	raw, err := json.Marshal(set)
	if err != nil {
		panic(err) // public P-256 keys always marshal
	}
	return raw
}
