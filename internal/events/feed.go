package events

import (
	"context"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/token"
)

// Signer signs events.
type Signer interface {
	MintEvent(token.EventClaims) (string, error)
}

// Poll is what a client may do with its own events.
type Poll interface {
	OpenEvents(ctx context.Context, clientID string, limit int) ([]consent.EventDelivery, error)
	AcknowledgeEvents(ctx context.Context, clientID string, jtis []string, now time.Time) error
	RejectEvent(ctx context.Context, clientID, jti, reason string) error
}

// Feed gives clients their events when they ask (RFC 8936).
type Feed struct {
	Poll
	Issuer string
	Signer Signer
	Now    func() time.Time
}

// Acknowledge settles events.
func (f Feed) Acknowledge(ctx context.Context, clientID string, jtis []string) error {
	return f.AcknowledgeEvents(ctx, clientID, jtis, f.Now())
}

// Token is an event as a Security Event Token. It is signed anew each time, by
// the key of the day, and says the same under the same jti.
func (f Feed) Token(d consent.EventDelivery) (string, error) {
	return mint(f.Signer, f.Issuer, d)
}

func mint(signer Signer, issuer string, d consent.EventDelivery) (string, error) {
	at := jwt.NewNumericDate(d.At)
	claims := token.EventClaims{
		Issuer: issuer, Audience: d.ClientID, ID: d.JTI, IssuedAt: at, TimeOfEvent: at,
		Events: map[string]token.Event{token.EventURI(string(d.Type)): {GrantID: d.GrantID, RequestID: d.RequestID, Recipient: string(d.Recipient), DataSet: d.DataSet, Month: d.Month.OrEmpty()}},
	}
	if d.Sub != "" {
		claims.Subject = &token.SubjectID{Format: "iss_sub", Issuer: issuer, Subject: d.Sub}
	}
	return signer.MintEvent(claims)
}
