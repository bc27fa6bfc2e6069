package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// doomed is something that is due.
type doomed struct {
	Subject consent.SubjectID
	ID      string
	From    time.Time
}

// PurgeBatch removes what is due. The lock on the holds makes purges take turns, and
// keeps holds as they are until the batch ends; nothing else waits for it.
func (t *tx) PurgeBatch(ctx context.Context, b consent.PurgeBatch) (out consent.Purged, next consent.PurgePlace, err error) {
	if err := t.exec(ctx, `LOCK TABLE legal_hold IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return out, next, err
	}
	sql, args := dueOf[b.Record].batch(b)
	list, err := many(ctx, t.reader, pgx.RowToStructByPos[doomed], sql, args...)
	if err != nil || len(list) == 0 {
		return out, next, err
	}
	if last := list[len(list)-1]; len(list) == b.Limit {
		next = consent.PurgePlace{Subject: last.Subject, ID: last.ID}
	}
	out = consent.Purged{Record: b.Record, Count: len(list), First: list[0].From.UTC(), Last: list[0].From.UTC()}
	subjects, ids := make([]string, len(list)), make([]string, len(list))
	for i, x := range list {
		subjects[i], ids[i] = string(x.Subject), x.ID
		if x.From.Before(out.First) {
			out.First = x.From.UTC()
		}
		if x.From.After(out.Last) {
			out.Last = x.From.UTC()
		}
	}
	return out, next, t.remove(ctx, b, out, subjects, ids)
}

// remove notes the batch and what of the evidence loses its row, then deletes.
func (t *tx) remove(ctx context.Context, b consent.PurgeBatch, p consent.Purged, subjects, ids []string) error {
	if err := t.exec(ctx, `INSERT INTO purge_batch (id, run_id, record, at, due_before, removed, first_from, last_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		b.ID, b.RunID, b.Record, b.At, b.Before, p.Count, p.First, p.Last); err != nil {
		return err
	}
	for _, v := range vouchedBy[b.Record] {
		if err := t.exec(ctx, `INSERT INTO purged_entry (entry_id, batch_id)
			SELECT DISTINCT ON (e.subject_id, e.ref) e.id, $3 FROM (`+v.rows+`) x JOIN ledger_entry e ON e.subject_id = x.subject_id AND e.ref = x.id
			WHERE e.kind = ANY($4) ORDER BY e.subject_id, e.ref, e.id DESC`, subjects, ids, b.ID, v.kinds); err != nil {
			return err
		}
	}
	for _, sql := range removals[b.Record] {
		if err := t.exec(ctx, sql, subjects, ids); err != nil {
			return err
		}
	}
	return nil
}

// each is what was found, as a table x of citizens and identifiers.
const each = `unnest($1::text[], $2::text[]) AS x (subject_id, id)`

// vouched are rows that entries of some kinds speak of and that a batch removes.
type vouched struct {
	kinds []consent.EntryKind
	rows  string // citizens and identifiers
}

// about are all kinds that speak of the same rows as one.
func about(kind consent.EntryKind) []consent.EntryKind {
	f, _ := factOf(kind)
	return f.kinds
}

const (
	found     = `SELECT x.subject_id, x.id FROM ` + each
	answersOf = `SELECT d.subject_id, d.id FROM ` + each + ` JOIN consent_grant g ON g.subject_id = x.subject_id AND g.id = x.id
		JOIN decision d ON d.subject_id = g.subject_id AND d.request_id = g.request_id`
	messagesOf = `SELECT m.subject_id, m.id FROM ` + each + ` JOIN rights_message m ON m.subject_id = x.subject_id AND m.request_id = x.id`
	familiesOf = `SELECT f.subject_id, f.id FROM ` + each + ` JOIN token_family f ON f.subject_id = x.subject_id AND f.grant_id = x.id`
)

var vouchedBy = map[consent.Record][]vouched{
	consent.RecordConsultation:  {{about(consent.EntryAccess), found}},
	consent.RecordToken:         {{about(consent.EntryToken), found}},
	consent.RecordConsent:       {{about(consent.EntryGrant), found}, {about(consent.EntryDecision), answersOf}, {[]consent.EntryKind{consent.EntryRevoked}, familiesOf}},
	consent.RecordRefusal:       {{about(consent.EntryDecision), found}},
	consent.RecordRightsRequest: {{about(consent.EntryRights), found}, {about(consent.EntryRightsMessage), messagesOf}},
	consent.RecordMeasure:       {{about(consent.EntryRestriction), found}},
	consent.RecordReport:        {{about(consent.EntryReport), found}},
	consent.RecordLookup:        {{about(consent.EntryLookup), found}},
	consent.RecordAgent:         {{about(consent.EntryAgentRevoked), found}},
}

// removals are what a batch deletes, what refers before what is referred to.
var removals = map[consent.Record][]string{
	consent.RecordConsultation: {`DELETE FROM access r USING ` + each + ` WHERE (r.subject_id, r.id) = (x.subject_id, x.id)`},
	consent.RecordToken:        {`DELETE FROM access_token r USING ` + each + ` WHERE (r.subject_id, r.id) = (x.subject_id, x.id)`},
	consent.RecordConsent: {
		`DELETE FROM refresh_token r USING (` + familiesOf + `) f WHERE (r.subject_id, r.family) = (f.subject_id, f.id)`,
		`DELETE FROM token_family r USING ` + each + ` WHERE (r.subject_id, r.grant_id) = (x.subject_id, x.id)`,
		`DELETE FROM decision r USING (` + answersOf + `) d WHERE (r.subject_id, r.id) = (d.subject_id, d.id)`,
		`DELETE FROM request r USING ` + each + ` WHERE (r.subject_id, r.grant_id) = (x.subject_id, x.id)`,
		`DELETE FROM consent_grant r USING ` + each + ` WHERE (r.subject_id, r.id) = (x.subject_id, x.id)`,
	},
	consent.RecordRefusal: {
		`DELETE FROM request r USING decision d, ` + each + ` WHERE r.id = d.request_id AND r.status = 'refused' AND (d.subject_id, d.id) = (x.subject_id, x.id)`,
		`DELETE FROM decision r USING ` + each + ` WHERE (r.subject_id, r.id) = (x.subject_id, x.id)`,
	},
	consent.RecordRequest: {`DELETE FROM request r USING ` + each + ` WHERE r.id = x.id`},
	consent.RecordUnseen:  {`DELETE FROM request r USING ` + each + ` WHERE r.id = x.id`},
	consent.RecordEvent: {
		`DELETE FROM event_delivery r USING ` + each + ` WHERE r.event_id = x.id::bigint`,
		`DELETE FROM outbox_event r USING ` + each + ` WHERE r.id = x.id::bigint`,
	},
	consent.RecordRightsRequest: {
		`DELETE FROM rights_message r USING ` + each + ` WHERE (r.subject_id, r.request_id) = (x.subject_id, x.id)`,
		`DELETE FROM rights_request r USING ` + each + ` WHERE (r.subject_id, r.id) = (x.subject_id, x.id)`,
	},
	consent.RecordMeasure:  {`DELETE FROM measure r USING ` + each + ` WHERE (r.subject_id, r.id) = (x.subject_id, x.id)`},
	consent.RecordReport:   {`DELETE FROM report r USING ` + each + ` WHERE (r.subject_id, r.id) = (x.subject_id, x.id)`},
	consent.RecordLookup:   {`DELETE FROM agent_lookup r USING ` + each + ` WHERE r.id = x.id`},
	consent.RecordAgent:    {`DELETE FROM agent r USING ` + each + ` WHERE r.id = x.id`},
	consent.RecordSecret:   {`DELETE FROM refresh_token r USING ` + each + ` WHERE r.hash = decode(x.id, 'hex')`},
	consent.RecordIdentity: forgetting(`IN (SELECT x.subject_id FROM ` + each + `)`),
}

func scanPurged(row pgx.CollectableRow) (p consent.Purged, err error) {
	var first, last *time.Time
	err = row.Scan(&p.Count, &first, &last)
	p.First, p.Last = utc(first), utc(last)
	return p, err
}

// PurgeReports are past purges, newest first, each line the sum of its batches.
func (r reader) PurgeReports(ctx context.Context, limit int) (out []consent.PurgeReport, err error) {
	_, err = many(ctx, r, func(row pgx.CollectableRow) (p consent.Purged, err error) {
		var run string
		var at time.Time
		if err = row.Scan(&run, &at, &p.Record, &p.Count, &p.First, &p.Last); err != nil {
			return p, err
		}
		p.First, p.Last = p.First.UTC(), p.Last.UTC()
		if len(out) == 0 || out[len(out)-1].RunID != run {
			out = append(out, consent.PurgeReport{RunID: run, At: at.UTC()})
		}
		last := &out[len(out)-1]
		last.Lines = append(last.Lines, p)
		return p, nil
	}, `SELECT run_id, at, record, sum(removed)::int, min(first_from), max(last_from) FROM purge_batch b
		JOIN (SELECT run_id, at FROM purge_batch GROUP BY run_id, at ORDER BY at DESC, run_id LIMIT $1) runs USING (run_id, at)
		GROUP BY run_id, at, record ORDER BY at DESC, run_id, array_position($2::text[], record)`, limit, consent.Purgeable())
	return out, err
}
