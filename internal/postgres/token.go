package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// dead tells a token a of family f that was revoked, alone or with its family.
const dead = `(a.revoked_at IS NOT NULL OR f.revoked_at IS NOT NULL)`

func (t *tx) InsertCode(ctx context.Context, c consent.AuthorizationCode) error {
	return t.exec(ctx, `
		INSERT INTO authorization_code (hash, request_id, grant_id, subject_id, client_id, redirect_uri, code_challenge, expires_at, jkt)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.Hash[:], c.RequestID, c.GrantID, c.Subject, c.ClientID, c.RedirectURI, c.CodeChallenge, c.ExpiresAt, c.JKT)
}

func (t *tx) LockCode(ctx context.Context, hash consent.Hash) (consent.AuthorizationCode, error) {
	return one(ctx, t.reader, scanCode, `
		SELECT hash, request_id, grant_id, subject_id, client_id, redirect_uri, code_challenge, expires_at, family, jkt
		FROM authorization_code WHERE hash = $1 FOR UPDATE`, hash[:])
}

func scanCode(row pgx.CollectableRow) (c consent.AuthorizationCode, err error) {
	var hash []byte
	var family *string
	err = row.Scan(&hash, &c.RequestID, &c.GrantID, &c.Subject, &c.ClientID, &c.RedirectURI, &c.CodeChallenge, &c.ExpiresAt, &family, &c.JKT)
	copy(c.Hash[:], hash)
	c.ExpiresAt, c.Family = c.ExpiresAt.UTC(), orZero(family)
	return c, err
}

func (t *tx) UseCode(ctx context.Context, c consent.AuthorizationCode, family string) (bool, error) {
	return t.changed(ctx, `UPDATE authorization_code SET family = $2 WHERE hash = $1 AND family IS NULL`, c.Hash[:], family)
}

func (t *tx) InsertFamily(ctx context.Context, id string, g consent.Grant, now time.Time) error {
	return t.exec(ctx, `INSERT INTO token_family (id, subject_id, grant_id, client_id, created_at) VALUES ($1, $2, $3, $4, $5)`,
		id, g.Subject, g.ID, g.ClientID, now)
}

func (t *tx) RevokeFamily(ctx context.Context, subject consent.SubjectID, id string, now time.Time) (bool, error) {
	return t.changed(ctx, `UPDATE token_family SET revoked_at = $3 WHERE subject_id = $1 AND id = $2 AND revoked_at IS NULL`, subject, id, now)
}

func (t *tx) InsertRefreshToken(ctx context.Context, r consent.RefreshToken) error {
	return t.exec(ctx, `INSERT INTO refresh_token (hash, subject_id, family, grant_id, client_id, expires_at, jkt) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.Hash[:], r.Subject, r.Family, r.GrantID, r.ClientID, r.ExpiresAt, r.JKT)
}

func (t *tx) LockRefreshToken(ctx context.Context, hash consent.Hash) (consent.RefreshToken, error) {
	return one(ctx, t.reader, scanRefreshToken, `
		SELECT r.hash, r.subject_id, r.family, r.grant_id, r.client_id, r.expires_at, r.used, f.revoked_at IS NOT NULL, r.jkt, r.used_at,
			EXISTS (SELECT FROM refresh_token later WHERE later.subject_id = r.subject_id AND later.family = r.family AND later.used_at > r.used_at)
		FROM refresh_token r JOIN token_family f ON f.subject_id = r.subject_id AND f.id = r.family
		WHERE r.hash = $1 FOR UPDATE OF r, f`, hash[:])
}

func scanRefreshToken(row pgx.CollectableRow) (r consent.RefreshToken, err error) {
	var hash []byte
	var usedAt *time.Time
	err = row.Scan(&hash, &r.Subject, &r.Family, &r.GrantID, &r.ClientID, &r.ExpiresAt, &r.Used, &r.FamilyRevoked, &r.JKT, &usedAt, &r.Superseded)
	copy(r.Hash[:], hash)
	r.ExpiresAt, r.UsedAt = r.ExpiresAt.UTC(), utc(usedAt)
	return r, err
}

func (t *tx) UseRefreshToken(ctx context.Context, r consent.RefreshToken, now time.Time) (bool, error) {
	return t.changed(ctx, `UPDATE refresh_token SET used = true, used_at = $2 WHERE hash = $1 AND NOT used`, r.Hash[:], now)
}

// placeAttempts is far more than a list that is half full needs.
const placeAttempts = 64

// InsertAccessToken draws places of the status list until one is free: places
// in order of issue would tell how many tokens there are, and whose came after
// whose.
func (t *tx) InsertAccessToken(ctx context.Context, a consent.AccessToken) (consent.AccessToken, error) {
	for range placeAttempts {
		a.Status.Index = rand.IntN(consent.StatusListSize)
		placed, err := t.changed(ctx, `
			INSERT INTO access_token (id, subject_id, family, grant_id, status_list, status_index, issued_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (status_list, status_index) DO NOTHING`,
			a.ID, a.Subject, a.Family, a.GrantID, a.Status.List, a.Status.Index, a.IssuedAt, a.ExpiresAt)
		if err != nil || placed {
			return a, err
		}
	}
	return a, errors.New("the status list is full")
}

func (t *tx) RevokeTokens(ctx context.Context, subject consent.SubjectID, grantID string, at time.Time) error {
	return t.exec(ctx, `UPDATE access_token SET revoked_at = $3 WHERE subject_id = $1 AND grant_id = $2 AND revoked_at IS NULL`, subject, grantID, at)
}

func (t *tx) AccessToken(ctx context.Context, subject consent.SubjectID, id string) (consent.AccessToken, error) {
	return one(ctx, t.reader, scanAccessToken, `
		SELECT a.id, a.subject_id, a.family, a.grant_id, a.status_list, a.status_index, a.issued_at, a.expires_at, `+dead+`
		FROM access_token a JOIN token_family f ON f.subject_id = a.subject_id AND f.id = a.family
		WHERE a.subject_id = $1 AND a.id = $2`, subject, id)
}

func scanAccessToken(row pgx.CollectableRow) (a consent.AccessToken, err error) {
	err = row.Scan(&a.ID, &a.Subject, &a.Family, &a.GrantID, &a.Status.List, &a.Status.Index, &a.IssuedAt, &a.ExpiresAt, &a.Revoked)
	a.IssuedAt, a.ExpiresAt = a.IssuedAt.UTC(), a.ExpiresAt.UTC()
	return a, err
}

// RevokedPlaces are the places of a status list whose tokens allow nothing any
// more, whatever the reason: replay, withdrawal, a single use made, suspension, restriction.
func (db *DB) RevokedPlaces(ctx context.Context, list int64) ([]int, error) {
	return many(ctx, db.reader, pgx.RowTo[int], `
		SELECT a.status_index FROM access_token a
		JOIN token_family f ON f.subject_id = a.subject_id AND f.id = a.family
		JOIN consent_grant g ON g.subject_id = a.subject_id AND g.id = a.grant_id
		JOIN client c ON c.id = g.client_id
		LEFT JOIN delegation d ON d.client_id = g.client_id AND d.siret = g.recipient
		WHERE a.status_list = $1 AND (`+dead+` OR g.status <> 'active' OR g.restricted_at IS NOT NULL OR g.consumed_by IS NOT NULL OR `+stopped+`)
		ORDER BY a.status_index`, list)
}
