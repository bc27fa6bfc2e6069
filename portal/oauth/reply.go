package oauth

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"mime"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
)

// reply is the form of an introspection answer (RFC 9701).
type reply struct {
	signed    bool
	encrypter jose.Encrypter // nil when the caller registered no key for it
}

// The content encryption of RFC 9701 answers; keys are agreed or wrapped by the
// type of the caller's.
const contentEncryption = jose.A256GCM

// replyTo is what the caller accepts and registered. A key set with a key of
// `use` "enc" is the wish for encrypted answers (introspection_encrypted_response_alg
// of RFC 9701 section 6, told by the key).
func (room *Room) replyTo(c *gin.Context, client consent.Client) (reply, error) {
	if !acceptsSigned(c.GetHeader("Accept")) {
		return reply{}, nil
	}
	var set jose.JSONWebKeySet
	if len(client.JWKS) > 0 {
		if err := json.Unmarshal(client.JWKS, &set); err != nil {
			return reply{}, err
		}
	}
	for _, key := range set.Keys {
		algorithm := keyManagement(key)
		if key.Use != "enc" || algorithm == "" {
			continue
		}
		options := (&jose.EncrypterOptions{}).WithType("JWT").WithContentType("JWT")
		encrypter, err := jose.NewEncrypter(contentEncryption, jose.Recipient{Algorithm: algorithm, Key: key.Key, KeyID: key.KeyID}, options)
		return reply{signed: true, encrypter: encrypter}, err
	}
	return reply{signed: true}, nil
}

// acceptsSigned finds RFC 9701's type among those a caller accepts.
func acceptsSigned(accept string) bool {
	for one := range strings.SplitSeq(accept, ",") {
		if kind, _, err := mime.ParseMediaType(one); err == nil && kind == introspectionType {
			return true
		}
	}
	return false
}

// keyManagement lets the key's type decide, as for signatures; empty for a key that
// nothing can be encrypted to: the answer then holds no identity.
func keyManagement(key jose.JSONWebKey) jose.KeyAlgorithm {
	switch k := key.Key.(type) {
	case *ecdsa.PublicKey:
		return jose.ECDH_ES_A256KW
	case *rsa.PublicKey:
		if k.N.BitLen() >= minRSA {
			return jose.RSA_OAEP_256
		}
	}
	return ""
}

// seal encrypts a signed answer: signed first, so that what it says stays provable.
func (r reply) seal(signed string) (string, error) {
	sealed, err := r.encrypter.Encrypt([]byte(signed))
	if err != nil {
		return "", err
	}
	return sealed.CompactSerialize()
}
