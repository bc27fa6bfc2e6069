package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// openColumns are those that an access has from the start.
const openColumns = `id, subject_id, grant_id, client_id, recipient, token_id, data_set, data_groups, year, month,
	opened_at, closed_at, outcome, provider_request_id, provider_id, agent_ref, agent_service, way`

const accessColumns = openColumns + `, attestation_code, attestation_lines`

// Accesses are the citizen's accesses, newest first; of one grant when grantID
// is not empty, and those that follow after when it is not zero.
func (r reader) Accesses(ctx context.Context, subject consent.SubjectID, grantID string, after consent.Access, limit int) ([]consent.Access, error) {
	return many(ctx, r, scanAccess, `SELECT `+accessColumns+` FROM access
		WHERE subject_id = $1 AND ($2 = '' OR grant_id = $2) AND ($3::timestamptz IS NULL OR (opened_at, id) < ($3, $4))
		ORDER BY opened_at DESC, id DESC LIMIT $5`, subject, grantID, orNull(after.OpenedAt), after.ID, limit)
}

// LastRelease is when data of a grant left last, or a provider was told it may.
func (r reader) LastRelease(ctx context.Context, subject consent.SubjectID, grantID string) (time.Time, error) {
	at, err := one(ctx, r, pgx.RowTo[*time.Time], `SELECT max(closed_at) FROM access
		WHERE subject_id = $1 AND grant_id = $2 AND outcome IN ('released', 'verified')`, subject, grantID)
	return utc(at), err
}

// OpenAccesses are accesses of anybody's that were opened before an instant and
// are still open.
func (r reader) OpenAccesses(ctx context.Context, before time.Time, limit int) ([]consent.Access, error) {
	return many(ctx, r, scanAccess, `SELECT `+accessColumns+` FROM access
		WHERE outcome = 'open' AND opened_at < $1 ORDER BY opened_at LIMIT $2`, before, limit)
}

func scanAccess(row pgx.CollectableRow) (a consent.Access, err error) {
	var names []string
	var closed *time.Time
	var code []byte
	err = row.Scan(&a.ID, &a.Subject, &a.GrantID, &a.ClientID, &a.Recipient, &a.TokenID, &a.DataSet, &names, &a.Period.Year, &a.Period.Month,
		&a.OpenedAt, &closed, &a.Outcome, &a.ProviderRequestID, &a.ProviderID, &a.By.Agent, &a.By.Service, &a.Way, &code, &a.Attestation.Lines)
	copy(a.Attestation.Code[:], code)
	a.Groups, a.OpenedAt, a.ClosedAt = groupsOf(names), a.OpenedAt.UTC(), utc(closed)
	return a, err
}

func (t *tx) InsertAccess(ctx context.Context, a consent.Access) error {
	return t.exec(ctx, `INSERT INTO access (`+openColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		a.ID, a.Subject, a.GrantID, a.ClientID, a.Recipient, a.TokenID, a.DataSet, groups(a.Groups), a.Period.Year, int(a.Period.Month),
		a.OpenedAt, orNull(a.ClosedAt), a.Outcome, a.ProviderRequestID, a.ProviderID, a.By.Agent, a.By.Service, a.Way)
}

func (r reader) Access(ctx context.Context, subject consent.SubjectID, id string) (consent.Access, error) {
	return one(ctx, r, scanAccess, `SELECT `+accessColumns+` FROM access WHERE subject_id = $1 AND id = $2`, subject, id)
}

// AttestedAccess knows the hash of a code, and nobody's name.
func (r reader) AttestedAccess(ctx context.Context, code consent.Hash) (consent.Access, error) {
	return one(ctx, r, scanAccess, `SELECT `+accessColumns+` FROM access WHERE attestation_code = $1`, code[:])
}

func (t *tx) CloseAccess(ctx context.Context, a consent.Access) (bool, error) {
	var code []byte
	if a.Attested() {
		code = a.Attestation.Code[:]
	}
	return t.changed(ctx, `UPDATE access SET outcome = $3, closed_at = $4, provider_request_id = $5, attestation_code = $6, attestation_lines = $7
		WHERE subject_id = $1 AND id = $2 AND outcome = 'open'`, a.Subject, a.ID, a.Outcome, a.ClosedAt, a.ProviderRequestID, code, a.Attestation.Lines)
}
