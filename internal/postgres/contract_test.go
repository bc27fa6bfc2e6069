package postgres_test

import (
	"context"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// sessionStore is what rooms ask of the database beyond the domain's store.
type sessionStore interface {
	consenttest.StoreWithClients
	RotateSession(ctx context.Context, oldToken string, s consent.Session) (string, error)
	CloseSession(ctx context.Context, token string) error
	TakeLiveToken(ctx context.Context, token string, now time.Time) (consent.LiveToken, error)
	KeepDraft(ctx context.Context, token string, d consent.Draft) error
	SaveSignInAttempt(ctx context.Context, a consent.SignInAttempt) error
	TakeSignInAttempt(ctx context.Context, state string, now time.Time) (consent.SignInAttempt, error)
	UseAssertion(ctx context.Context, clientID, jti string, expires time.Time) error
	RevokedPlaces(ctx context.Context, list int64) ([]int, error)
}
