package postgres

import (
	"context"
	"time"

	"portail.example/consent"
)

// due selects what a record is purged by: citizen, identifier, and the instant its
// retention runs from. $1 is the instant it began before. A row of the table is r, so
// that it can be locked.
type due struct {
	table, id, from, when string
	order                 order
}

// order is the one of the primary key: a purge goes through a table once, however much
// of it is due. $3 and $4 are the citizen and the identifier it goes on after.
type order struct{ columns, after string }

var (
	ofCitizen = order{`r.subject_id, r.id`, `(r.subject_id, r.id) > ($3, $4)`}
	ofID      = order{`r.id`, `$3::text IS NOT NULL AND r.id > $4`}
	ofNumber  = order{`r.id`, `$3::text IS NOT NULL AND r.id > $4::bigint`}
	ofHash    = order{`r.hash`, `$3::text IS NOT NULL AND r.hash > decode($4, 'hex')`}
)

// Legal holds keep everything of a citizen, or one consent and what belongs to it; a
// restriction keeps everything, since only storage is left (GDPR article 18(2)).
const (
	restricts    = `m.kind = 'restriction' AND m.lifted_at IS NULL`
	unrestricted = `NOT EXISTS (SELECT FROM measure m WHERE m.subject_id = r.subject_id AND ` + restricts + `)`
	free         = `NOT EXISTS (SELECT FROM legal_hold h WHERE h.subject_id = r.subject_id AND h.grant_id = '' AND h.lifted_at IS NULL) AND ` + unrestricted
	freeGrant    = `NOT EXISTS (SELECT FROM legal_hold h WHERE h.subject_id = r.subject_id AND h.grant_id IN ('', r.grant_id) AND h.lifted_at IS NULL) AND ` + unrestricted
	grantEnd     = `coalesce(r.withdrawn_at, r.expires_at)`
	nobodys      = `r.subject_id IS NULL`
	open         = `r.status NOT IN ('granted', 'refused')`
)

var dueOf = map[consent.Record]due{
	consent.RecordConsultation: {`access`, `r.id`, `r.opened_at`, freeGrant, ofCitizen},
	consent.RecordToken:        {`access_token`, `r.id`, `r.issued_at`, freeGrant, ofCitizen},
	// A consent that was tried after its end waits for its last consultation.
	consent.RecordConsent: {`consent_grant`, `r.id`, grantEnd, `NOT EXISTS (SELECT FROM legal_hold h WHERE h.subject_id = r.subject_id AND h.grant_id IN ('', r.id) AND h.lifted_at IS NULL)
		AND ` + unrestricted + ` AND NOT EXISTS (SELECT FROM access a WHERE a.subject_id = r.subject_id AND a.grant_id = r.id AND a.opened_at >= $1)`, ofCitizen},
	consent.RecordRefusal:       {`decision`, `r.id`, `r.at`, `NOT r.allowed AND ` + free, ofCitizen},
	consent.RecordRequest:       {`request`, `r.id`, `r.expires_at`, open + ` AND r.subject_id IS NOT NULL AND ` + free, ofID},
	consent.RecordUnseen:        {`request`, `r.id`, `r.expires_at`, open + ` AND ` + nobodys, ofID},
	consent.RecordEvent:         {`outbox_event`, `r.id::text`, `r.at`, free, ofNumber},
	consent.RecordRightsRequest: {`rights_request`, `r.id`, `r.closed_at`, free, ofCitizen},
	// An objection whose citizen is gone holds nothing back any more.
	consent.RecordMeasure:  {`measure`, `r.id`, `coalesce(r.lifted_at, CASE WHEN NOT EXISTS (SELECT FROM subject s WHERE s.id = r.subject_id) THEN r.set_at END)`, free, ofCitizen},
	consent.RecordReport:   {`report`, `r.id`, `r.asked_at`, `r.state IN ('done', 'failed') AND ` + free, ofCitizen},
	consent.RecordLookup:   {`agent_lookup`, `r.id`, `r.at`, free, ofID},
	consent.RecordAgent:    {`agent`, `r.id`, `r.revoked_at`, `NOT EXISTS (SELECT FROM agent_lookup l WHERE l.agent_id = r.id) AND NOT EXISTS (SELECT FROM agent_session s WHERE s.agent_id = r.id)`, ofID},
	consent.RecordSecret:   {`refresh_token`, `encode(r.hash, 'hex')`, `r.expires_at`, `true`, ofHash},
	consent.RecordIdentity: {`subject`, `r.id`, `r.seen_at`, idle, ofID},
}

// idle is a citizen of whom nothing is left to show.
const idle = `NOT EXISTS (SELECT FROM legal_hold h WHERE h.subject_id = r.id AND h.lifted_at IS NULL)
	AND NOT EXISTS (SELECT FROM measure m WHERE m.subject_id = r.id AND ` + restricts + `)
	AND NOT EXISTS (SELECT FROM consent_grant x WHERE x.subject_id = r.id) AND NOT EXISTS (SELECT FROM decision x WHERE x.subject_id = r.id)
	AND NOT EXISTS (SELECT FROM request x WHERE x.subject_id = r.id) AND NOT EXISTS (SELECT FROM rights_request x WHERE x.subject_id = r.id)`

// of selects them; columns come from r.
func (d due) of(columns string) string {
	return `SELECT ` + columns + ` FROM ` + d.table + ` r WHERE ` + d.from + ` < $1 AND ` + d.when
}

// batch selects some of them to be removed.
func (d due) batch(b consent.PurgeBatch) (sql string, args []any) {
	sql, args = d.of(d.subject()+`, `+d.id+`, `+d.from), []any{b.Before, b.Limit}
	if b.After != (consent.PurgePlace{}) {
		sql += ` AND ` + d.order.after
		args = append(args, b.After.Subject, b.After.ID)
	}
	return sql + ` ORDER BY ` + d.order.columns + ` LIMIT $2 FOR UPDATE OF r SKIP LOCKED`, args
}

// subject is whose it is, empty when it is nobody's.
func (d due) subject() string {
	switch d.table {
	case "subject":
		return `r.id`
	case "agent": // nobody's
		return `''`
	}
	return `coalesce(r.subject_id, '')`
}

// PurgeDue counts what is due. What waits for something that is due itself counts.
func (r reader) PurgeDue(ctx context.Context, record consent.Record, before time.Time) (consent.Purged, error) {
	d := dueOf[record]
	found, err := one(ctx, r, scanPurged, d.of(`count(*), min(`+d.from+`), max(`+d.from+`)`), before)
	found.Record = record
	return found, err
}
