package postgres

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// historyLists are what a history merges, with the columns it is told by. Conditions
// on them reach the tables, each of which has an index in the order of at and key;
// joins are by the other table's primary key.
func historyLists() map[consent.HistorySource]string {
	return map[consent.HistorySource]string{
		consent.FromRequests: `SELECT subject_id, created_at AS at, id AS key, CASE WHEN status = 'cancelled' THEN 'request_closed'
				WHEN status IN ('pending', 'identified') AND expires_at <= @at THEN 'request_lapsed' ELSE 'request' END AS kind,
				client_id, recipient, purpose, id AS ref, data_groups,
				CASE WHEN status IN ('pending', 'identified') AND expires_at <= @at THEN expires_at END AS until,
				0 AS year, 0 AS month, '' AS outcome, '' AS provider_id, false AS attested FROM request`,
		consent.FromRefusals: `SELECT d.subject_id, d.at, d.id AS key, 'refusal' AS kind, r.client_id, r.recipient, r.purpose, d.id AS ref,
				` + noneOfAccess + ` FROM decision d JOIN request r ON r.id = d.request_id WHERE NOT d.allowed`,
		consent.FromEvidence: `SELECT e.subject_id, e.at, e.id AS key, e.kind, g.client_id, g.recipient, g.purpose, g.id AS ref,
				` + noneOfAccess + ` FROM ledger_entry e JOIN consent_grant g ON g.subject_id = e.subject_id AND g.id = e.grant_id
				WHERE e.kind IN ('grant', 'reduction', 'pause', 'resumption', 'withdrawal', 'relinquishment', 'replacement', 'consent_restricted', 'consent_freed')`,
		consent.FromPreviews: `SELECT e.subject_id, e.at, e.id AS key, e.kind, q.client_id, q.recipient, q.purpose, q.id AS ref, q.data_groups,
				NULL::timestamptz AS until, 0 AS year, 0 AS month, '' AS outcome, '' AS provider_id, false AS attested
				FROM ledger_entry e JOIN request q ON q.id = e.request_id WHERE e.kind = 'preview'`,
		consent.FromAccesses: `SELECT a.subject_id, a.opened_at AS at, a.id AS key, CASE a.way WHEN 'comparison' THEN 'comparison' ELSE 'access' END AS kind, a.client_id, a.recipient, g.purpose, g.id AS ref,
				a.data_groups, NULL::timestamptz AS until, a.year, a.month, a.outcome, a.provider_id, a.attestation_code IS NOT NULL AS attested
				FROM access a JOIN consent_grant g ON g.subject_id = a.subject_id AND g.id = a.grant_id`,
		consent.FromExpiries: `SELECT subject_id, expires_at AS at, id AS key, 'expiry' AS kind, client_id, recipient, purpose, id AS ref,
				` + noneOfAccess + ` FROM consent_grant
				WHERE status IN ('active', 'suspended') AND consumed_by IS NULL AND expires_at <= @at`,
	}
}

const noneOfAccess = `'{}'::text[] AS data_groups, NULL::timestamptz AS until, 0 AS year, 0 AS month, '' AS outcome, '' AS provider_id, false AS attested`

// History reads no more of each list than a page may show, then merges them.
func (r reader) History(ctx context.Context, q consent.HistoryQuery) ([]consent.HistoryFact, error) {
	sql, args := historyPage(q)
	out, err := many(ctx, r, scanHistoryFact, sql, args)
	if q.Back {
		slices.Reverse(out)
	}
	return out, err
}

func historyPage(q consent.HistoryQuery) (string, pgx.StrictNamedArgs) {
	where, args := historySpan(q)
	args["at"], args["limit"] = q.At, q.Limit
	if q.From.Key != "" {
		args["from"], args["from_key"] = q.From.At, q.From.Key
	}
	order, sources := `at DESC, source, key DESC`, `at DESC, key DESC`
	if q.Back {
		order, sources = `at, source DESC, key`, `at, key`
	}
	sql, lists := ``, historyLists()
	for source := range consent.HistorySource(len(lists)) {
		if source > 0 {
			sql += ` UNION ALL `
		}
		sql += `(SELECT at, ` + strconv.Itoa(int(source)) + ` AS source, ` + textKey(source) + ` AS key, kind, client_id, recipient, purpose, ref,
			data_groups, until, year, month, outcome, provider_id, attested
			FROM (` + lists[source] + `) AS list WHERE ` + where + beyond(q, source) + ` ORDER BY ` + sources + ` LIMIT @limit)`
	}
	return `SELECT * FROM (` + sql + `) AS history ORDER BY ` + order + ` LIMIT @limit`, args
}

// historySpan is the condition of all pages of a history.
func historySpan(q consent.HistoryQuery) (string, pgx.StrictNamedArgs) {
	args := pgx.StrictNamedArgs{"subject": q.Subject, "since": q.Since, "until": q.Until}
	where := `subject_id = @subject AND at >= @since AND at < @until`
	if q.Party.ClientID != "" {
		where, args["client"] = where+` AND client_id = @client`, q.Party.ClientID
	}
	if q.Party.Recipient != "" {
		where, args["recipient"] = where+` AND recipient = @recipient`, q.Party.Recipient
	}
	return where, args
}

// textKey sorts as the key does.
func textKey(source consent.HistorySource) string {
	if source.InEvidence() {
		return `lpad(key::text, 20, '0')`
	}
	return `key`
}

// beyond is the condition of what follows a place, or precedes it, in one list.
func beyond(q consent.HistoryQuery, source consent.HistorySource) string {
	sign := map[bool]string{false: `<`, true: `>`}[q.Back]
	switch {
	case q.From.Key == "":
		return ``
	case source == q.From.Source && source.InEvidence():
		return ` AND (at, key) ` + sign + ` (@from, @from_key::text::bigint)`
	case source == q.From.Source:
		return ` AND (at, key) ` + sign + ` (@from, @from_key)`
	case (source > q.From.Source) != q.Back: // what it has at that instant is still to come
		return ` AND at ` + sign + `= @from`
	}
	return ` AND at ` + sign + ` @from`
}

func scanHistoryFact(row pgx.CollectableRow) (f consent.HistoryFact, err error) {
	var names []string
	var until *time.Time
	err = row.Scan(&f.At, &f.Source, &f.Key, &f.Kind, &f.Party.ClientID, &f.Party.Recipient, &f.Purpose, &f.Ref,
		&names, &until, &f.Period.Year, &f.Period.Month, &f.Outcome, &f.ProviderID, &f.Attested)
	f.At, f.Groups, f.Until = f.At.UTC(), groupsOf(names), utc(until)
	return f, err
}
