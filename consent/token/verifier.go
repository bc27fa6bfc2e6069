package token

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// One error per refusal, for errors.Is.
var (
	ErrMalformed     = errors.New("token: not a JWT of ours")
	ErrType          = errors.New("token: typ is not at+jwt")
	ErrAlgorithm     = errors.New("token: alg is not ES256")
	ErrCritical      = errors.New("token: crit names what we do not know")
	ErrUnknownKey    = errors.New("token: unknown kid")
	ErrSignature     = errors.New("token: wrong signature")
	ErrIssuer        = errors.New("token: another issuer")
	ErrAudience      = errors.New("token: another audience")
	ErrExpired       = errors.New("token: expired")
	ErrNotYetValid   = errors.New("token: not valid yet")
	ErrMissingClaim  = errors.New("token: a required claim is missing")
	ErrProofRequired = errors.New("token: bound to a key, and no proof was given")
	// ErrKeys means that the key set could not be read: the token may be good.
	ErrKeys = errors.New("token: the issuer's keys are not available")
)

// KeySet finds a public key by kid; it fails with ErrUnknownKey or ErrKeys.
type KeySet interface {
	Key(ctx context.Context, kid string) (crypto.PublicKey, error)
}

// MaxLeeway is the most clock skew a verifier may forgive.
const MaxLeeway = time.Minute

// maxSize bounds a token, in bytes, before anything is parsed.
const maxSize = 8 << 10

// Config of a Verifier. All but Now and Leeway are required.
type Config struct {
	Issuer   string // exactly as in the portal's metadata
	Audience string // this data API
	Keys     KeySet
	Now      func() time.Time // time.Now when nil
	Leeway   time.Duration    // clock skew forgiven, MaxLeeway at most
	// Proofs checks DPoP proofs; without it, tokens bound to a key are refused.
	Proofs *Proofs
	// Status reads status lists; without it a withdrawal is seen when the token
	// expires.
	Status *StatusLists
}

// Verifier checks consent tokens for one audience. It is safe for concurrent use.
type Verifier struct {
	keys      KeySet
	parser    *jwt.Parser    // form and signature
	claims    *jwt.Validator // the rest
	inspected *jwt.Validator // the rest, for any audience
	events    *jwt.Parser    // for Security Event Tokens, which do not expire
	cfg       Config
	seen      verified
}

// NewVerifier checks its configuration.
func NewVerifier(cfg Config) (*Verifier, error) {
	if cfg.Issuer == "" || cfg.Audience == "" || cfg.Keys == nil {
		return nil, errors.New("token: Issuer, Audience and Keys are required")
	}
	if cfg.Leeway < 0 || cfg.Leeway > MaxLeeway {
		return nil, fmt.Errorf("token: a leeway between 0 and %s is expected", MaxLeeway)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Verifier{
		keys: cfg.Keys, cfg: cfg,
		parser:    jwt.NewParser(append(cfg.form(), jwt.WithoutClaimsValidation())...),
		claims:    jwt.NewValidator(append(cfg.checks(), jwt.WithExpirationRequired(), jwt.WithAudience(cfg.Audience))...),
		inspected: jwt.NewValidator(append(cfg.checks(), jwt.WithExpirationRequired())...),
		events:    jwt.NewParser(append(append(cfg.form(), cfg.checks()...), jwt.WithAudience(cfg.Audience))...),
	}, nil
}

// form is how every token of the issuer is written and signed.
func (c Config) form() []jwt.ParserOption {
	return []jwt.ParserOption{jwt.WithValidMethods([]string{Algorithm}), jwt.WithStrictDecoding()}
}

// checks are those of the claims of every token of the issuer.
func (c Config) checks() []jwt.ParserOption {
	return []jwt.ParserOption{jwt.WithIssuedAt(), jwt.WithIssuer(c.Issuer), jwt.WithLeeway(c.Leeway), jwt.WithTimeFunc(c.Now)}
}

// Verify returns the claims of a bearer token, or one of this package's errors.
// Algorithm and type come from here, never from the token.
func (v *Verifier) Verify(ctx context.Context, raw string) (Claims, error) {
	claims, err := v.verify(ctx, v.claims, raw)
	if err == nil && claims.Confirmation != nil {
		err = ErrProofRequired
	}
	if err != nil {
		return Claims{}, err
	}
	return claims, nil
}

// Inspect returns the claims of a token of the issuer, for whatever audience and
// bound to a key or not, to whoever does not grant anything on the strength of it.
func (v *Verifier) Inspect(ctx context.Context, raw string) (Claims, error) {
	return v.verify(ctx, v.inspected, raw)
}

// VerifyRequest returns the claims of the token that a request presents, as a
// bearer token or, when it is bound to a key, with its DPoP proof (RFC 9449
// section 7).
func (v *Verifier) VerifyRequest(r *http.Request) (Claims, error) {
	sent, err := Present(r)
	if err != nil {
		return Claims{}, err
	}
	if sent.Proof == "" {
		return v.Verify(r.Context(), sent.Token)
	}
	claims, err := v.verify(r.Context(), v.claims, sent.Token)
	if err != nil {
		return Claims{}, err
	}
	if err := v.prove(r, sent, claims.Confirmation); err != nil {
		return Claims{}, err
	}
	return claims, nil
}

// prove checks that the sender holds the key the token is bound to.
func (v *Verifier) prove(r *http.Request, sent Presented, bound *Confirmation) error {
	if bound == nil || v.cfg.Proofs == nil {
		return ErrWrongScheme
	}
	jkt, err := v.cfg.Proofs.Verify(r.Context(), sent.Proof, r.Method, r.URL.EscapedPath(), sent.Token)
	if err == nil && jkt != bound.JKT {
		err = ErrProofKey
	}
	return err
}

// verify is everything but the proof of possession.
func (v *Verifier) verify(ctx context.Context, claims *jwt.Validator, raw string) (Claims, error) {
	if len(raw) > maxSize {
		return Claims{}, ErrMalformed
	}
	known, err := v.signed(ctx, raw)
	if err != nil {
		return Claims{}, err
	}
	if err := claims.Validate(&known.claims); err != nil {
		return Claims{}, claimsFault(err)
	}
	if err := known.claims.complete(); err != nil {
		return Claims{}, err
	}
	if err := v.alive(ctx, &known.claims); err != nil {
		return Claims{}, err
	}
	return known.claims.clone(), nil
}

// signed is a token whose signature holds under a key of the key set as it is now.
// What held once is not computed again.
func (v *Verifier) signed(ctx context.Context, raw string) (*memory, error) {
	hash := hashOf(raw)
	if m := v.seen.find(hash); m != nil {
		return m, v.stillTrusts(ctx, m)
	}
	m := &memory{}
	parsed, err := v.parser.ParseWithClaims(raw, &m.claims, func(t *jwt.Token) (any, error) {
		key, err := headerKey(ctx, t, Type, v.keys)
		m.kid, _ = t.Header["kid"].(string)
		m.key, _ = key.(*ecdsa.PublicKey)
		return key, err
	})
	if err != nil {
		return nil, classify(parsed, err)
	}
	v.seen.keep(hash, m)
	return m, nil
}

// stillTrusts asks the key set again: a key that was taken out of it, or replaced
// under the same name, signs for nothing any more.
func (v *Verifier) stillTrusts(ctx context.Context, m *memory) error {
	found, err := v.keys.Key(ctx, m.kid)
	if err != nil {
		return err
	}
	if key, _ := found.(*ecdsa.PublicKey); key == nil || key != m.key && !key.Equal(m.key) {
		return ErrSignature
	}
	return nil
}

// alive looks the token up in its status list, when the verifier reads them.
func (v *Verifier) alive(ctx context.Context, claims *Claims) error {
	if v.cfg.Status == nil {
		return nil
	}
	if claims.Status == nil {
		return fmt.Errorf("%w: status", ErrMissingClaim)
	}
	return v.cfg.Status.Check(ctx, claims.Status.List)
}

// headerKey checks a header before anything is trusted.
func headerKey(ctx context.Context, t *jwt.Token, want string, keys KeySet) (any, error) {
	if typ, _ := t.Header["typ"].(string); typ != want {
		return nil, ErrType
	}
	if _, present := t.Header["crit"]; present { // RFC 7515 section 4.1.11; golang-jwt ignores it
		return nil, ErrCritical
	}
	kid, _ := t.Header["kid"].(string)
	if kid == "" {
		return nil, ErrUnknownKey
	}
	return keys.Key(ctx, kid)
}

// complete refuses tokens without what RFC 9068 section 2.2 and ours require.
func (c *Claims) complete() error {
	for _, required := range [...]struct {
		name    string
		present bool
	}{
		{"sub", c.Subject != ""}, {"client_id", c.ClientID != ""}, {"jti", c.ID != ""}, {"grant_id", c.GrantID != ""},
		{"iat", c.IssuedAt != nil}, {"authorization_details", len(c.AuthorizationDetails) > 0},
	} {
		if !required.present {
			return fmt.Errorf("%w: %s", ErrMissingClaim, required.name)
		}
	}
	if c.Confirmation != nil && c.Confirmation.JKT == "" {
		return fmt.Errorf("%w: cnf.jkt", ErrMissingClaim)
	}
	return nil
}

// classify turns golang-jwt's errors into ours. Order matters: it joins several.
func classify(parsed *jwt.Token, err error) error {
	if errors.Is(err, jwt.ErrTokenMalformed) || parsed == nil {
		return ErrMalformed
	}
	if parsed.Header["alg"] != Algorithm {
		return ErrAlgorithm
	}
	for _, ours := range []error{ErrType, ErrCritical, ErrUnknownKey, ErrKeys} {
		if errors.Is(err, ours) {
			return ours
		}
	}
	return claimsFault(err)
}

// claimsFault does the same for what remains: the signature and the claims.
func claimsFault(err error) error {
	for _, c := range []struct{ theirs, ours error }{
		{jwt.ErrTokenSignatureInvalid, ErrSignature},
		{jwt.ErrTokenRequiredClaimMissing, ErrMissingClaim},
		{jwt.ErrTokenInvalidIssuer, ErrIssuer},
		{jwt.ErrTokenInvalidAudience, ErrAudience},
		{jwt.ErrTokenExpired, ErrExpired},
		{jwt.ErrTokenNotValidYet, ErrNotYetValid},
		{jwt.ErrTokenUsedBeforeIssued, ErrNotYetValid},
	} {
		if errors.Is(err, c.theirs) {
			return c.ours
		}
	}
	return ErrMalformed
}
