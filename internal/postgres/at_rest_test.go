package postgres_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
)

func keys(t *testing.T, first byte) postgres.Keys {
	t.Helper()
	master := make([]byte, 32)
	master[0] = first
	k, err := postgres.NewKeys(master)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func open(t *testing.T, url string, k postgres.Keys) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), postgres.Config{URL: url, MaxConns: 8, Keys: k})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// plain is a second connection that sees the tables as a thief would.
func plain(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// dump is every row of every table as text.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	var out strings.Builder
	for _, table := range column(t, db, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`) {
		for _, row := range column(t, db, fmt.Sprintf(`SELECT t::text FROM %q t`, table)) {
			out.WriteString(table + " " + row + "\n")
		}
	}
	return out.String()
}

func column(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func TestAStolenDatabaseNamesNobodyAndOpensNothing(t *testing.T) {
	url := pgtest.URL(t)
	w := consenttest.NewWorldOn(t, open(t, url, keys(t, 1)))
	_, r := w.Granted(t, w.Push())
	code := w.Code(t, r)
	issued, err := w.Service.RedeemCode(t.Context(), w.Redemption(code))
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, url, keys(t, 1))
	session, err := db.OpenSession(t.Context(), consent.Session{Browser: "b", Subject: w.Viewer.Subject, IDToken: "id-token-of-angela", CreatedAt: consenttest.Start, SeenAt: consenttest.Start})
	if err != nil {
		t.Fatal(err)
	}
	contact := w.WithAddress(t, db, w.Viewer.Subject, "angela@example.org")
	if err := w.Service.LeaveAddress(t.Context(), consent.Contact{Subject: w.Viewer.Subject, Address: "angela@example.com", Language: "fr", Kinds: consent.NoticeKinds()}); err != nil {
		t.Fatal(err)
	}
	mails, err := db.ClaimMails(t.Context(), w.Clock.Now(), w.Clock.Now(), 1) // still there, with a link
	if err != nil || len(mails) != 1 {
		t.Fatal(len(mails), err)
	}
	if _, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightErasure, "words of angela"); err != nil {
		t.Fatal(err)
	}
	agent := w.Agent(t, consent.RolePlatformDPO)
	search := func(context.Context, consent.Reader, consent.Scope) (consent.SubjectID, error) {
		return w.Viewer.Subject, nil
	}
	if _, err := w.Service.LookUp(t.Context(), agent, consent.LookupByNumber, "words of the officer", search); err != nil {
		t.Fatal(err)
	}
	agentSession, err := db.OpenAgentSession(t.Context(), consent.AgentSession{Agent: agent, IDToken: "id-token-of-the-officer", CreatedAt: consenttest.Start, SeenAt: consenttest.Start})
	if err != nil {
		t.Fatal(err)
	}
	paper := w.Attested(t, "novembre 2026", "8675309", "DUBOIS Angela")
	stolen := dump(t, plain(t, url))
	if !strings.Contains(stolen, string(w.Viewer.Subject)) {
		t.Fatal("the dump is not a dump")
	}
	angela := consenttest.Angela()
	for _, secret := range []string{angela.Identity.FamilyName, angela.Identity.GivenNames[0], angela.Identity.Birthdate, "75107", angela.Subject, code, issued.RefreshToken, session, "id-token-of-angela", "words of angela", "angela@example", "example.com", contact.Unsubscribe, mails[0].To.Unsubscribe, mails[0].Token,
		agent.Email, agent.UsualName, consenttest.AgentOf(agent).Subject, "words of the officer", agentSession, "id-token-of-the-officer",
		paper.Printed(), strings.ReplaceAll(paper.Printed(), "-", ""), "8675309", "novembre 2026"} {
		for _, form := range []string{secret, fmt.Sprintf("%x", secret)} {
			if strings.Contains(stolen, form) {
				t.Errorf("the database holds %q in the clear", form)
			}
		}
	}
}

func TestAnotherMasterKeyOpensNoIdentity(t *testing.T) {
	url := pgtest.URL(t)
	w := consenttest.NewWorldOn(t, open(t, url, keys(t, 1)))
	if _, err := open(t, url, keys(t, 2)).Identity(t.Context(), w.Viewer.Subject); err == nil {
		t.Error("an identity opened under another master key")
	}
}

func TestAnIdentityMovedToAnotherCitizenDoesNotOpen(t *testing.T) {
	url := pgtest.URL(t)
	store := open(t, url, keys(t, 1))
	w := consenttest.NewWorldOn(t, store)
	other := w.SignIn(t, consenttest.Pierre())
	if _, err := plain(t, url).Exec(`UPDATE subject SET (wrapped_key, identity) = (SELECT wrapped_key, identity FROM subject WHERE id = $1) WHERE id = $2`, w.Viewer.Subject, other); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Identity(t.Context(), other); err == nil {
		t.Error("a swapped row opened")
	}
}

func TestTheSameIdentityIsNeverEncryptedAlike(t *testing.T) {
	url := pgtest.URL(t)
	w := consenttest.NewWorldOn(t, open(t, url, keys(t, 1)))
	read := func() (sealed []byte) {
		if err := plain(t, url).QueryRow(`SELECT identity FROM subject WHERE id = $1`, w.Viewer.Subject).Scan(&sealed); err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	first := read()
	w.SignIn(t, consenttest.Angela())
	if bytes.Equal(first, read()) {
		t.Error("two encryptions of one identity are equal: the nonce is reused")
	}
}

func TestEvidenceIsNeverChanged(t *testing.T) {
	url := pgtest.URL(t)
	w := consenttest.NewWorldOn(t, open(t, url, keys(t, 1)))
	w.Granted(t, w.Push())
	db := plain(t, url)
	for _, table := range []string{"decision", "ledger_entry", "outbox_event", "consent_text"} {
		for _, change := range []string{"DELETE FROM " + table, "TRUNCATE " + table + " CASCADE", "UPDATE " + table + " SET " + firstColumn(t, db, table)} {
			if _, err := db.Exec(change); err == nil {
				t.Errorf("%s: done", change)
			}
		}
	}
}

func firstColumn(t *testing.T, db *sql.DB, table string) string {
	name := column(t, db, `SELECT column_name FROM information_schema.columns WHERE table_name = '`+table+`' AND is_identity = 'NO' ORDER BY ordinal_position LIMIT 1`)[0]
	return name + " = " + name
}

func TestConstraintsAreTheSecondLock(t *testing.T) {
	url := pgtest.URL(t)
	w := consenttest.NewWorldOn(t, open(t, url, keys(t, 1)))
	w.Attested(t, "4 270")
	db := plain(t, url)
	for _, change := range []string{
		`UPDATE consent_grant SET status = 'forgotten'`,
		`UPDATE consent_grant SET status = 'withdrawn'`,
		`UPDATE consent_grant SET consumed_by = 'access'`,
		`UPDATE access SET attestation_code = NULL`,
		`UPDATE access SET attestation_code = sha256('x'), attestation_lines = sha256('x')`,
		`UPDATE access SET outcome = 'verified', attestation_code = sha256('x'), attestation_lines = decode(repeat('00', 256), 'hex')`,
		`UPDATE consent_grant SET data_groups = '{}'`,
		`UPDATE consent_grant SET expires_at = created_at + interval '3 years'`,
		`UPDATE request SET grant_id = NULL`,
		`UPDATE request SET status = 'refused'`,
		`UPDATE access_token SET expires_at = issued_at + interval '1 hour'`,
		`UPDATE access_token SET status_index = 1048576`,
		`UPDATE client SET siret = '123'`,
		`UPDATE client SET auth_method = 'none'`,
		`UPDATE subject_lookup SET lookup = 'short'`,
	} {
		if result, err := db.Exec(change); err == nil {
			rows, _ := result.RowsAffected()
			t.Errorf("%s: accepted for %d rows", change, rows)
		}
	}
}

func TestAnUnmigratedDatabaseIsRefused(t *testing.T) {
	url := pgtest.URL(t)
	if _, err := plain(t, url).Exec(`DROP TABLE goose_db_version`); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Open(t.Context(), postgres.Config{URL: url, MaxConns: 2})
	if err == nil || !strings.Contains(err.Error(), "portal migrate") {
		t.Errorf("got %v", err)
	}
}

func TestSeveralMigratorsAtOnceAndAgainAreFine(t *testing.T) {
	url := pgtest.URL(t)
	if _, err := plain(t, url).Exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public`); err != nil {
		t.Fatal(err)
	}
	failures := make(chan error, 3)
	for range cap(failures) {
		go func() { failures <- postgres.Migrate(context.Background(), url) }()
	}
	for range cap(failures) {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
	if err := open(t, url, keys(t, 1)).Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
