package franceconnect

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// seal encrypts for a provider, with the key it publishes.
func (s *Server) seal(ctx context.Context, raw string, provider DataProvider) (string, error) {
	if seal := s.Current().Seal; seal != nil {
		if sealed, done := seal(raw); done {
			return sealed, nil
		}
	}
	key, err := encryptionKey(ctx, provider.JWKSURI)
	if err != nil {
		return "", err
	}
	encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.RSA_OAEP, Key: key.Key}, nil)
	if err != nil {
		return "", err
	}
	sealed, err := encrypter.Encrypt([]byte(raw))
	if err != nil {
		return "", err
	}
	return sealed.CompactSerialize()
}

func encryptionKey(ctx context.Context, address string) (jose.JSONWebKey, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	defer response.Body.Close()
	var keys jose.JSONWebKeySet
	if err := json.NewDecoder(response.Body).Decode(&keys); err != nil {
		return jose.JSONWebKey{}, err
	}
	for _, key := range keys.Keys {
		if key.Use == "enc" && key.Algorithm == string(jose.RSA_OAEP) && key.IsPublic() {
			return key, nil
		}
	}
	return jose.JSONWebKey{}, errors.New("no key to encrypt for")
}
