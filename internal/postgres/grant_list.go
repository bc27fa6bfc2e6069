package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// maxParties bounds the administrations that a list can be filtered by.
const maxParties = 300

// The SQL twins of consent.Grant.Open: they only spare reading, the domain judges.
const (
	openGrant = `status IN ('active', 'suspended') AND consumed_by IS NULL AND expires_at > @at`
	overGrant = `(status NOT IN ('active', 'suspended') OR consumed_by IS NOT NULL OR expires_at <= @at)`
)

// Grants are one page of a citizen's consents. Each order has its index, so a page
// costs what it shows, not what the citizen has.
func (r reader) Grants(ctx context.Context, q consent.GrantQuery) ([]consent.Grant, error) {
	sql, args := grantPage(q)
	out, err := many(ctx, r, scanGrant, sql, args)
	if q.Back {
		slices.Reverse(out)
	}
	return out, err
}

func grantPage(q consent.GrantQuery) (string, pgx.StrictNamedArgs) {
	where, args := grantList(q)
	key, direction := `created_at`, `DESC`
	from := q.From.CreatedAt
	if q.ByEnd {
		key, direction, from = `expires_at`, `ASC`, q.From.ExpiresAt
	}
	if q.Back {
		direction = map[string]string{`ASC`: `DESC`, `DESC`: `ASC`}[direction]
	}
	if q.From.ID != "" {
		where += ` AND (` + key + `, id) ` + map[string]string{`ASC`: `>`, `DESC`: `<`}[direction] + ` (@from, @from_id)`
		args["from"], args["from_id"] = from, q.From.ID
	}
	args["limit"] = q.Limit
	return `SELECT ` + grantColumns + ` FROM consent_grant WHERE ` + where + ` ORDER BY ` + key + ` ` + direction + `, id ` + direction + ` LIMIT @limit`, args
}

// grantList is the condition of all pages of a list.
func grantList(q consent.GrantQuery) (string, pgx.StrictNamedArgs) {
	args, where := pgx.StrictNamedArgs{"subject": q.Subject}, `subject_id = @subject`
	if !q.All {
		state := map[bool]string{false: openGrant, true: overGrant}[q.Over]
		where, args["at"] = where+` AND `+state, q.At
	}
	if q.Party.ClientID != "" {
		where += ` AND client_id = @client`
		args["client"] = q.Party.ClientID
	}
	if q.Party.Recipient != "" {
		where += ` AND recipient = @recipient`
		args["recipient"] = q.Party.Recipient
	}
	if !q.Until.IsZero() {
		where += ` AND expires_at < @until`
		args["until"] = q.Until
	}
	return where, args
}

// CountGrants stops counting at limit.
func (r reader) CountGrants(ctx context.Context, q consent.GrantQuery, limit int) (int, error) {
	where, args := grantList(q)
	args["limit"] = limit
	return one(ctx, r, pgx.RowTo[int], `SELECT count(*) FROM (SELECT FROM consent_grant WHERE `+where+` LIMIT @limit) AS counted`, args)
}

// Parties are whom the citizen has a pairwise identifier with.
func (r reader) Parties(ctx context.Context, subject consent.SubjectID) ([]consent.Party, error) {
	return many(ctx, r, pgx.RowToStructByPos[consent.Party],
		`SELECT client_id, sector FROM pairwise_subject WHERE subject_id = $1 ORDER BY client_id, sector LIMIT $2`, subject, maxParties)
}
