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

// crowd gives one citizen 500 consents among 30,000 of others.
const crowd = `INSERT INTO consent_grant (id, subject_id, client_id, sub, request_id, data_type, location, data_groups, purpose, recipient, access_mode,
		ends_on, status, acr, created_at, expires_at)
	SELECT 'g' || n, CASE WHEN n <= 500 THEN 'citizen' ELSE 'other' || n / 5 END, 'mairie-lisiere', 'sub', 'r' || n, 'quotient_familial', 'location',
		'{quotient_familial}', 'tarification-cantine', '21990012300015', 'continuous', '2027-08-31', 'active', 'eidas1',
		$1::timestamptz - n * interval '1 minute', $1::timestamptz + n * interval '10 minutes'
	FROM generate_series(1, 30500) AS n`

// A page of consents is read from an index, in order, and no further than its end.
func TestAPageOfConsentsReadsOnlyWhatItShows(t *testing.T) {
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	if err := db.PutClient(t.Context(), consenttest.TownHall()); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), crowd, consenttest.Start); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "ANALYZE consent_grant"); err != nil {
		t.Fatal(err)
	}
	from := consent.Grant{ID: "g250", CreatedAt: consenttest.Start.Add(-250 * time.Minute), ExpiresAt: consenttest.Start.Add(2500 * time.Minute)}
	for name, q := range map[string]consent.GrantQuery{
		"newest": {}, "next": {From: from}, "previous": {From: from, Back: true},
		"by end": {ByEnd: true}, "by end, next": {ByEnd: true, From: from}, "by end, previous": {ByEnd: true, From: from, Back: true},
		"ending soon": {ByEnd: true, Until: consenttest.Start.Add(consent.SoonOver)},
	} {
		q.Subject, q.At, q.Limit = "citizen", consenttest.Start, 21
		sql, args := postgres.GrantPage(q)
		plan := explained(t, conn, sql, args)
		if !strings.Contains(plan, " using consent_grant_") || strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Sort") || !strings.Contains(plan, "rows=21") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

// A page of a batch of 20,000 families is read from its index, from where the page
// before ended.
func TestAPageOfABatchReadsOnlyWhatItShows(t *testing.T) {
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	if err := db.PutClient(t.Context(), consenttest.TownHall()); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), crowd, consenttest.Start); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "ANALYZE consent_grant"); err != nil {
		t.Fatal(err)
	}
	sql, args := postgres.ClientGrantPage(consent.ClientGrantQuery{
		ClientID: consenttest.TownHall().ID, DataType: "quotient_familial", Location: "location", At: consenttest.Start, After: "g15", Limit: 100,
	})
	if plan := explained(t, conn, sql, args); !strings.Contains(plan, " using consent_grant_client") || strings.Contains(plan, "Sort") || !strings.Contains(plan, "rows=100") {
		t.Error(plan)
	}
}

// explained runs a statement and tells how the database read it.
func explained(t *testing.T, conn *pgx.Conn, sql string, args ...any) string {
	t.Helper()
	rows, err := conn.Query(t.Context(), "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) "+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
