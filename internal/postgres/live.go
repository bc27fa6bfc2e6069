package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// sealedLive is what a session's row has of a live token.
type sealedLive struct {
	Sealed []byte
	Until  time.Time
}

// TakeLiveToken takes a sign-in's access token out of its session: two who ask at once
// do not both get it. It fails with NotFound when there is none, when its minute is over
// (it goes all the same), and when nobody is signed in any more.
func (db *DB) TakeLiveToken(ctx context.Context, token string, now time.Time) (consent.LiveToken, error) {
	hash := consent.HashOf(token)
	row, err := one(ctx, db.reader, pgx.RowToStructByPos[sealedLive], `
		WITH held AS (SELECT token_hash, live, live_until FROM session WHERE token_hash = $1 AND live IS NOT NULL AND subject_id IS NOT NULL FOR UPDATE),
		taken AS (UPDATE session s SET live = NULL, live_until = NULL FROM held h WHERE s.token_hash = h.token_hash)
		SELECT live, live_until FROM held`, hash[:])
	if err != nil {
		return consent.LiveToken{}, err
	}
	out, err := db.keys.openLive(row.Sealed, hash[:])
	out.Until = row.Until.UTC()
	if err == nil && !out.Live(now) {
		return consent.LiveToken{}, consent.Refuse(consent.NotFound, "", "the token's time is over")
	}
	return out, err
}

// DropLiveTokens forgets the tokens that nobody used in time.
func (db *DB) DropLiveTokens(ctx context.Context, now time.Time) error {
	return db.exec(ctx, `UPDATE session SET live = NULL, live_until = NULL WHERE live_until <= $1`, now)
}

// liveOf keeps a sealed token from being taken for another part of a session's row.
func liveOf(row []byte) []byte { return append([]byte("live "), row...) }

// live is how a token is written before it is sealed.
type live struct {
	Token  string   `json:"token"`
	Scopes []string `json:"scopes"`
}

func (k Keys) sealLive(t consent.LiveToken, row consent.Hash) ([]byte, error) {
	if t.Token == "" {
		return nil, nil
	}
	plain, err := json.Marshal(live{t.Token, t.Scopes})
	return k.sealSession(string(plain), liveOf(row[:])), err
}

func (k Keys) openLive(sealed, row []byte) (consent.LiveToken, error) {
	plain, err := k.openSession(sealed, liveOf(row))
	if err != nil {
		return consent.LiveToken{}, err
	}
	var t live
	err = json.Unmarshal([]byte(plain), &t)
	return consent.LiveToken{Token: t.Token, Scopes: t.Scopes}, err
}
