package token

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// StaticKeys is a key set that never changes.
type StaticKeys map[string]*ecdsa.PublicKey

// Key finds a key by kid.
func (k StaticKeys) Key(_ context.Context, kid string) (crypto.PublicKey, error) {
	if key, ok := k[kid]; ok {
		return key, nil
	}
	return nil, ErrUnknownKey
}

// ParseKeys reads a JSON Web Key Set (RFC 7517) and keeps its P-256 signature
// keys; others are skipped, as section 5 of the RFC wants.
func ParseKeys(raw []byte) (StaticKeys, error) {
	var set struct {
		Keys []jwk `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, fmt.Errorf("token: not a JSON Web Key Set: %w", err)
	}
	out := StaticKeys{}
	for _, k := range set.Keys {
		if !k.usable() {
			continue
		}
		key, err := k.publicKey()
		if err != nil {
			return nil, err
		}
		out[k.KeyID] = key
	}
	return out, nil
}

type jwk struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	KeyID string `json:"kid"`
	Use   string `json:"use"`
	Alg   string `json:"alg"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

func (k jwk) usable() bool {
	return k.Type == "EC" && k.Curve == "P-256" && k.KeyID != "" && (k.Use == "" || k.Use == "sig") && (k.Alg == "" || k.Alg == Algorithm)
}

func (k jwk) publicKey() (*ecdsa.PublicKey, error) {
	x, errX := base64.RawURLEncoding.DecodeString(k.X)
	y, errY := base64.RawURLEncoding.DecodeString(k.Y)
	if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
		return nil, errors.New("token: a coordinate of a P-256 key has not 32 bytes (RFC 7518 section 6.2.1.2)")
	}
	point := append([]byte{4}, append(x, y...)...) // uncompressed, SEC 1 section 2.3.3
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return nil, errors.New("token: a key is not a point of P-256")
	}
	return key, nil
}
