package postgres_test

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/consent/ledger"
	"portail.example/internal/postgres"
)

var longValue = regexp.MustCompile(`\\x([0-9a-f]{32,})`)

// leads finds what in a dump leads to a citizen whoever also has the master key: their
// key, what it opens, and the keyed hashes that can be computed again.
func leads(k postgres.Keys, dump string, who consent.SignIn, subject consent.SubjectID, address string, sealed []string) (out []string) {
	for _, trace := range k.Traces(who, address) {
		if strings.Contains(dump, hex.EncodeToString(trace)) {
			out = append(out, "a keyed hash")
		}
	}
	for _, value := range longValue.FindAllStringSubmatch(dump, -1) {
		if raw, err := hex.DecodeString(value[1]); err == nil && k.Unwraps(subject, raw) {
			out = append(out, "the key")
		}
	}
	for _, text := range append(sealed, who.Identity.FamilyName, who.Identity.GivenNames[0], who.Identity.Birthdate, who.Subject, address, "2026-117") {
		if strings.Contains(dump, text) || strings.Contains(dump, hex.EncodeToString([]byte(text))) {
			out = append(out, text)
		}
	}
	return out
}

// Even with the master key nothing in the database leads to who was erased; what the
// law keeps is there, and the evidence agrees.
func TestNothingLeadsToWhoWasErasedEvenWithTheMasterKey(t *testing.T) {
	e := newEvidence(t)
	const address = "angela@example.org"
	master, gone, db := keys(t, 0), e.Viewer.Subject, plain(t, e.url)
	e.WithAddress(t, e.db, gone, address)
	if _, err := e.Service.FileRequest(t.Context(), e.Filing(consenttest.Angela().Identity)); err != nil {
		t.Fatal(err)
	}
	e.SignIn(t, consenttest.Angela()) // and the filed request is theirs
	e.live(t)
	e.read(t, "Dossier 2026-118, cantine")
	e.lookedFor(t, "dossier 2026-118")
	token, err := e.db.OpenSession(t.Context(), consent.Session{Browser: "b", Subject: gone, CreatedAt: e.Clock.Now(), SeenAt: e.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	over, err := e.db.OpenSession(t.Context(), consent.Session{Browser: "b", Was: gone, Draft: leftDraft(), CreatedAt: e.Clock.Now(), SeenAt: e.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	sealed := column(t, db, `SELECT encode(x, 'hex') FROM (SELECT identity FROM subject UNION ALL SELECT wrapped_key FROM subject UNION ALL SELECT sealed FROM contact UNION ALL SELECT message FROM rights_request UNION ALL SELECT convert_to(text, 'UTF8') FROM consent_text WHERE text LIKE 'Dossier%') AS s (x)`)
	if found := leads(master, dump(t, db), consenttest.Angela(), gone, address, sealed); len(found) < 4+len(sealed) {
		t.Fatalf("the search finds too little before: %q", found)
	}
	e.Clock.Advance(consent.ExportLease)
	erasing := e.ToErase(t)
	if _, err := e.Service.EraseSubject(t.Context(), erasing.ID, "agent-2"); err != nil {
		t.Fatal(err)
	}
	left := dump(t, db)
	if found := leads(master, left, consenttest.Angela(), gone, address, sealed); len(found) > 0 {
		t.Errorf("still there: %q", found)
	}
	if !strings.Contains(left, string(gone)) {
		t.Error("the pseudonym of the evidence is gone too")
	}
	for _, session := range []string{token, over} {
		if _, err := e.db.Session(t.Context(), session, e.Clock.Now()); !errors.Is(err, consent.NotFound) {
			t.Errorf("a session goes on: %v", err)
		}
	}
	e.settle(t)
}

// read is an answer on a text that names the citizen's file.
func (e *evidence) read(t *testing.T, text string) {
	t.Helper()
	p := e.Push()
	p.ForcePrompt = true
	answer := e.Allow(e.Identified(t, p))
	answer.Allow, answer.Statement = false, consent.Statement{Language: "fr", Version: 1, Text: text, Own: true}
	if _, err := e.Service.Decide(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
}

// lookedFor is a look-up of the citizen, whose reason is under their key.
func (e *evidence) lookedFor(t *testing.T, reason string) {
	t.Helper()
	who := consenttest.Angela().Identity
	l, err := e.Service.FindPerson(t.Context(), e.Agent(t, consent.RolePlatformDPO), consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, reason)
	if err != nil {
		t.Fatal(err)
	}
	if by := column(t, plain(t, e.url), `SELECT sealed_by FROM agent_lookup WHERE id = '`+l.ID+`'`); by[0] != "subject" {
		t.Errorf("the reason is under the key of the %s", by[0])
	}
}

// A text that names a file goes with the last of the answers on it, and the evidence
// agrees.
func TestATextThatNamesAFileGoesWithItsAnswers(t *testing.T) {
	e := newEvidence(t)
	e.read(t, "Dossier 2026-119")
	left := `SELECT count(*) FROM consent_text WHERE text = 'Dossier 2026-119'`
	for _, want := range []int64{1, 0} {
		if err := e.db.Sweep(t.Context(), e.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if n := e.number(t, left); n != want {
			t.Errorf("%d texts, want %d", n, want)
		}
		e.settle(t)
		e.Clock.Set(e.Clock.Now().AddDate(0, consent.EvidenceMonths, 1))
		e.purge(t)
	}
}

// A purged agent leaves no key and no name, and the evidence agrees; one that somebody
// deleted is missed.
func TestAnAgentLeavesWithTheirKey(t *testing.T) {
	e := newEvidence(t)
	gone, deleted := e.Agent(t, consent.RolePlatformDPO), e.Agent(t, consent.RoleAuditor)
	for _, agent := range []consent.Agent{gone, deleted} {
		if err := e.Service.RevokeAgent(t.Context(), consent.Console(), agent.ID); err != nil {
			t.Fatal(err)
		}
		e.Clock.Advance(time.Hour)
	}
	e.Clock.Set(e.Clock.Now().AddDate(0, consent.EvidenceMonths, 0).Add(-time.Hour))
	e.purge(t)
	e.settle(t)
	if n := e.number(t, `SELECT count(*) FROM agent`); n != 1 {
		t.Errorf("%d agents are left, want the one who was revoked later", n)
	}
	e.tampered(t, `DELETE FROM agent`)
	if _, err := e.verify(t); !isFault(err) {
		t.Error(err)
	}
}

func TestTamperingWithWhatAnErasureLeftIsDetected(t *testing.T) {
	for _, sql := range []string{
		`UPDATE rights_request SET message = 'x' WHERE kind = 'erasure'`, `UPDATE rights_request SET closed_at = now() WHERE kind = 'erasure'`,
		`UPDATE erasure SET done_at = now()`, `UPDATE erasure SET rights_id = 'x'`,
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			e := newEvidence(t)
			if _, err := e.Service.EraseSubject(t.Context(), e.ToErase(t).ID, "agent-2"); err != nil {
				t.Fatal(err)
			}
			e.settle(t)
			e.tampered(t, sql)
			if _, err := e.verify(t); !isFault(err) {
				t.Error(err)
			}
		})
	}
}

func isFault(err error) bool {
	_, ok := errors.AsType[ledger.Fault](err)
	return ok
}

// slowCollector is an export whose reader takes their time.
type slowCollector struct {
	*export.JSON
	begun, goOn chan bool
}

func (c slowCollector) Begin(h consent.Holdings) error {
	close(c.begun)
	<-c.goOn
	return c.JSON.Begin(h)
}

// An export that runs is never cut in half by an erasure: the erasure is refused.
func TestAnErasureDuringAnExportIsRefused(t *testing.T) {
	e := newEvidence(t)
	e.live(t)
	e.Clock.Advance(consent.ExportLease)
	erasing := e.ToErase(t)
	var out strings.Builder
	slow := slowCollector{export.NewJSON(&out), make(chan bool), make(chan bool)}
	done := make(chan error)
	go func() {
		done <- e.Service.ExportSubject(context.Background(), consent.Session{Subject: e.Viewer.Subject}, slow)
	}()
	<-slow.begun
	if _, err := e.Service.EraseSubject(t.Context(), erasing.ID, "agent-2"); consent.CodeOf(err) != consent.ExportRunning {
		t.Errorf("during an export: %v", err)
	}
	close(slow.goOn)
	if err := <-done; err != nil || !strings.HasSuffix(out.String(), "]}\n") || !strings.Contains(out.String(), consenttest.Angela().Identity.FamilyName) {
		t.Errorf("the export: %v", err)
	}
	e.Clock.Advance(consent.ExportLease)
	if _, err := e.Service.EraseSubject(t.Context(), erasing.ID, "agent-2"); err != nil {
		t.Fatal(err)
	}
	if err := e.Service.ExportSubject(t.Context(), consent.Session{Subject: e.Viewer.Subject}, export.NewJSON(io.Discard)); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("an export afterwards: %v", err)
	}
}

// Answers, sign-ins and holds that meet an erasure come before it or after it: nothing
// is left in the name of who is gone, and the evidence agrees.
func TestWhatMeetsAnErasureComesBeforeOrAfter(t *testing.T) {
	for range 5 {
		e := newEvidence(t)
		gone := e.Viewer.Subject
		var requests []consent.Request
		for range 4 {
			p := e.Push()
			p.ForcePrompt = true
			requests = append(requests, e.Identified(t, p))
		}
		erasing := e.ToErase(t)
		var all sync.WaitGroup
		var erased, held error
		for _, r := range requests {
			all.Go(func() { _, _ = e.Service.Decide(context.Background(), e.Allow(r)) })
		}
		all.Go(func() { _, erased = e.Service.EraseSubject(context.Background(), erasing.ID, "agent-2") })
		all.Go(func() {
			_, held = e.Service.SetHold(context.Background(), consent.Hold{Subject: gone, Reason: "dossier 12", SetBy: "agent-1"})
		})
		all.Go(func() {
			if _, err := e.Service.SignIn(context.Background(), consenttest.Angela()); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		if (erased == nil) == (held == nil) {
			t.Errorf("erased: %v, held: %v", erased, held)
		}
		grants, err := e.db.Grants(t.Context(), consent.GrantQuery{Subject: gone, At: e.Clock.Now(), Limit: 10})
		if err != nil || erased == nil && len(grants) > 0 {
			t.Errorf("%d live consents of who is gone: %v", len(grants), err)
		}
		e.settle(t)
	}
}

// Two agents who approve at once erase once.
func TestAnErasureHappensOnce(t *testing.T) {
	e := newEvidence(t)
	e.Granted(t, e.Push())
	erasing := e.ToErase(t)
	var all sync.WaitGroup
	for _, agent := range []string{"agent-2", "agent-3", "agent-4"} {
		all.Go(func() {
			if done, err := e.Service.EraseSubject(context.Background(), erasing.ID, agent); err != nil || !done.Done() {
				t.Errorf("%+v, %v", done, err)
			}
		})
	}
	all.Wait()
	if n := e.number(t, `SELECT count(*) FROM ledger_entry WHERE kind IN ('erasure', 'withdrawal')`); n != 2 {
		t.Errorf("%d entries", n)
	}
	e.settle(t)
}
