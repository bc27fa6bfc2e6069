package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
)

// A year of one authority's is 20,000 of each fact; as many are others'.
const longYear = `
	CREATE TEMPORARY TABLE fact AS SELECT n, 'person' || n / 5 AS id, $1::timestamptz - n * interval '25 minutes' AS at,
		CASE WHEN n % 2 = 0 THEN '21990012300015' ELSE '21990013100018' END AS recipient FROM generate_series(1, 40000) AS n;
	INSERT INTO request (id, uri_hash, uri_expires_at, expires_at, created_at, client_id, data_type, location, data_groups, purpose, recipient, access_mode, ends_on,
		redirect_uri, state, code_challenge, language, force_prompt, status, subject_id)
	SELECT 'r' || n, sha256(n::text::bytea), at + interval '1 minute', at + interval '30 minutes', at, 'mairie-lisiere', 'quotient_familial', 'location',
		'{quotient_familial}', 'tarification-cantine', recipient, 'continuous', '2027-08-31', '', '', repeat('x', 43), 'fr', false, 'refused', id FROM fact;
	INSERT INTO consent_text VALUES (sha256('text'), 'fr', 'text');
	INSERT INTO decision (id, subject_id, request_id, client_id, allowed, data_groups, text_hash, text_version, acr, at)
	SELECT 'd' || n, id, 'r' || n, 'mairie-lisiere', false, '{}', sha256('text'), 1, '', at FROM fact;
	INSERT INTO consent_grant (id, subject_id, client_id, sub, request_id, data_type, location, data_groups, purpose, recipient, access_mode,
		ends_on, status, acr, created_at, expires_at, withdrawn_at)
	SELECT 'g' || n, id, 'mairie-lisiere', 'sub', 'r' || n, 'quotient_familial', 'location', '{quotient_familial}', 'tarification-cantine', recipient, 'continuous',
		'2027-08-31', 'withdrawn', 'eidas1', at - interval '1 hour', at + interval '1 hour', at FROM fact;
	INSERT INTO access (id, subject_id, grant_id, client_id, recipient, token_id, data_set, data_groups, year, month, opened_at, closed_at, outcome)
	SELECT 'a' || n, id, 'g' || n, 'mairie-lisiere', recipient, '', '', '{quotient_familial}', 2026, 11, at, at, 'released' FROM fact;
	ANALYZE request, decision, consent_grant, access;`

// One month of an authority is read from the indexes of that authority and instant: what
// others did, or the rest of the year, costs it nothing.
func TestAMonthsStatisticsReadThatMonth(t *testing.T) {
	url := pgtest.URL(t)
	if err := pgtest.Open(t, url).PutClient(t.Context(), consenttest.TownHall()); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for statement := range strings.SplitSeq(strings.ReplaceAll(longYear, "$1", "'"+consenttest.Start.Format(time.RFC3339)+"'"), ";") {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	month := consent.LastCounted(consenttest.Start)
	sql, args := postgres.Tallies(consent.StatisticsQuery{Recipient: consenttest.TownHall().SIRET, Since: month.Start(), Until: month.AddMonths(1).Start()})
	plan := explained(t, conn, sql, args)
	for _, index := range []string{"request_recipient", "consent_grant_recipient", "consent_grant_withdrawn", "decision_refused_by", "access_recipient"} {
		if !strings.Contains(plan, index) {
			t.Errorf("%s is not used", index)
		}
	}
	for _, table := range []string{"request", "decision", "access"} { // whether to look consents up or to hash them is the planner's to choose
		if strings.Contains(plan, "Seq Scan on "+table) {
			t.Errorf("%s is read whole", table)
		}
	}
	if t.Failed() {
		t.Log(plan)
	}
	plan = explained(t, conn, postgres.AccessDaysOf, []consent.SIRET{consenttest.TownHall().SIRET}, month.Start(), month.AddMonths(1).Start())
	if !strings.Contains(plan, "access_recipient") || strings.Contains(plan, "Seq Scan on access") {
		t.Errorf("days:\n%s", plan)
	}
}
