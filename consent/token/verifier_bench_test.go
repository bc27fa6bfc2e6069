package token_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"strconv"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// What a Verifier costs beside the signature check it cannot do without.
func BenchmarkVerify(b *testing.B) {
	key := newKey(b)
	b.Run("raw ECDSA", func(b *testing.B) {
		sum := sha256.Sum256([]byte("some text"))
		signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
				b.Fatal("a good signature was refused")
			}
		}
	})
	b.Run("first time", func(b *testing.B) {
		const distinct = 1 << 14 // more than is remembered
		raws := make([]string, distinct)
		for i := range raws {
			claims := good()
			claims["jti"] = strconv.Itoa(i)
			raws[i] = sign(b, jwt.SigningMethodES256, key, nil, claims)
		}
		v, n := verifier(b, key), 0
		b.ReportAllocs()
		for b.Loop() {
			n++
			if _, err := v.Verify(b.Context(), raws[n%distinct]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("again", func(b *testing.B) {
		v, raw := verifier(b, key), sign(b, jwt.SigningMethodES256, key, nil, good())
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(b.Context(), raw); err != nil {
				b.Fatal(err)
			}
		}
	})
}
