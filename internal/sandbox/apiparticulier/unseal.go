package apiparticulier

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

var errUntrusted = errors.New("the answer is not FranceConnect's, or not for us")

// unseal decrypts with our key, then checks FranceConnect's signature with the key its
// header names, who says it and to whom.
func (s *Server) unseal(ctx context.Context, raw string) (out introspection, err error) {
	sealed, err := jose.ParseEncryptedCompact(raw, []jose.KeyAlgorithm{jose.RSA_OAEP}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return out, err
	}
	inner, err := sealed.Decrypt(s.key())
	if err != nil {
		return out, err
	}
	signed, err := jose.ParseSignedCompact(string(inner), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return out, err
	}
	keys, err := franceConnectKeys(ctx, s.cfg.FranceConnect.Issuer+"/jwks")
	if err != nil {
		return out, err
	}
	found := keys.Key(signed.Signatures[0].Header.KeyID)
	if len(found) != 1 {
		return out, errUntrusted
	}
	payload, err := signed.Verify(found[0])
	if err != nil {
		return out, err
	}
	return out, s.believe(payload, &out)
}

// believe takes an answer of the issuer, to us, made now.
func (s *Server) believe(payload []byte, out *introspection) error {
	var claims struct {
		Issuer   string        `json:"iss"`
		Audience string        `json:"aud"`
		IssuedAt int64         `json:"iat"`
		Token    introspection `json:"token_introspection"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return err
	}
	age := s.cfg.Now().Sub(time.Unix(claims.IssuedAt, 0))
	if claims.Issuer != s.cfg.FranceConnect.Issuer || claims.Audience != s.cfg.FranceConnect.ClientID || age > time.Minute || age < -time.Minute {
		return errUntrusted
	}
	*out = claims.Token
	return nil
}

func franceConnectKeys(ctx context.Context, address string) (keys jose.JSONWebKeySet, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return keys, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return keys, err
	}
	defer response.Body.Close()
	return keys, json.NewDecoder(response.Body).Decode(&keys)
}

// key is drawn when it is first needed.
func (s *Server) key() *rsa.PrivateKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.private == nil {
		s.private, _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	return s.private
}

// jwks publishes what to encrypt answers with.
func (s *Server) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	key := jose.JSONWebKey{Key: s.key().Public(), KeyID: "api-particulier", Algorithm: string(jose.RSA_OAEP), Use: "enc"}
	_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})
}
