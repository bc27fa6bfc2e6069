// Package signing holds the portal's private key: it signs consent tokens and
// status lists, and publishes the public half. It decides nothing: what it is
// given has been recorded before.
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
	"slices"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent/token"
)

// Key is a P-256 signing key. Its kid is its RFC 7638 thumbprint, so that the
// same key has the same name in every instance of the portal.
type Key struct {
	private *ecdsa.PrivateKey
	kid     string
	public  []jose.JSONWebKey // its own, and that of the key it stands beside
	jwks    []byte
}

var _ token.KeySet = (*Key)(nil)

// Load reads a P-256 private key in PEM: PKCS #8 or SEC 1, as openssl writes them.
func Load(text []byte) (*Key, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "EC PRIVATE KEY":
			private, err := x509.ParseECPrivateKey(block.Bytes)
			if err != nil {
				return nil, errors.New("not an EC private key")
			}
			return newKey(private)
		case "PRIVATE KEY":
			parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			private, ok := parsed.(*ecdsa.PrivateKey)
			if err != nil || !ok {
				return nil, errors.New("not an EC private key")
			}
			return newKey(private)
		}
	}
	return nil, errors.New("no private key in PEM")
}

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
	return key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), err
}

func newKey(private *ecdsa.PrivateKey) (*Key, error) {
	if private.Curve != elliptic.P256() {
		return nil, fmt.Errorf("the curve is %s, not P-256", private.Curve.Params().Name)
	}
	public := jose.JSONWebKey{Key: &private.PublicKey, Algorithm: "ES256", Use: "sig"}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, err
	}
	public.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	key := &Key{private: private, kid: public.KeyID, public: []jose.JSONWebKey{public}}
	key.jwks, err = json.Marshal(jose.JSONWebKeySet{Keys: key.public})
	return key, err
}

// Beside is the same key, with another one published and accepted too, that does
// not sign: the next one before a rotation, the former one after it. Nobody then
// meets a token whose key they cannot find.
func (k *Key) Beside(other *Key) (*Key, error) {
	out := &Key{private: k.private, kid: k.kid, public: append(slices.Clone(k.public), other.public[0])}
	var err error
	out.jwks, err = json.Marshal(jose.JSONWebKeySet{Keys: out.public})
	return out, err
}

// JWKS is the public key set (RFC 7517).
func (k *Key) JWKS() []byte { return k.jwks }

// Key makes the portal's own gateway verify without the network.
func (k *Key) Key(_ context.Context, kid string) (crypto.PublicKey, error) {
	for _, public := range k.public {
		if public.KeyID == kid {
			return public.Key, nil
		}
	}
	return nil, token.ErrUnknownKey
}
