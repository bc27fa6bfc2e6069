package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/gin-gonic/gin"
)

// nonceLife is how long a DPoP nonce is good for.
const nonceLife = 5 * time.Minute

// Nonces are the DPoP nonces of this server (RFC 9449 section 8): an instant and
// its keyed hash, so that every instance knows them and none is stored.
type Nonces struct {
	key []byte
	now func() time.Time
}

// NewNonces takes a key of 32 bytes, the same in every instance.
func NewNonces(key []byte, now func() time.Time) *Nonces { return &Nonces{key, now} }

// Current is a nonce to hand out.
func (n *Nonces) Current() string { return n.at(n.now().Unix()) }

func (n *Nonces) at(second int64) string {
	var instant [8]byte
	binary.BigEndian.PutUint64(instant[:], uint64(second))
	mac := hmac.New(sha256.New, n.key)
	mac.Write(instant[:])
	return base64.RawURLEncoding.EncodeToString(mac.Sum(instant[:])[:8+16])
}

// Fresh reports whether a nonce is one of ours and not too old.
func (n *Nonces) Fresh(nonce string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(raw) != 8+16 {
		return false
	}
	second := int64(binary.BigEndian.Uint64(raw))
	age := n.now().Sub(time.Unix(second, 0))
	return subtle.ConstantTimeCompare([]byte(nonce), []byte(n.at(second))) == 1 && age >= 0 && age < nonceLife
}

// Offer gives a nonce to callers that use DPoP, with every answer.
func (n *Nonces) Offer(c *gin.Context) {
	if c.GetHeader("DPoP") != "" {
		c.Header("DPoP-Nonce", n.Current())
	}
}
