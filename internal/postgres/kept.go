package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// keptOf counts one kind of a citizen's, $1, and finds the latest instant its
// retention runs from if all ended at $2.
var keptOf = map[consent.Record]string{
	consent.RecordIdentity:      `SELECT count(*), max(seen_at) FROM subject WHERE id = $1`,
	consent.RecordAddress:       `SELECT count(*), max(s.seen_at) FROM contact k JOIN subject s ON s.id = k.subject_id WHERE k.subject_id = $1`,
	consent.RecordConsent:       `SELECT count(*), max(least(coalesce(withdrawn_at, expires_at), $2)) FROM consent_grant WHERE subject_id = $1`,
	consent.RecordRefusal:       `SELECT count(*), max(at) FROM decision WHERE subject_id = $1 AND NOT allowed`,
	consent.RecordRequest:       `SELECT count(*), max(expires_at) FROM request WHERE subject_id = $1 AND status NOT IN ('granted', 'refused')`,
	consent.RecordConsultation:  `SELECT count(*), max(opened_at) FROM access WHERE subject_id = $1`,
	consent.RecordToken:         `SELECT count(*), max(issued_at) FROM access_token WHERE subject_id = $1`,
	consent.RecordRightsRequest: `SELECT count(*), max(coalesce(closed_at, $2)) FROM rights_request WHERE subject_id = $1`,
	consent.RecordMeasure:       `SELECT count(*), max(coalesce(lifted_at, $2)) FROM measure WHERE subject_id = $1`,
	consent.RecordReport:        `SELECT count(*), max(asked_at) FROM report WHERE subject_id = $1`,
	consent.RecordLookup:        `SELECT count(*), max(at) FROM agent_lookup WHERE subject_id = $1`,
	consent.RecordSession:       `SELECT count(*), max(created_at) FROM session WHERE subject_id = $1`,
	consent.RecordSecret:        `SELECT count(*), max(expires_at) FROM refresh_token WHERE subject_id = $1`,
}

// Kept counts what there is, in the order of the rules.
func (r reader) Kept(ctx context.Context, subject consent.SubjectID, now time.Time) ([]consent.Kept, error) {
	var out []consent.Kept
	for _, rule := range consent.RetentionRules() {
		count, ok := keptOf[rule.Record]
		if !ok {
			continue
		}
		kept, err := one(ctx, r, func(row pgx.CollectableRow) (k consent.Kept, err error) {
			var from *time.Time
			err = row.Scan(&k.Count, &from)
			k.Record, k.From = rule.Record, utc(from)
			return k, err
		}, `SELECT n, since FROM (`+count+`) AS kept (n, since) WHERE $2::timestamptz IS NOT NULL`, subject, now)
		if err != nil {
			return nil, err
		}
		out = append(out, kept)
	}
	return slices.DeleteFunc(out, func(k consent.Kept) bool { return k.Count == 0 }), nil
}
