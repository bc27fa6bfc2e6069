package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent/ledger"
)

// firstBadFact compares every row that entries speak of with the last entry about it,
// then what follows from those rows; nil when all agree. A row nobody vouches for has
// no entry to name. A row may be gone only when a purge says so that had the right to.
// It shows a sign of life before each table.
func firstBadFact(ctx context.Context, r reader, now time.Time, beat func() error) (*ledger.Fault, error) {
	var first *ledger.Fault
	for _, f := range facts {
		if err := beat(); err != nil {
			return nil, err
		}
		found, err := firstFault(ctx, r, `
			WITH e AS (SELECT DISTINCT ON (subject_id, ref) id, at, subject_id, ref, grant_id, fact FROM ledger_entry WHERE kind = ANY($1) ORDER BY subject_id, ref, id DESC),
				h AS MATERIALIZED (`+holdsEver+`), p AS (`+purgedRightly+`)
			SELECT coalesce(e.id, 0), CASE WHEN e.id IS NULL THEN 'a row of `+f.table+` that no entry speaks of' WHEN r IS NULL THEN 'its row of `+f.table+` is gone'
				WHEN p IS NOT NULL THEN 'its row of `+f.table+` is back after it was purged' ELSE 'its row of `+f.table+` is not as it was' END
			FROM e FULL JOIN `+f.table+` r ON `+f.key+` LEFT JOIN p ON p.entry_id = e.id
			WHERE e.id IS NULL OR (r IS NULL) <> (p.entry_id IS NOT NULL) OR NOT (r IS NULL) AND e.fact IS NOT NULL AND e.fact IS DISTINCT FROM `+f.digest()+`
			ORDER BY e.id NULLS LAST LIMIT 1`, f.kinds, f.months(), now)
		if err != nil {
			return nil, err
		}
		if found != nil && (first == nil || found.Before(*first)) {
			first = found
		}
	}
	if first != nil {
		return first, nil
	}
	return firstBadConsequence(ctx, r)
}

// purgedRightly are the entries of e whose row a purge removed that has an entry
// itself, came after the years that evidence is kept and not in times to come, and
// passed over no hold. Whoever deletes a row and writes a purge beside it is found
// by that: only what was due anyway can go unnoticed.
const purgedRightly = `SELECT p.entry_id FROM e JOIN purged_entry p ON p.entry_id = e.id JOIN ledger_entry x ON x.kind = 'purge' AND x.ref = p.batch_id
	WHERE x.at >= e.at + make_interval(months => $2) AND x.at <= $3 AND NOT EXISTS (SELECT FROM h
		WHERE h.subject_id = e.subject_id AND h.grant_id IN ('', e.grant_id) AND h.set < x.id AND (h.lifted IS NULL OR h.lifted > x.id))`

// holdsEver are the legal holds that there were, and the entries between which they
// were in force: a purge waits for a hold that is being set, and a hold for a purge, so
// that entries tell the order when clocks do not.
const holdsEver = `SELECT s.subject_id, s.grant_id, s.id AS set,
	(SELECT min(l.id) FROM ledger_entry l WHERE l.kind = 'legal_hold_lifted' AND l.subject_id = s.subject_id AND l.ref = s.ref) AS lifted
	FROM ledger_entry s WHERE s.kind = 'legal_hold'`

// lastOfGrant is the last entry about a consent g.
const lastOfGrant = `LEFT JOIN LATERAL (SELECT max(id) AS id FROM ledger_entry WHERE subject_id = g.subject_id AND ref = g.id) e ON true`

// consequences are queries for what no digest covers, because rows that are vouched
// for say it already. Each finds what does not follow from them, with its entry.
var consequences = []string{
	// A text that was shown is the one that was hashed. The words of one that names a
	// file may have gone with all who decided on it.
	`SELECT coalesce(e.id, 0), 'the text that was shown is not as it was' FROM consent_text t LEFT JOIN ledger_entry e ON e.text_hash = t.hash
		WHERE t.hash <> sha256(convert_to(t.language || E'\n' || t.text, 'UTF8'))
			AND NOT (t.own AND t.text = '' AND NOT EXISTS (SELECT FROM decision d JOIN subject s ON s.id = d.subject_id WHERE d.text_hash = t.hash)) ORDER BY 1 LIMIT 1`,

	// A single release is used up by the access that is open or served, and by no other;
	// that access may be purged already.
	`SELECT coalesce(e.id, 0), 'the single use of its consent is not the one its accesses tell' FROM consent_grant g
		LEFT JOIN access a ON a.subject_id = g.subject_id AND a.grant_id = g.id AND a.outcome IN ('open', 'released', 'verified')
		LEFT JOIN LATERAL (SELECT max(id) AS id FROM ledger_entry WHERE subject_id = g.subject_id AND ref = coalesce(a.id, g.id)) e ON true
		LEFT JOIN LATERAL (SELECT ref FROM ledger_entry l JOIN purged_entry p ON p.entry_id = l.id
			WHERE l.subject_id = g.subject_id AND l.ref = g.consumed_by AND l.grant_id = g.id LIMIT 1) u ON true
		WHERE (g.access_mode = 'once' OR g.consumed_by IS NOT NULL) AND g.consumed_by IS DISTINCT FROM CASE WHEN g.access_mode = 'once' THEN coalesce(a.id, u.ref) END
		ORDER BY e.id NULLS LAST LIMIT 1`,

	// A consent that stands is restricted when a restriction covers it, and not otherwise.
	`SELECT coalesce(e.id, 0), 'its restriction is not the one in force' FROM consent_grant g ` + lastOfGrant + `
		WHERE g.status IN ('active', 'suspended') AND (g.restricted_at IS NOT NULL) <> EXISTS (SELECT FROM measure m
			WHERE m.subject_id = g.subject_id AND m.kind = 'restriction' AND m.lifted_at IS NULL AND m.recipient IN ('', g.recipient)) ORDER BY e.id NULLS LAST LIMIT 1`,

	// An objection left no consent to its administration, and none was given since.
	`SELECT coalesce(e.id, 0), 'it stands although its citizen objects' FROM consent_grant g ` + lastOfGrant + `
		JOIN measure m ON m.subject_id = g.subject_id AND m.kind = 'objection' AND m.lifted_at IS NULL AND m.recipient IN ('', g.recipient)
		WHERE g.status IN ('active', 'suspended') AND g.expires_at > m.set_at ORDER BY e.id NULLS LAST LIMIT 1`,

	// Tokens were revoked together when the entry says so, and not otherwise, until
	// they are purged with their consent.
	`WITH e AS (SELECT id, subject_id, ref, at FROM ledger_entry WHERE kind = 'tokens_revoked')
		SELECT coalesce(e.id, 0), CASE WHEN e.id IS NULL THEN 'tokens were revoked and no entry says so' ELSE 'the tokens it revoked are not revoked, or not then' END
		FROM e FULL JOIN token_family f ON f.subject_id = e.subject_id AND f.id = e.ref
		WHERE f.revoked_at IS DISTINCT FROM e.at AND NOT (f.id IS NULL AND EXISTS (SELECT FROM purged_entry p WHERE p.entry_id = e.id)) ORDER BY e.id NULLS LAST LIMIT 1`,
}

func firstBadConsequence(ctx context.Context, r reader) (*ledger.Fault, error) {
	for _, sql := range consequences {
		if found, err := firstFault(ctx, r, sql); found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

// firstFault is the one a query finds; nil when it finds none.
func firstFault(ctx context.Context, r reader, sql string, args ...any) (*ledger.Fault, error) {
	found, err := many(ctx, r, pgx.RowToStructByPos[ledger.Fault], sql, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}
