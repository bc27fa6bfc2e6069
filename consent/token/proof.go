package token

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// ProofType is the `typ` of a DPoP proof (RFC 9449 section 4.2).
const ProofType = "dpop+jwt"

const (
	proofAge  = time.Minute      // how old a proof may be
	proofSkew = 10 * time.Second // how far in the future, for clocks that differ
)

// What can be wrong with a DPoP proof (RFC 9449 section 4.3).
var (
	ErrProof         = errors.New("token: the DPoP proof is not good")
	ErrProofNonce    = errors.New("token: the DPoP proof needs a nonce of ours")
	ErrProofReplayed = errors.New("token: the DPoP proof was used before")
	ErrProofKey      = errors.New("token: the DPoP proof is by another key than the token's")
	// ErrProofStore means that used proofs could not be looked up: the proof may be good.
	ErrProofStore = errors.New("token: used proofs cannot be looked up")
)

// ProofConfig of Proofs. BaseURL and Once are required.
type ProofConfig struct {
	BaseURL string // how callers address this server, without a slash at the end
	// Once remembers an identifier until an instant; false when it knew it already.
	Once func(ctx context.Context, id string, until time.Time) (bool, error)
	// Nonce reports whether a nonce is one of ours; nil when none is asked for.
	Nonce func(nonce string) bool
	Now   func() time.Time // time.Now when nil
}

// Proofs checks DPoP proofs for one server. It is safe for concurrent use.
type Proofs struct {
	cfg    ProofConfig
	parser *jwt.Parser
}

// NewProofs checks its configuration.
func NewProofs(cfg ProofConfig) (*Proofs, error) {
	if cfg.BaseURL == "" || cfg.Once == nil {
		return nil, errors.New("token: BaseURL and Once are required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	// Proofs have no exp: their age is checked here.
	parser := jwt.NewParser(jwt.WithValidMethods([]string{Algorithm}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	return &Proofs{cfg: cfg, parser: parser}, nil
}

type proofClaims struct {
	jwt.RegisteredClaims
	Method    string `json:"htm"`
	URL       string `json:"htu"`
	TokenHash string `json:"ath"`
	Nonce     string `json:"nonce"`
}

// Verify returns the thumbprint (RFC 7638) of the key that made a proof for this
// method and path, and for the access token when there is one. A proof is good
// once. It fails with one of the errors above.
func (p *Proofs) Verify(ctx context.Context, raw, method, path, accessToken string) (jkt string, err error) {
	if len(raw) > maxSize {
		return "", ErrProof
	}
	var claims proofClaims
	var key jwk
	if _, err := p.parser.ParseWithClaims(raw, &claims, func(t *jwt.Token) (any, error) { return proofKey(t, &key) }); err != nil {
		return "", ErrProof
	}
	if !p.fits(claims, method, path, accessToken) {
		return "", ErrProof
	}
	if p.cfg.Nonce != nil && !p.cfg.Nonce(claims.Nonce) {
		return "", ErrProofNonce
	}
	jkt = key.thumbprint()
	fresh, err := p.cfg.Once(ctx, jkt+" "+claims.ID, claims.IssuedAt.Add(proofAge+proofSkew))
	switch {
	case err != nil:
		return "", errors.Join(ErrProofStore, err)
	case !fresh:
		return "", ErrProofReplayed
	}
	return jkt, nil
}

// proofKey is the key inside the proof: public, on P-256, and nothing else counts.
func proofKey(t *jwt.Token, key *jwk) (*ecdsa.PublicKey, error) {
	if typ, _ := t.Header["typ"].(string); typ != ProofType || t.Header["crit"] != nil {
		return nil, ErrProof
	}
	members, _ := t.Header["jwk"].(map[string]any)
	if _, private := members["d"]; private {
		return nil, ErrProof
	}
	raw, err := json.Marshal(members)
	if err != nil || json.Unmarshal(raw, key) != nil || key.Type != "EC" || key.Curve != "P-256" {
		return nil, ErrProof
	}
	return key.publicKey()
}

// thumbprint is RFC 7638's, of a key whose coordinates were checked.
func (k jwk) thumbprint() string {
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + k.X + `","y":"` + k.Y + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// fits checks what the proof speaks of.
func (p *Proofs) fits(claims proofClaims, method, path, accessToken string) bool {
	now := p.cfg.Now()
	switch {
	case claims.ID == "" || len(claims.ID) > 256 || claims.IssuedAt == nil:
		return false
	case claims.IssuedAt.After(now.Add(proofSkew)) || !now.Before(claims.IssuedAt.Add(proofAge)):
		return false
	case claims.Method != method || !sameURL(claims.URL, p.cfg.BaseURL+path):
		return false
	}
	if accessToken == "" {
		return claims.TokenHash == ""
	}
	sum := sha256.Sum256([]byte(accessToken))
	return claims.TokenHash == base64.RawURLEncoding.EncodeToString(sum[:])
}

// sameURL compares as RFC 9449 section 4.3 asks: without query and fragment, and
// normalised as RFC 3986 says for scheme and host.
func sameURL(a, b string) bool {
	left, errLeft := url.Parse(a)
	right, errRight := url.Parse(b)
	if errLeft != nil || errRight != nil || left.User != nil {
		return false
	}
	return strings.EqualFold(left.Scheme, right.Scheme) && strings.EqualFold(left.Host, right.Host) && left.EscapedPath() == right.EscapedPath()
}
