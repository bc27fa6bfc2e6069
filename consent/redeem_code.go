package consent

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// Redemption is an authenticated client's call of the token endpoint with a code.
type Redemption struct {
	Client       Client
	Code         string
	RedirectURI  string
	CodeVerifier string
	JKT          string // key proved by DPoP, "" without
}

// RedeemCode turns a code into a recorded token, once. The record commits before
// the caller signs anything: a crash may leave a record without a token, never a
// token without its record. A second use revokes all that the first one gave
// (RFC 6749 section 4.1.2). Every refusal is InvalidGrant.
func (s *Service) RedeemCode(ctx context.Context, in Redemption) (Issuance, error) {
	if len(in.Code) != secretLength { // what is kept under other names is no code
		return Issuance{}, Refuse(InvalidGrant, "code", "unknown code")
	}
	var out Issuance
	var replayed bool
	err := s.store.Transact(ctx, func(tx Tx) error {
		out, replayed = Issuance{}, false
		code, err := tx.LockCode(ctx, HashOf(in.Code))
		if err != nil {
			return asInvalidGrant(err, "code", "unknown code")
		}
		if err := in.matches(code); err != nil {
			return err
		}
		if code.Family != "" {
			replayed = true // the revocation must commit, so this is not an error yet
			return s.revokeFamily(ctx, tx, code.Subject, code.Family, code.ClientID, code.GrantID)
		}
		if !s.Now().Before(code.ExpiresAt) {
			return Refuse(InvalidGrant, "code", "this code has expired")
		}
		out, err = s.startFamily(ctx, tx, code, in.Client, in.JKT)
		return err
	})
	if err == nil && replayed {
		err = Refuse(InvalidGrant, "code", "this code was already used: its tokens are revoked")
	}
	return out, err
}

// matches refuses another client's code, another redirect address, a wrong PKCE
// verifier. None of them uses the code up: whoever merely stole it cannot spoil
// it for its owner.
func (in Redemption) matches(code AuthorizationCode) error {
	if code.ClientID != in.Client.ID {
		return Refuse(InvalidGrant, "code", "issued to another client")
	}
	if code.RedirectURI != in.RedirectURI {
		return Refuse(InvalidGrant, "redirect_uri", "not the one of the request")
	}
	sum := sha256.Sum256([]byte(in.CodeVerifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(challenge), []byte(code.CodeChallenge)) != 1 {
		return Refuse(InvalidGrant, "code_verifier", "does not match the challenge")
	}
	if code.JKT != "" && code.JKT != in.JKT {
		return Refuse(InvalidGrant, "code", "bound to another key")
	}
	return in.Client.Bound(in.JKT)
}

func (s *Service) startFamily(ctx context.Context, tx Tx, code AuthorizationCode, client Client, jkt string) (Issuance, error) {
	g, err := s.liveGrant(ctx, tx, client, code.GrantID)
	if err != nil {
		return Issuance{}, err
	}
	family := NewID()
	if err := tx.InsertFamily(ctx, family, g, s.Now()); err != nil {
		return Issuance{}, err
	}
	used, err := tx.UseCode(ctx, code, family)
	if err != nil {
		return Issuance{}, err
	}
	if !used {
		return Issuance{}, Refuse(InvalidGrant, "code", "this code was already used")
	}
	if err := s.replace(ctx, tx, g); err != nil {
		return Issuance{}, err
	}
	return s.issue(ctx, tx, g, family, jkt)
}

// liveGrant locks the grant of a code or refresh token, as far as the client's
// registration still covers it; a grant that is no longer live is InvalidGrant
// with the reason.
func (s *Service) liveGrant(ctx context.Context, tx Tx, client Client, id string) (Grant, error) {
	g, err := tx.LockGrant(ctx, id)
	if err != nil {
		return Grant{}, asInvalidGrant(err, "", "unknown consent")
	}
	if err := g.Live(s.Now()); err != nil {
		return Grant{}, &Error{Code: InvalidGrant, Detail: DetailOf(err), Err: err}
	}
	g.Details, err = narrowFor(ctx, tx, client, g.Details)
	return g, err
}

func asInvalidGrant(err error, field, detail string) error {
	if CodeOf(err) == NotFound {
		return Refuse(InvalidGrant, field, "%s", detail)
	}
	return err
}
