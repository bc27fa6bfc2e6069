package oauth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/portal/web"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// assertionLife bounds how far ahead exp may be, so that used jtis can be forgotten.
	assertionLife = 5 * time.Minute
	clockSkew     = 10 * time.Second
	minRSA        = 2048 // bits, FAPI 2.0 section 5.4.1
)

// assertionAlgorithms are those FAPI 2.0 section 5.4 allows.
var assertionAlgorithms = []string{"ES256", "PS256", "EdDSA"}

// byAssertion is private_key_jwt (RFC 7523 section 3): iss and sub are the
// client, aud is exactly us, jti is used once.
func (room *Room) byAssertion(c *gin.Context, form web.Params) (consent.Client, error) {
	if form.Get("client_assertion_type") != assertionType {
		return consent.Client{}, consent.Refuse(consent.InvalidRequest, "client_assertion_type", "%s is expected", assertionType)
	}
	raw := form.Get("client_assertion")
	var unverified jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(raw, &unverified); err != nil {
		return consent.Client{}, badClient("client_assertion is not a JWT")
	}
	client, err := room.registered(c, unverified.Subject, consent.PrivateKeyJWT)
	if err != nil {
		return consent.Client{}, err
	}
	claims, err := room.verifyAssertion(raw, client)
	if err != nil {
		return consent.Client{}, err
	}
	return client, room.Store.UseAssertion(c.Request.Context(), client.ID, claims.ID, claims.ExpiresAt.Time.Add(clockSkew))
}

func (room *Room) verifyAssertion(raw string, client consent.Client) (jwt.RegisteredClaims, error) {
	var claims jwt.RegisteredClaims
	parser := jwt.NewParser(
		jwt.WithValidMethods(assertionAlgorithms), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithStrictDecoding(),
		jwt.WithIssuer(client.ID), jwt.WithSubject(client.ID), jwt.WithLeeway(clockSkew), jwt.WithTimeFunc(room.Now),
	)
	if _, err := parser.ParseWithClaims(raw, &claims, func(t *jwt.Token) (any, error) { return assertionKey(t, client.JWKS) }); err != nil {
		return claims, &consent.Error{Code: consent.InvalidClient, Detail: "client authentication failed", Err: err}
	}
	switch {
	case len(claims.Audience) != 1 || claims.Audience[0] != room.Issuer:
		return claims, badClient("aud of client_assertion must be " + room.Issuer)
	case claims.ID == "":
		return claims, badClient("client_assertion needs a jti")
	case claims.ExpiresAt.After(room.Now().Add(assertionLife + clockSkew)):
		return claims, badClient("exp of client_assertion is more than 5 minutes ahead")
	}
	return claims, nil
}

// assertionKey chooses a registered key by kid and lets its type decide the
// algorithm: a header must not turn a public key into an HMAC secret.
func assertionKey(t *jwt.Token, raw json.RawMessage) (any, error) {
	if _, present := t.Header["crit"]; present {
		return nil, jwt.ErrTokenUnverifiable
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, err
	}
	kid, _ := t.Header["kid"].(string)
	for _, key := range set.Keys {
		if (key.KeyID == kid || kid == "" && len(set.Keys) == 1) && key.Use != "enc" && algorithmOf(key) == t.Method.Alg() {
			return key.Key, nil
		}
	}
	return nil, jwt.ErrTokenUnverifiable
}

func algorithmOf(key jose.JSONWebKey) string {
	switch k := key.Key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve.Params().Name == "P-256" {
			return "ES256"
		}
	case *rsa.PublicKey:
		if k.N.BitLen() >= minRSA {
			return "PS256"
		}
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return ""
}
