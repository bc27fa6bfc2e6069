package token

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"slices"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// remembered is how many tokens one generation of verified holds: with claims of a
// kilobyte, two generations stay under ten megabytes.
const remembered = 4096

// verified remembers tokens whose signature held, under their hash: a stolen copy of
// memory holds no token. It answers for the signature and the form alone, which
// cannot change; time, key set, status list and proofs are asked each time.
type verified struct {
	mu         sync.RWMutex
	young, old map[[sha256.Size]byte]*memory
}

// memory is a token's claims and the key that signed them.
type memory struct {
	claims Claims
	kid    string
	key    *ecdsa.PublicKey
}

func (v *verified) find(hash [sha256.Size]byte) *memory {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if m := v.young[hash]; m != nil {
		return m
	}
	return v.old[hash]
}

// keep forgets the older half when the younger is full, so that strangers cannot
// make it grow: they have no token that verifies.
func (v *verified) keep(hash [sha256.Size]byte, m *memory) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.young == nil || len(v.young) >= remembered {
		v.young, v.old = make(map[[sha256.Size]byte]*memory), v.young
	}
	v.young[hash] = m
}

// hashOf does not allocate for tokens of ordinary size.
func hashOf(raw string) [sha256.Size]byte {
	var room [2 << 10]byte
	return sha256.Sum256(append(room[:0], raw...))
}

// clone shares nothing with its original: callers own the claims they get.
func (c *Claims) clone() Claims {
	out := *c
	var own struct {
		issued, expires, before, auth jwt.NumericDate
		status                        Status
		confirmation                  Confirmation
	}
	out.IssuedAt, out.ExpiresAt = same(&own.issued, c.IssuedAt), same(&own.expires, c.ExpiresAt)
	out.NotBefore, out.AuthTime = same(&own.before, c.NotBefore), same(&own.auth, c.AuthTime)
	out.Status, out.Confirmation = same(&own.status, c.Status), same(&own.confirmation, c.Confirmation)
	out.AuthorizationDetails = slices.Clone(c.AuthorizationDetails)
	for i := range out.AuthorizationDetails {
		d := &out.AuthorizationDetails[i]
		d.Locations, d.Datatypes = slices.Clone(d.Locations), slices.Clone(d.Datatypes)
	}
	return out
}

// same is a copy of what p points to, in the room given for it.
func same[T any](room, p *T) *T {
	if p == nil {
		return nil
	}
	*room = *p
	return room
}
