package postgres_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
	"portail.example/internal/postgres/pgtest"
)

const (
	ofRestriction = `SELECT max(id) FROM ledger_entry WHERE ref = (SELECT id FROM measure WHERE kind = 'restriction')`
	ofObjection   = `SELECT max(id) FROM ledger_entry WHERE ref = (SELECT id FROM measure WHERE kind = 'objection')`
	ofRestricted  = `SELECT max(id) FROM ledger_entry WHERE ref = (SELECT id FROM consent_grant WHERE restricted_at IS NOT NULL)`
	restrictedOne = ` WHERE restricted_at IS NOT NULL`
	objected      = ` WHERE kind = 'objection'`
	inForce       = ` WHERE kind = 'restriction'`
	ofLifting     = ` WHERE lifts <> ''`
	ofAsked       = `SELECT max(id) FROM ledger_entry WHERE ref = (SELECT id FROM rights_request WHERE lifts <> '')`
)

// What an owner of the database could do to lift a restriction or an objection unseen.
var measureEdits = []struct{ sql, first string }{
	{`UPDATE consent_grant SET restricted_at = NULL` + restrictedOne, ofRestricted},
	{`UPDATE consent_grant SET restricted_at = restricted_at + interval '1 day'` + restrictedOne, ofRestricted},
	{`UPDATE measure SET lifted_at = now()` + inForce, ofRestriction},
	{`UPDATE measure SET recipient = '21990013100018', client_id = 'x'` + inForce, ofRestriction},
	{`UPDATE measure SET set_by = 'x'` + inForce, ofRestriction},
	{`UPDATE measure SET rights_id = 'x'` + inForce, ofRestriction},
	{`UPDATE measure SET set_at = set_at + interval '1 day'` + inForce, ofRestriction},
	{`UPDATE measure SET lift_asked_at = NULL` + inForce, ofRestriction},
	{`UPDATE rights_request SET lifts = ''` + ofLifting, ofAsked},
	{`UPDATE rights_request SET lifts = 'x'` + ofLifting, ofAsked},
	{`UPDATE measure SET kind = 'objection', lift_asked_at = NULL` + inForce, ofRestriction},
	{`DELETE FROM measure` + inForce, ofRestriction},
	{`UPDATE measure SET lifted_at = NULL` + objected, ofObjection},
	{`UPDATE measure SET lifted_by = 'x'` + objected, ofObjection},
	{`UPDATE measure SET subject_id = 'x'` + objected, ofObjection},
	{`DELETE FROM measure` + objected, ofObjection},
	{`INSERT INTO measure (id, subject_id, kind, client_id, recipient, rights_id, set_by, set_at) SELECT 'x', subject_id, 'objection', '', '', '', '', now() FROM measure LIMIT 1`, ``},
}

// Every edit is detected, and the first bad entry is named.
func TestTamperingWithMeasuresIsDetected(t *testing.T) {
	lived := newEvidence(t)
	lived.Granted(t, lived.Push())
	m, err := lived.Service.Object(t.Context(), lived.Viewer.Subject, consenttest.TownHallParty())
	if err == nil {
		err = lived.Service.LiftObjection(t.Context(), lived.Viewer.Subject, m.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	lived.Granted(t, lived.Push())
	held := lived.Restricted(t, consenttest.TownHallParty())
	if err := lived.Service.AskLifting(t.Context(), held.Subject, held.ID); err != nil {
		t.Fatal(err)
	}
	lived.settle(t)
	lived.db.Close()
	for _, edit := range measureEdits {
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

// accept is the citizen asking for a right, and the officer accepting it.
func (l *life) accept(right consent.Right) func(*rapid.T) {
	return func(t *rapid.T) {
		of := rapid.SampledFrom([]consent.Party{{}, consenttest.TownHallParty()}).Draw(t, "of")
		var asked consent.RightsRequest
		if l.try(t, func(ctx context.Context) (err error) {
			asked, err = l.service.AskRight(ctx, l.Viewer.Subject, right, "")
			return err
		}, consent.EntryRights) {
			l.try(t, func(ctx context.Context) error {
				_, err := l.service.AcceptRight(ctx, l.officer, asked.ID, of, "Nous le faisons.")
				return err
			}, consent.EntryRights, consent.EntryRightsMessage)
		}
	}
}

// free lifts a restriction, which its citizen wants or was told of a week before.
func (l *life) free(t *rapid.T) {
	m, ok := l.measure(t, consent.RightRestriction)
	if !ok {
		return
	}
	l.try(t, func(ctx context.Context) error {
		return l.service.AnnounceLifting(ctx, l.officer, m.RightsID, m.ID, "C’est réglé.")
	}, consent.EntryRightsMessage)
	if rapid.Bool().Draw(t, "asked") {
		var kinds []consent.EntryKind
		if m.LiftAskedAt.IsZero() { // once asked, asking again writes nothing
			kinds = append(kinds, consent.EntryRights, consent.EntryLiftAsked)
		}
		l.try(t, func(ctx context.Context) error { return l.service.AskLifting(ctx, m.Subject, m.ID) }, kinds...)
	} else {
		l.Clock.Advance(consent.LiftNotice + time.Second)
	}
	kinds := []consent.EntryKind{consent.EntryRestrictionLifted}
	if l.asksToLift(t, m) { // lifting answers that request
		kinds = append(kinds, consent.EntryRightsMessage, consent.EntryRights)
	}
	l.try(t, func(ctx context.Context) error {
		return l.service.LiftRestriction(ctx, l.officer, m.RightsID, m.ID, "C’est levé.")
	}, kinds...)
}

func (l *life) asksToLift(t *rapid.T, m consent.Measure) bool {
	asked, err := l.db.RightsRequests(l.ctx, m.Subject, consent.RightsRequest{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(asked, func(r consent.RightsRequest) bool { return r.Lifts == m.ID && r.State == consent.RightsOpen })
}

func (l *life) letAsk(t *rapid.T) {
	if m, ok := l.measure(t, consent.RightObjection); ok {
		l.try(t, func(ctx context.Context) error { return l.service.LiftObjection(ctx, m.Subject, m.ID) }, consent.EntryObjectionLifted)
	}
}

func (l *life) measure(t *rapid.T, right consent.Right) (consent.Measure, bool) {
	held, err := l.db.Measures(l.ctx, l.Viewer.Subject)
	if err != nil {
		t.Fatal(err)
	}
	var fitting []consent.Measure
	for _, m := range held {
		if m.Right == right {
			fitting = append(fitting, m)
		}
	}
	return pick(t, &fitting, false)
}
