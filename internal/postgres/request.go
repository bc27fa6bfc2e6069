package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const requestColumns = `id, uri_hash, uri_expires_at, expires_at, created_at, client_id,
	data_type, location, data_groups, purpose, recipient, access_mode, ends_on,
	redirect_uri, state, code_challenge, language, force_prompt, status, browser_id, subject_id, grant_id, jkt, filed, reference, watch`

// maxClaims bounds the requests given to a citizen at one sign-in, whatever
// anybody files.
const maxClaims = 20

// Request finds a request by its identifier.
func (r reader) Request(ctx context.Context, id string) (consent.Request, error) {
	return one(ctx, r, scanRequest, `SELECT `+requestColumns+` FROM request WHERE id = $1`, id)
}

// RequestByURI finds a request by the hash of its request_uri's secret.
func (r reader) RequestByURI(ctx context.Context, uri consent.Hash) (consent.Request, error) {
	return one(ctx, r, scanRequest, `SELECT `+requestColumns+` FROM request WHERE uri_hash = $1`, uri[:])
}

// OpenRequests are the citizen's requests without an answer, newest first, those that
// follow after when it is not zero.
func (r reader) OpenRequests(ctx context.Context, subject consent.SubjectID, now time.Time, after consent.Request, limit int) ([]consent.Request, error) {
	return many(ctx, r, scanRequest, `SELECT `+requestColumns+` FROM request
		WHERE subject_id = $1 AND expires_at > $2 AND status IN ('pending', 'identified')
			AND ($3::timestamptz IS NULL OR created_at <= $3 AND (created_at < $3 OR id > $4)) ORDER BY created_at DESC, id LIMIT $5`,
		subject, now, orNull(after.CreatedAt), after.ID, limit)
}

// Requests are the citizen's requests in any state, newest first, those that follow
// after when it is not zero.
func (r reader) Requests(ctx context.Context, subject consent.SubjectID, after consent.Request, limit int) ([]consent.Request, error) {
	return many(ctx, r, scanRequest, `SELECT `+requestColumns+` FROM request
		WHERE subject_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3)) ORDER BY created_at DESC, id DESC LIMIT $4`,
		subject, orNull(after.CreatedAt), after.ID, limit)
}

// Asked counts the citizen's questions of one kind that led to no consent.
func (r reader) Asked(ctx context.Context, subject consent.SubjectID, by consent.Party, purpose string, since, now time.Time) (int, error) {
	return one(ctx, r, pgx.RowTo[int], `SELECT count(*) FROM request
		WHERE subject_id = $1 AND client_id = $2 AND recipient = $3 AND purpose = $4 AND status <> 'granted'
			AND (created_at > $5 OR status = 'identified' AND expires_at > $6)`,
		subject, by.ClientID, by.Recipient, purpose, since, now)
}

func scanRequest(row pgx.CollectableRow) (r consent.Request, err error) {
	var hash []byte
	var names []string
	var location string
	var endsOn *time.Time
	var browser *consent.BrowserID
	var subject *consent.SubjectID
	var grant *string
	d := &r.Details
	err = row.Scan(&r.ID, &hash, &r.URIExpiresAt, &r.ExpiresAt, &r.CreatedAt, &r.ClientID,
		&d.Type, &location, &names, &d.Purpose, &d.Recipient, &d.Access, &endsOn,
		&r.RedirectURI, &r.State, &r.CodeChallenge, &r.Language, &r.ForcePrompt, &r.Status, &browser, &subject, &grant, &r.JKT, &r.Filed, &r.Reference, &d.Watch)
	copy(r.URIHash[:], hash)
	r.URIExpiresAt, r.ExpiresAt, r.CreatedAt = r.URIExpiresAt.UTC(), r.ExpiresAt.UTC(), r.CreatedAt.UTC()
	d.Locations, d.Groups, d.EndsOn = []string{location}, groupsOf(names), dateOf(endsOn)
	r.Browser, r.Subject, r.GrantID = orZero(browser), orZero(subject), orZero(grant)
	return r, err
}

// FiledRequests are the requests filed for an identity that nobody claimed yet.
func (r reader) FiledRequests(ctx context.Context, matchKey string) ([]consent.Request, error) {
	return many(ctx, r, scanRequest, `SELECT `+requestColumns+` FROM request
		WHERE match_hash = $1 AND status = 'pending' ORDER BY created_at DESC, id LIMIT $2`, r.keys.matchOf(matchKey), maxClaims)
}

// NotePoll keeps the row from being polled by two at once.
func (t *tx) NotePoll(ctx context.Context, id string, now time.Time) (time.Time, error) {
	last, err := one(ctx, t.reader, pgx.RowTo[*time.Time], `
		WITH before AS (SELECT id, polled_at FROM request WHERE id = $1 FOR NO KEY UPDATE)
		UPDATE request SET polled_at = $2 FROM before WHERE request.id = before.id RETURNING before.polled_at`, id, now)
	return utc(last), err
}

// locationOf is the one location of resolved details.
func locationOf(d consent.Details) string {
	if len(d.Locations) == 0 {
		return ""
	}
	return d.Locations[0]
}

func (t *tx) InsertRequest(ctx context.Context, r consent.Request) error {
	return t.insertRequest(ctx, r, nil)
}

func (t *tx) FileRequest(ctx context.Context, r consent.Request, matchKey string) error {
	return t.insertRequest(ctx, r, t.keys.matchOf(matchKey))
}

func (t *tx) insertRequest(ctx context.Context, r consent.Request, match []byte) error {
	d := r.Details
	return t.exec(ctx, `INSERT INTO request (`+requestColumns+`, match_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
		r.ID, r.URIHash[:], r.URIExpiresAt, r.ExpiresAt, r.CreatedAt, r.ClientID,
		d.Type, locationOf(d), groups(d.Groups), d.Purpose, d.Recipient, d.Access, day(d.EndsOn),
		r.RedirectURI, r.State, r.CodeChallenge, r.Language, r.ForcePrompt, r.Status, orNull(r.Browser), orNull(r.Subject), orNull(r.GrantID), r.JKT, r.Filed, r.Reference, d.Watch, match)
}

func (t *tx) BindRequest(ctx context.Context, id string, browser consent.BrowserID) (bool, error) {
	return t.changed(ctx, `UPDATE request SET browser_id = $2 WHERE id = $1 AND (browser_id IS NULL OR browser_id = $2)`, id, browser)
}

func (t *tx) IdentifyRequest(ctx context.Context, id string, subject consent.SubjectID) (bool, error) {
	return t.changed(ctx, `UPDATE request SET status = 'identified', subject_id = $2, match_hash = NULL
		WHERE id = $1 AND (status = 'pending' OR status = 'identified' AND subject_id = $2)`, id, subject)
}

func (t *tx) CloseRequest(ctx context.Context, id string, status consent.RequestStatus, grantID string) (bool, error) {
	return t.changed(ctx, `UPDATE request SET status = $2, grant_id = $3, match_hash = NULL, parameters = NULL
		WHERE id = $1 AND status IN ('pending', 'identified')`, id, status, orNull(grantID))
}
