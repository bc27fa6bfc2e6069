package token

import (
	"context"

	"github.com/golang-jwt/jwt/v5"
)

// EventType is the `typ` of a Security Event Token (RFC 8417 section 2.3).
const EventType = "secevent+jwt"

// EventURI names a type of event, such as consent.withdrawn.
func EventURI(name string) string { return "urn:portail:params:secevent:" + name }

// EventClaims are those of a Security Event Token (RFC 8417).
type EventClaims struct {
	Issuer   string           `json:"iss"`
	Audience string           `json:"aud"` // the client it is for
	ID       string           `json:"jti"` // the same at each attempt
	IssuedAt *jwt.NumericDate `json:"iat"`
	// TimeOfEvent is when it happened (RFC 8417 section 2.2).
	TimeOfEvent *jwt.NumericDate `json:"toe"`
	Subject     *SubjectID       `json:"sub_id,omitempty"`
	// Events holds one event under its URI.
	Events map[string]Event `json:"events"`
}

// SubjectID is the citizen at this client (RFC 9493 section 3.2.3).
type SubjectID struct {
	Format  string `json:"format"` // iss_sub
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
}

// Event is what happened. It names no one and holds no data.
type Event struct {
	GrantID   string `json:"grant_id,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Recipient string `json:"recipient"` // SIRET
	// DataSet and Month say what changed (data.changed), never to what.
	DataSet string `json:"data_set,omitempty"`
	Month   string `json:"month,omitempty"` // YYYY-MM
}

// VerifyEvent returns the claims of a Security Event Token for the verifier's
// audience, which is the receiver's client_id, or one of this package's errors.
// Such tokens do not expire; a receiver drops those whose ID it has seen.
func (v *Verifier) VerifyEvent(ctx context.Context, raw string) (EventClaims, error) {
	if len(raw) > maxSize {
		return EventClaims{}, ErrMalformed
	}
	var claims eventClaims
	parsed, err := v.events.ParseWithClaims(raw, &claims, func(t *jwt.Token) (any, error) { return headerKey(ctx, t, EventType, v.keys) })
	if err != nil {
		return EventClaims{}, classify(parsed, err)
	}
	if claims.ID == "" || len(claims.Events) != 1 {
		return EventClaims{}, ErrMissingClaim
	}
	return EventClaims(claims), nil
}

// eventClaims makes EventClaims a jwt.Claims.
type eventClaims EventClaims

func (eventClaims) GetExpirationTime() (*jwt.NumericDate, error) { return nil, nil }
func (c eventClaims) GetIssuedAt() (*jwt.NumericDate, error)     { return c.IssuedAt, nil }
func (eventClaims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c eventClaims) GetIssuer() (string, error)                 { return c.Issuer, nil }
func (eventClaims) GetSubject() (string, error)                  { return "", nil }
func (c eventClaims) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings{c.Audience}, nil
}
