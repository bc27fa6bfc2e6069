package citizen_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// portalSIRET is in whose name the preview asks.
const portalSIRET consent.SIRET = "13990012000003"

// source is the true source, and what it was asked.
type source struct {
	err   error
	month consent.Period // what it answers for; the month asked when zero
	calls []consent.SIRET
}

func (s *source) Ask(_ context.Context, q consent.Question) (consent.ProviderAnswer, error) {
	s.calls = append(s.calls, q.Recipient)
	if s.err != nil || q.Who.FamilyName == "" {
		return consent.ProviderAnswer{}, s.err
	}
	month := q.Period
	if s.month != (consent.Period{}) {
		month = s.month
	}
	return consent.ProviderAnswer{Period: month, Data: map[string]json.RawMessage{
		"quotient_familial": json.RawMessage(`{"valeur":98765,"fournisseur":"CAF","annee":2026,"mois":11}`),
		"enfants":           json.RawMessage(`[{"nom_naissance":"PETIT","prenoms":"Zoe","date_naissance":"2019-05-04","sexe":"F"}]`),
		"adresse":           json.RawMessage(`{"code_postal_ville":"99999 NULLEPART"}`),
	}}, nil
}

// logs keep what the server writes, while it writes on.
type logs struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logs) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// questioned opens a request and stands before the question.
func (w *world) questioned(b *webtest.Browser) (path string, page webtest.Answer) {
	path = w.open(b, w.Push())
	return path, b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
}

func TestThePreviewShowsTheAskedGroupsAndKeepsTheForm(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, page := w.questioned(b)
	expect(t, "before", page, 200, "Voir mes données avant de décider")
	if len(w.source.calls) != 0 {
		t.Fatal("the source was asked before the citizen did")
	}
	seen := b.Post(w.base+path+"/preview", url.Values{"datatypes": {"enfants"}, "until": {"date"}, "ends_on": {"2027-03-01"}})
	expect(t, "preview", seen, 200, "98\u202f765 (origine : CAF)", "novembre 2026", "Zoe PETIT", "4 mai 2019", "caf.fr", "msa.fr",
		`value="enfants" id="datatypes-enfants" checked`, `value="date" id="until-date" checked`, `value="2027-03-01"`)
	if strings.Contains(seen.Body, "NULLEPART") {
		t.Error("a group that nobody asked for is shown")
	}
	if seen.Header.Get("Cache-Control") != "no-store" || len(w.source.calls) != 1 || w.source.calls[0] != portalSIRET {
		t.Errorf("%q, asked for %v", seen.Header.Get("Cache-Control"), w.source.calls)
	}
	if accesses, err := w.Store.Accesses(t.Context(), w.Viewer.Subject, "", consent.Access{}, 10); err != nil || len(accesses) != 0 {
		t.Errorf("recorded as accesses: %v, %v", accesses, err)
	}
}

func TestAValueSeenIsNeitherLoggedNorKept(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, _ := w.questioned(b)
	expect(t, "preview", b.Post(w.base+path+"/preview", nil), 200, "98\u202f765")
	w.send(b, path+"/decision", allow)
	kept := fmt.Sprintf("%+v %+v %+v", w.Memory.Answers(), w.Memory.Ledger(), w.Memory.Events())
	for where, text := range map[string]string{"the logs": w.logs.String(), "the store": kept} {
		if strings.Contains(text, "98765") || text == "" {
			t.Errorf("%s: %q", where, text)
		}
	}
}

func TestWhyThereIsNothingToSee(t *testing.T) {
	cases := map[string]struct {
		err    error
		status int
		want   string
	}{
		"no file":        {&consent.ProviderFault{Outcome: consent.NoFile}, 200, "Aucun dossier à votre nom"},
		"not identified": {&consent.ProviderFault{Outcome: consent.NotIdentified}, 200, "Apportez votre attestation"},
		"busy":           {&consent.ProviderFault{Outcome: consent.Busy, RetryAfter: time.Minute}, http.StatusServiceUnavailable, "Réessayez dans quelques minutes"},
		"failed":         {&consent.ProviderFault{Outcome: consent.Failed}, http.StatusBadGateway, "ne répond pas bien"},
		"timed out":      {&consent.ProviderFault{Outcome: consent.TimedOut}, http.StatusGatewayTimeout, "trop de temps"},
		"unknown":        {fmt.Errorf("a fault without a type"), http.StatusBadGateway, "ne répond pas bien"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, b := newWorld(t), webtest.NewBrowser(t)
			path, _ := w.questioned(b)
			w.source.err = c.err
			a := b.Post(w.base+path+"/preview", nil)
			expect(t, name, a, c.status, c.want, "Autoriser le partage", "Refuser")
			if name == "busy" && a.Header.Get("Retry-After") != "60" {
				t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
			}
		})
	}
}

func TestAnotherMonthThanThisOneIsNotShown(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, _ := w.questioned(b)
	w.source.month = consent.Period{Year: 2026, Month: time.March}
	a := b.Post(w.base+path+"/preview", nil)
	expect(t, "preview", a, http.StatusBadGateway, "ne répond pas bien")
	if strings.Contains(a.Body, "98\u202f765") {
		t.Error("the amount of another month is shown")
	}
}

func TestACitizenLooksAFewTimesAnHour(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, _ := w.questioned(b)
	for range 6 {
		expect(t, "a look", b.Post(w.base+path+"/preview", nil), 200, "98\u202f765")
	}
	a := b.Post(w.base+path+"/preview", nil)
	expect(t, "one too many", a, http.StatusTooManyRequests, "plusieurs fois", "Refuser")
	if len(w.source.calls) != 6 || a.Header.Get("Retry-After") != "600" {
		t.Errorf("%d calls, Retry-After %q", len(w.source.calls), a.Header.Get("Retry-After"))
	}
	w.Clock.Advance(10 * time.Minute)
	expect(t, "ten minutes later", b.Post(w.base+path+"/preview", nil), 200, "98\u202f765")
}

func TestNobodyElseLooks(t *testing.T) {
	cases := map[string]func(w *world, b *webtest.Browser) (*webtest.Browser, string){
		"before signing in": func(w *world, b *webtest.Browser) (*webtest.Browser, string) { return b, w.open(b, w.Push()) },
		"another browser": func(w *world, b *webtest.Browser) (*webtest.Browser, string) {
			path, _ := w.questioned(b)
			return webtest.NewBrowser(w.t), path
		},
		"after the answer": func(w *world, b *webtest.Browser) (*webtest.Browser, string) {
			path, _ := w.questioned(b)
			w.send(b, path+"/decision", allow)
			return b, path
		},
	}
	for name, arrange := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b, path := arrange(w, webtest.NewBrowser(t))
			if a := b.Post(w.base+path+"/preview", nil); a.Status < 400 || len(w.source.calls) != 0 {
				t.Errorf("status %d, %d calls", a.Status, len(w.source.calls))
			}
		})
	}
}
