package consent

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// Hash is the SHA-256 of a secret: what is stored of codes, refresh tokens,
// request URIs, session tokens and sign-in states. Secrets are 256 random bits,
// so a plain hash suffices and a stolen table opens nothing.
type Hash [sha256.Size]byte

// HashOf hashes a presented secret to look it up.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// secretLength is that of every secret of ours, in characters.
const secretLength = 43

// NewSecret returns 256 random bits in base64url and their hash.
func NewSecret() (secret string, hash Hash) {
	b := make([]byte, 32)
	rand.Read(b) // never fails: crypto/rand aborts the program instead
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, HashOf(secret)
}

// NewID returns a random identifier of 128 bits, 22 base64url characters. It is
// safe in a URL: it names a row and opens nothing by itself.
func NewID() string {
	b := make([]byte, 16)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
