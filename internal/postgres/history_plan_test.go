package postgres_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
)

// A long life: of each list that a history merges, 2,000 things of one citizen among
// 8,000 of others; n-th things are n minutes old.
const longLife = `
	CREATE TEMPORARY TABLE person AS SELECT n, CASE WHEN n % 5 = 0 THEN 'citizen' ELSE 'other' || n / 5 END AS id, $1::timestamptz - n * interval '1 minute' AS at
		FROM generate_series(1, 10000) AS n;
	INSERT INTO request (id, uri_hash, uri_expires_at, expires_at, created_at, client_id, data_type, location, data_groups, purpose, recipient, access_mode, ends_on,
		redirect_uri, state, code_challenge, language, force_prompt, status, subject_id)
	SELECT 'r' || n, sha256(n::text::bytea), at + interval '1 minute', at + interval '30 minutes', at, 'mairie-lisiere', 'quotient_familial', 'location',
		'{quotient_familial}', 'tarification-cantine', '21990012300015', 'continuous', '2027-08-31', '', '', repeat('x', 43), 'fr', false, 'refused', id FROM person;
	INSERT INTO consent_text VALUES (sha256('text'), 'fr', 'text');
	INSERT INTO decision (id, subject_id, request_id, client_id, allowed, data_groups, text_hash, text_version, acr, at)
	SELECT 'd' || n, id, 'r' || n, 'mairie-lisiere', false, '{}', sha256('text'), 1, '', at FROM person;
	INSERT INTO consent_grant (id, subject_id, client_id, sub, request_id, data_type, location, data_groups, purpose, recipient, access_mode,
		ends_on, status, acr, created_at, expires_at)
	SELECT 'g' || n, id, 'mairie-lisiere', 'sub', 'r' || n, 'quotient_familial', 'location',
		'{quotient_familial}', 'tarification-cantine', '21990012300015', 'continuous', '2027-08-31', 'active', 'eidas1', at - interval '1 hour', at FROM person;
	INSERT INTO access (id, subject_id, grant_id, client_id, recipient, token_id, data_set, data_groups, year, month, opened_at, closed_at, outcome)
	SELECT 'a' || n, id, 'g' || n, 'mairie-lisiere', '21990012300015', '', '', '{quotient_familial}', 2026, 11, at, at, 'released' FROM person;
	INSERT INTO ledger_entry (at, kind, subject_id, client_id, ref, request_id, grant_id)
	SELECT at, kind, id, 'mairie-lisiere', 'g' || n, 'r' || n, 'g' || n FROM person, unnest(ARRAY['token', 'access', 'outcome', 'pause', 'preview']) AS kind ORDER BY n DESC;
	ANALYZE request, decision, consent_grant, access, ledger_entry;`

var (
	rowsRead = regexp.MustCompile(`rows=(\d+)`)
	dropped  = regexp.MustCompile(`Removed by Filter: (\d+)`)
)

// A page of a history reads of each list what one page may show, and no more.
func TestAPageOfHistoryReadsOnlyWhatItMayShow(t *testing.T) {
	url := pgtest.URL(t)
	if err := pgtest.Open(t, url).PutClient(t.Context(), consenttest.TownHall()); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for statement := range strings.SplitSeq(strings.ReplaceAll(longLife, "$1", "'"+consenttest.Start.Format(time.RFC3339)+"'"), ";") {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	middle := consent.HistoryPlace{At: consenttest.Start.Add(-5000 * time.Minute), Source: consent.FromEvidence, Key: consent.EvidenceKey(20000)}
	for name, q := range map[string]consent.HistoryQuery{
		"newest": {}, "next": {From: middle}, "previous": {From: middle, Back: true},
		"of a day": {Since: consenttest.Start.Add(-6000 * time.Minute), Until: consenttest.Start.Add(-4560 * time.Minute)},
		"of one":   {Party: consent.Party{ClientID: "mairie-lisiere", Recipient: "21990012300015"}},
	} {
		q.Subject, q.At, q.Limit = "citizen", consenttest.Start, 31
		if q.Since.IsZero() {
			q.Since, q.Until = consenttest.Start.AddDate(-3, 0, 0), consenttest.Start.Add(time.Hour)
		}
		sql, args := postgres.HistoryPage(q)
		plan := explained(t, conn, sql, args)
		if most := largest(rowsRead, plan); strings.Contains(plan, "Seq Scan") || most < 31 || most > 6*31 || largest(dropped, plan) > 31 {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
	plan := explained(t, conn, postgres.Askers, "citizen", 300)
	if strings.Contains(plan, "Seq Scan") || largest(rowsRead, plan) > 1 {
		t.Errorf("who asked:\n%s", plan)
	}
}

func largest(number *regexp.Regexp, plan string) (most int) {
	for _, match := range number.FindAllStringSubmatch(plan, -1) {
		n, _ := strconv.Atoi(match[1]) // digits
		most = max(most, n)
	}
	return most
}
