package dpo_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/portal/dpo"
	"portail.example/portal/web/webtest"
)

// placed is a ledger of two checkpoints, the sizes of which it returns.
func (w *world) placed() (sizes []int64) {
	w.t.Helper()
	for _, p := range []consent.Push{w.Push(), w.PushOnce()} {
		w.Granted(w.t, p)
		w.Clock.Advance(24 * time.Hour)
		if err := w.ledger.Sequence(w.Clock.Now()); err != nil {
			w.t.Fatal(err)
		}
		sizes = append(sizes, int64(len(w.Memory.Ledger())))
	}
	return sizes
}

// noIdentity fails when a page says who the citizen is.
func noIdentity(t *testing.T, got webtest.Answer) {
	t.Helper()
	if got.Status != http.StatusOK || regexp.MustCompile(`(?i)angela|dubois|martin`).MatchString(got.Body) {
		t.Errorf("%s: %d\n%s", got.URL, got.Status, got.Body)
	}
}

func TestAnAuditorFindsEntriesAndTakesTheirProofs(t *testing.T) {
	w := newWorld(t)
	sizes := w.placed()
	b := w.agent(consent.RoleAuditor)
	list := b.Get(w.base + "/dpo/evidence/entries?kind=decision")
	noIdentity(t, list)
	if n := strings.Count(list.Body, `href="/dpo/evidence/entries/`); n != 2 || !strings.Contains(list.Body, "Réponse d’une personne") {
		t.Errorf("%d answers\n%s", n, list.Body)
	}
	if day := b.Get(w.base + "/dpo/evidence/entries?day=" + consent.DateOf(w.Clock.Now()).String()); strings.Count(day.Body, `<li><p><a href="/dpo/evidence/entries/`) != int(sizes[1]-sizes[0]) {
		t.Errorf("the last day's\n%s", day.Body)
	}
	found := b.Get(w.base + "/dpo/evidence/entries?number=2")
	if found.URL.Path != "/dpo/evidence/entries/2" || !strings.Contains(found.Body, "Présence prouvée") {
		t.Errorf("%s\n%s", found.URL, found.Body)
	}
	noIdentity(t, found)
	var proof ledger.Proof
	file := b.Get(w.base + "/dpo/evidence/entries/2/proof")
	if err := json.Unmarshal([]byte(file.Body), &proof); err != nil || proof.Fact != "" || proof.Check(w.ledger.Signer.PublicKey()) != nil {
		t.Errorf("%v\n%s", err, file.Body)
	}
	for path, status := range map[string]int{
		"entries?number=first": 422, "entries?day=yesterday": 422, "entries?kind=nothing": 400, "entries?before=x": 400, "entries/0": 404, "entries/x": 404, "entries/99999": 404,
	} {
		if got := b.Get(w.base+"/dpo/evidence/"+path, webtest.Stop); got.Status != status {
			t.Errorf("%s: %d, want %d", path, got.Status, status)
		}
	}
}

func TestAnAuditorComparesCheckpoints(t *testing.T) {
	w := newWorld(t)
	sizes := w.placed()
	first := strconv.FormatInt(sizes[0], 10)
	b := w.agent(consent.RoleAuditor)
	note := b.Get(w.base + "/dpo/evidence/checkpoints/" + first)
	if opened, err := ledger.OpenCheckpoint(note.Body, w.ledger.Signer.PublicKey()); err != nil || opened.Size != sizes[0] {
		t.Errorf("%v\n%s", err, note.Body)
	}
	list := b.Get(w.base + "/dpo/evidence/checkpoints?day=" + consent.DateOf(w.Clock.Now()).String())
	if n := strings.Count(list.Body, "consistency?from="); n != 1 {
		t.Errorf("%d checkpoints of the day\n%s", n, list.Body)
	}
	same := b.Get(w.base + "/dpo/evidence/consistency?from=" + first)
	if !strings.Contains(same.Body, "Une seule histoire") {
		t.Error(same.Body)
	}
	var proof ledger.Consistency
	file := b.Get(w.base + "/dpo/evidence/consistency/file?" + url.Values{"from": {first}, "to": {strconv.FormatInt(sizes[1], 10)}}.Encode())
	if err := json.Unmarshal([]byte(file.Body), &proof); err != nil || proof.Check(w.ledger.Signer.PublicKey()) != nil {
		t.Errorf("%v\n%s", err, file.Body)
	}
	for query, field := range map[string]string{"from=x": "from", "from=1": "from", "from=99&to=1": "from", "from=1&to=x": "to"} {
		if got := b.Get(w.base + "/dpo/evidence/consistency?" + query); got.Status != 422 || !strings.Contains(got.Body, `<a href="#`+field+`">`) {
			t.Errorf("%s: %d\n%s", query, got.Status, got.Body)
		}
	}
}

func TestAnAuditorAsksForAVerification(t *testing.T) {
	w := newWorld(t)
	w.placed()
	b := w.agent(consent.RolePlatformDPO)
	ask := func() webtest.Answer {
		w.Clock.Advance(time.Minute)
		got := b.Post(w.base+"/dpo/evidence/verify", nil)
		if !strings.Contains(got.Body, "En attente") {
			t.Errorf("%s\n%s", got.URL, got.Body)
		}
		inspector := ledger.NewInspector(w.ledger, w.ledger.Signer.PublicKey(), w.Clock.Now)
		if _, _, err := inspector.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		return b.Get(w.base + "/dpo/evidence")
	}
	if got := ask(); !strings.Contains(got.Body, "Concorde avec les tables") {
		t.Error(got.Body)
	}
	w.ledger.Spoil(3)
	if got := ask(); !strings.Contains(got.Body, "Ne concorde pas") || !strings.Contains(got.Body, `href="/dpo/evidence/entries/3"`) {
		t.Error(got.Body)
	}
}

// The file is checked without the portal, and that it was taken is an entry.
func TestTheEvidenceIsTakenAway(t *testing.T) {
	w := newWorld(t)
	w.placed()
	b := w.agent(consent.RoleAuditor)
	before := len(w.Memory.Ledger())
	look, err := http.NewRequestWithContext(t.Context(), http.MethodHead, w.base+"/dpo/evidence/file", nil)
	if err != nil {
		t.Fatal(err)
	}
	look.AddCookie(&http.Cookie{Name: dpo.SessionCookie, Value: b.Cookie(look.URL.Hostname(), dpo.SessionCookie)})
	if answer, err := http.DefaultClient.Do(look); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", answer, err)
	}
	if n := len(w.Memory.Ledger()); n != before {
		t.Errorf("%d entries after a look at the headers, %d before", n, before)
	}
	file := b.Get(w.base + "/dpo/evidence/file")
	noIdentity(t, file)
	if checkpoint, err := ledger.CheckFile(strings.NewReader(file.Body), w.ledger.Signer.PublicKey()); err != nil || checkpoint.Size == 0 {
		t.Errorf("%+v, %v", checkpoint, err)
	}
	entries := w.Memory.Ledger()
	if len(entries) != before+1 || entries[before].Kind != consent.EntryEvidenceTaken {
		t.Errorf("%+v", entries[before:])
	}
}
