package postgres_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
	"portail.example/internal/postgres/pgtest"
)

// What an owner of the database could do, and the SQL that finds the first entry that
// must be named; empty when what was added has no entry at all.
const (
	third       = `SELECT id FROM ledger_entry ORDER BY id OFFSET 2 LIMIT 1`
	newest      = `SELECT max(id) FROM ledger_entry`
	ofDecision  = `SELECT max(e.id) FROM ledger_entry e WHERE e.ref = (SELECT min(id) FROM decision)`
	ofGrant     = `SELECT max(e.id) FROM ledger_entry e WHERE e.kind <> 'decision' AND e.ref = (SELECT id FROM consent_grant WHERE status = 'withdrawn')`
	ofOnce      = `SELECT max(e.id) FROM ledger_entry e WHERE e.ref = (SELECT id FROM consent_grant WHERE access_mode = 'once')`
	ofAccess    = `SELECT max(e.id) FROM ledger_entry e WHERE e.ref = (SELECT id FROM access WHERE outcome = 'released')`
	ofBatch     = `SELECT max(e.id) FROM ledger_entry e WHERE e.ref = (SELECT id FROM access WHERE way = 'batch')`
	ofToken     = `SELECT max(e.id) FROM ledger_entry e WHERE e.ref = (SELECT min(id) FROM access_token)`
	ofRegistry  = `SELECT max(e.id) FROM ledger_entry e WHERE e.ref = '404'`
	ofRights    = `SELECT id FROM ledger_entry WHERE kind = 'rights_request'`
	ofExport    = `SELECT id FROM ledger_entry WHERE kind = 'export'`
	ofReplay    = `SELECT id FROM ledger_entry WHERE kind = 'tokens_revoked'`
	ofLookup    = `SELECT id FROM ledger_entry WHERE kind = 'lookup'`
	ofReport    = `SELECT id FROM ledger_entry WHERE kind = 'report'`
	ofMessage   = `SELECT id FROM ledger_entry WHERE kind = 'rights_message'`
	ofLifted    = `SELECT id FROM ledger_entry WHERE kind = 'legal_hold_lifted'`
	ofTaken     = `SELECT id FROM ledger_entry WHERE kind = 'evidence_taken'`
	ofText      = `SELECT min(e.id) FROM ledger_entry e WHERE e.text_hash IS NOT NULL`
	oneDecision = ` WHERE id = (SELECT min(id) FROM decision)`
	withdrawn   = ` WHERE status = 'withdrawn'`
	released    = ` WHERE outcome = 'released'`
	oneToken    = ` WHERE id = (SELECT min(id) FROM access_token)`
)

var edits = []struct{ sql, first string }{
	{`UPDATE ledger_entry SET at = at - interval '1 day' WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET kind = 'pause' WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET subject_id = 'x' WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET client_id = 'x' WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET ref = 'x' WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET request_id = 'x' WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET grant_id = 'x' WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET text_hash = sha256('x') WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET fact = sha256('x') WHERE id = (` + third + `)`, third},
	{`UPDATE ledger_entry SET fact = NULL WHERE id = (` + newest + `)`, newest},
	{`DELETE FROM ledger_entry WHERE id = (` + third + `)`, third},
	{`DELETE FROM ledger_entry WHERE id = (` + newest + `)`, newest},
	{`DELETE FROM ledger_entry`, `SELECT min(id) FROM ledger_entry`},
	{`INSERT INTO ledger_entry (at, kind, subject_id, client_id, ref, request_id, grant_id, tx) VALUES (now(), 'export', '', '', 'x', '', '', '1')`, `SELECT max(id) + 1 FROM ledger_entry`},
	{`UPDATE ledger_leaf SET index = index + 1000 WHERE entry_id = (` + newest + `)`, newest},
	{`UPDATE ledger_leaf SET entry_id = entry_id + 1000 WHERE entry_id = (` + third + `)`, `SELECT id + 1000 FROM ledger_entry ORDER BY id OFFSET 2 LIMIT 1`},
	{`DELETE FROM ledger_leaf WHERE entry_id = (` + third + `)`, `SELECT id FROM ledger_entry ORDER BY id OFFSET 3 LIMIT 1`},
	{`UPDATE ledger_hash SET hash = sha256('x') WHERE index = 0`, `SELECT min(id) FROM ledger_entry`},
	{`UPDATE ledger_hash SET hash = sha256('x') WHERE index = 2`, `SELECT min(id) + 1 FROM ledger_entry`},
	{`DELETE FROM ledger_hash WHERE index = 0`, `SELECT min(id) FROM ledger_entry`},
	{`WITH a AS (DELETE FROM ledger_entry WHERE id = (` + newest + `)), b AS (DELETE FROM ledger_leaf WHERE entry_id = (` + newest + `)), c AS (DELETE FROM ledger_checkpoint)
		UPDATE ledger_head SET size = size - 1`, ``},
	{`UPDATE ledger_head SET size = size + 1`, ``},

	{`UPDATE decision SET request_id = 'x'` + oneDecision, ofDecision},
	{`UPDATE decision SET client_id = 'x'` + oneDecision, ofDecision},
	{`UPDATE decision SET data_groups = '{quotient_familial}'` + oneDecision, ofDecision},
	{`UPDATE decision SET allowed = false, data_groups = '{}'` + oneDecision, ofDecision},
	{`UPDATE decision SET ends_on = '2027-01-01'` + oneDecision, ofDecision},
	{`UPDATE decision SET text_hash = sha256('x')` + oneDecision, ofDecision},
	{`UPDATE decision SET text_version = 9` + oneDecision, ofDecision},
	{`UPDATE decision SET acr = 'eidas3'` + oneDecision, ofDecision},
	{`UPDATE decision SET auth_time = auth_time - interval '1 second'` + oneDecision, ofDecision},
	{`UPDATE decision SET at = at - interval '1 microsecond'` + oneDecision, ofDecision},
	{`DELETE FROM decision` + oneDecision, ofDecision},
	{`INSERT INTO decision SELECT 'x', subject_id, request_id, client_id, allowed, data_groups, ends_on, text_hash, text_version, acr, auth_time, at FROM decision LIMIT 1`, ``},

	{`UPDATE consent_grant SET status = 'active', withdrawn_at = NULL, withdrawal_reason = ''` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET withdrawn_at = withdrawn_at + interval '1 day'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET withdrawal_reason = ''` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET withdrawal_reason = 'too_much'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET data_groups = data_groups || '{adresse}'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET purpose = 'x'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET recipient = '21990013100018'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET client_id = 'transports-source'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET sub = 'x'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET location = 'x'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET ends_on = ends_on + 1` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET expires_at = expires_at + interval '1 day'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET acr = 'eidas3'` + withdrawn, ofGrant},
	{`UPDATE consent_grant SET access_mode = 'continuous', consumed_by = NULL WHERE access_mode = 'once'`, ofOnce},
	{`UPDATE consent_grant SET watch = true` + withdrawn, ofGrant},
	{`DELETE FROM consent_grant` + withdrawn, ofGrant},

	{`UPDATE access SET data_groups = '{quotient_familial}'` + released, ofAccess},
	{`UPDATE access SET recipient = 'x'` + released, ofAccess},
	{`UPDATE access SET agent_ref = 'x'` + released, ofAccess},
	{`UPDATE access SET agent_service = 'x'` + released, ofAccess},
	{`UPDATE access SET client_id = 'x'` + released, ofAccess},
	{`UPDATE access SET month = 1` + released, ofAccess},
	{`UPDATE access SET opened_at = opened_at - interval '1 day'` + released, ofAccess},
	{`UPDATE access SET closed_at = closed_at + interval '1 day'` + released, ofAccess},
	{`UPDATE access SET provider_request_id = 'x'` + released, ofAccess},
	{`UPDATE access SET attestation_code = sha256('x')` + released, ofAccess},
	{`UPDATE access SET attestation_lines = sha256('x') || substring(attestation_lines FROM 33)` + released, ofAccess},
	{`UPDATE access SET attestation_code = NULL, attestation_lines = NULL` + released, ofAccess},
	{`UPDATE access SET outcome = 'refused', attestation_code = NULL, attestation_lines = NULL` + released, ofAccess},
	{`DELETE FROM access` + released, ofAccess},
	{`UPDATE access SET way = '' WHERE way = 'batch'`, ofBatch},
	{`UPDATE access SET way = 'comparison' WHERE way = 'batch'`, ofBatch},
	{`UPDATE access SET way = 'batch', token_id = ''` + released, ofAccess},

	{`UPDATE access_token SET status_index = (status_index + 1) % 1048576` + oneToken, ofToken},
	{`UPDATE access_token SET expires_at = expires_at + interval '1 second'` + oneToken, ofToken},
	{`DELETE FROM access_token` + oneToken, ofToken},
	{`UPDATE habilitation SET revoked = false`, ofRegistry},
	{`DELETE FROM habilitation`, ofRegistry},

	{`UPDATE rights_request SET kind = 'erasure'`, ofRights},
	{`UPDATE rights_request SET message = message || '\x00'`, ofRights},
	{`UPDATE rights_request SET asked_at = asked_at - interval '1 day'`, ofRights},
	{`UPDATE rights_request SET due_on = due_on + 30`, ofRights},
	{`UPDATE rights_request SET state = 'answered', closed_at = now()`, ofRights},
	{`UPDATE rights_request SET subject_id = 'x'`, ofRights},
	{`DELETE FROM rights_request`, ofRights},
	{`INSERT INTO rights_request SELECT 'x', subject_id, kind, message, state, asked_at, due_on, closed_at FROM rights_request`, ``},
	{`UPDATE ledger_entry SET subject_id = 'x' WHERE kind = 'export'`, ofExport},
	{`DELETE FROM ledger_entry WHERE kind = 'export'`, ofExport},

	{`UPDATE consent_grant SET consumed_by = NULL WHERE access_mode = 'once'`, ofAccess},
	{`UPDATE consent_grant SET consumed_by = (SELECT id FROM access WHERE outcome = 'no_file') WHERE access_mode = 'once'`, ofAccess},
	{`UPDATE consent_grant SET consumed_by = 'x' WHERE access_mode = 'once'`, ofAccess},
	{`UPDATE token_family SET revoked_at = NULL WHERE revoked_at IS NOT NULL`, ofReplay},
	{`UPDATE token_family SET revoked_at = revoked_at + interval '1 hour' WHERE revoked_at IS NOT NULL`, ofReplay},
	{`DELETE FROM token_family WHERE revoked_at IS NOT NULL`, ofReplay},
	{`UPDATE token_family SET revoked_at = now() WHERE revoked_at IS NULL`, ``},
	{`UPDATE agent_lookup SET agent_id = 'x'`, ofLookup},
	{`UPDATE agent_lookup SET reason = reason || '\x00'`, ofLookup},
	{`UPDATE agent_lookup SET kind = 'number'`, ofLookup},
	{`UPDATE agent_lookup SET subject_id = ''`, ofLookup},
	{`UPDATE agent_lookup SET at = at - interval '1 day'`, ofLookup},
	{`DELETE FROM agent_lookup`, ofLookup},
	{`UPDATE report SET agent_id = 'x'`, ofReport},
	{`UPDATE report SET authority = '21990012300015'`, ofReport},
	{`UPDATE report SET since = '2026-01-01'`, ofReport},
	{`UPDATE report SET asked_at = asked_at - interval '1 day'`, ofReport},
	{`DELETE FROM report`, ofReport},
	{`UPDATE rights_message SET kind = 'answer'`, ofMessage},
	{`UPDATE rights_message SET agent_id = 'x'`, ofMessage},
	{`UPDATE rights_message SET sealed = sealed || '\x00'`, ofMessage},
	{`UPDATE rights_message SET request_id = 'x'`, ofMessage},
	{`UPDATE rights_message SET at = at - interval '1 day'`, ofMessage},
	{`DELETE FROM rights_message`, ofMessage},
	{`UPDATE ledger_entry SET ref = 'x' WHERE kind = 'evidence_taken'`, ofTaken},
	{`DELETE FROM ledger_entry WHERE kind = 'evidence_taken'`, ofTaken},

	{`UPDATE legal_hold SET lifted_why = 'x'`, ofLifted},
	{`UPDATE legal_hold SET lifted_why = ''`, ofLifted},
	{`UPDATE legal_hold SET lifted_by = 'x'`, ofLifted},
	{`UPDATE legal_hold SET lifted_by = '', lifted_at = NULL`, ofLifted},
	{`UPDATE consent_text SET text = text || '!'`, ofText},
	{`UPDATE consent_text SET language = 'xx'`, ofText},
	{`UPDATE consent_text SET text = '', own = true`, ofText},
}

// Every edit is detected, and the first bad entry is named.
func TestTamperingIsDetected(t *testing.T) {
	if len(edits) < 50 {
		t.Errorf("%d edits", len(edits))
	}
	lived := newEvidence(t)
	lived.live(t)
	lived.answer(t)
	lived.settle(t)
	lived.db.Close()
	for _, edit := range edits {
		t.Run(edit.sql, func(t *testing.T) {
			t.Parallel()
			e := *lived
			e.url = pgtest.Clone(t, lived.url)
			e.db = pgtest.Open(t, e.url)
			want := e.number(t, edit.first)
			e.tampered(t, edit.sql)
			report, err := e.verify(t)
			fault, ok := errors.AsType[ledger.Fault](err)
			if !ok || fault.Entry != want {
				t.Errorf("%+v: %v, want entry %d", report, err, want)
			}
		})
	}
}

// answer is the officer's side: the citizen is looked up, reported on, held and let go,
// and written to, and the evidence taken away.
func (e *evidence) answer(t *testing.T) {
	t.Helper()
	agent, who := e.Agent(t, consent.RolePlatformDPO), consenttest.Angela().Identity
	l, err := e.Service.FindPerson(t.Context(), agent, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "demande du 3 mars")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Service.OrderReport(t.Context(), agent, l.ID, consent.Date{}, consent.Date{}); err != nil {
		t.Fatal(err)
	}
	asked, err := e.Service.RightsRequests(t.Context(), e.Viewer.Subject)
	if err != nil {
		t.Fatal(err)
	}
	hold, err := e.Service.HoldFor(t.Context(), agent, asked[0].ID, "dossier 12")
	if err == nil {
		_, err = e.Service.EndHold(t.Context(), agent, asked[0].ID, hold.ID, "jugement rendu")
	}
	if err == nil {
		err = e.Service.TakeEvidence(t.Context(), agent)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Service.WriteRight(t.Context(), agent, asked[0].ID, consent.RightsNews, "Nous cherchons."); err != nil {
		t.Fatal(err)
	}
}

// number is the entry that a query finds, zero without one.
func (e *evidence) number(t *testing.T, sql string) (id int64) {
	t.Helper()
	if sql == "" {
		return 0
	}
	conn, err := pgx.Connect(t.Context(), e.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), sql).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// A checkpoint that is not ours, or was changed, is not believed.
func TestACheckpointIsOursOrNothing(t *testing.T) {
	e := newEvidence(t)
	e.live(t)
	e.settle(t)
	stranger, _ := ledger.NewSigner("portal.example/ledger", append(make([]byte, 31), 1))
	if _, err := e.db.VerifyLedger(t.Context(), stranger.PublicKey(), nil, e.Clock.Now(), nil); !errors.Is(err, ledger.ErrCheckpoint) {
		t.Errorf("another key: %v", err)
	}
	e.tampered(t, `UPDATE ledger_checkpoint SET note = replace(note, E'ledger\n', E'ledger\n1')`)
	if _, err := e.verify(t); !errors.Is(err, ledger.ErrCheckpoint) {
		t.Errorf("another size: %v", err)
	}
}
