package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// firstGrantDigest is how consents were hashed before withdrawals had a reason.
const firstGrantDigest = `sha256(convert_to(jsonb_build_object('id', id, 'subject', subject_id, 'client', client_id, 'sub', sub, 'request', request_id, 'type', data_type,
	'location', location, 'groups', data_groups, 'purpose', purpose, 'recipient', recipient, 'access', access_mode, 'ends_on', to_char(ends_on, 'YYYY-MM-DD'), 'status', status,
	'acr', acr, 'auth_time', to_char(auth_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'created', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
	'expires', to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'withdrawn', to_char(withdrawn_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
	'paused', to_char(paused_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))::text, 'UTF8'))`

// What was hashed before a member came is hashed alike after.
func TestAConsentWithoutAReasonIsHashedAsItAlwaysWas(t *testing.T) {
	e := newEvidence(t)
	for why, want := range map[consent.Reason]bool{consent.Unsaid: true, consent.ByMistake: false} {
		g, _ := e.Granted(t, e.Push())
		if _, err := e.Service.Withdraw(t.Context(), g.Subject, g.ID, why); err != nil {
			t.Fatal(err)
		}
		if got := e.hashedAs(t, firstGrantDigest, "consent_grant", g.ID); got != want {
			t.Errorf("%q: %v", why, got)
		}
	}
}

// hashedAs tells whether the newest entry of a row holds a digest of the row as it is now.
func (e *evidence) hashedAs(t *testing.T, digest, table, id string) (alike bool) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), e.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	err = conn.QueryRow(t.Context(), `SELECT fact = (SELECT `+digest+` FROM `+table+` WHERE id = $1) FROM ledger_entry
		WHERE ref = $1 ORDER BY id DESC LIMIT 1`, id).Scan(&alike)
	if err != nil {
		t.Fatal(err)
	}
	return alike
}

// firstAccessDigest is how accesses were hashed before they told who consulted.
const firstAccessDigest = `sha256(convert_to(jsonb_build_object('id', id, 'subject', subject_id, 'grant', grant_id, 'client', client_id, 'recipient', recipient, 'token', token_id,
	'provider', provider_id, 'set', data_set, 'groups', data_groups, 'year', year, 'month', month, 'opened', to_char(opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
	'closed', to_char(closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'outcome', outcome, 'upstream', provider_request_id)::text, 'UTF8'))`

func TestAnAccessByNobodyInParticularIsHashedAsItAlwaysWas(t *testing.T) {
	e := newEvidence(t)
	issued := e.Issued(t, e.Push())
	for by, want := range map[consent.ConsultedBy]bool{{}: true, {Agent: "agent-4812"}: false, {Service: "cantine"}: false} {
		call := e.Call(issued)
		call.By = by
		opened, err := e.Service.AuthorizeAccess(t.Context(), call)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.hashedAs(t, firstAccessDigest, "access", opened.Access.ID); got != want {
			t.Errorf("%+v: %v", by, got)
		}
	}
}
