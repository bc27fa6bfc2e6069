package gateway_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	stub "portail.example/internal/sandbox/apiparticulier"
)

func TestTheGrantedDataAreReleasedAndRecorded(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial, consent.GroupEnfants)
	r := w.get(path+"?annee=2026&mois=10", bearer)
	if r.status != 200 || !strings.Contains(r.raw, `"valeur":4270`) || !strings.Contains(r.raw, `"links":{},"meta":{}`) {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	a := w.last()
	if a.Outcome != consent.Released || a.ProviderRequestID == "" || a.Period != (consent.Period{Year: 2026, Month: 10}) || a.ClosedAt.IsZero() {
		t.Errorf("recorded %+v", a)
	}
	if sent := w.upstream.Calls()[0].Query; sent.Get("recipient") != string(w.Client.SIRET) || sent.Get("mois") != "10" {
		t.Errorf("asked %v", sent)
	}
}

// Whatever the citizen left out, and whatever upstream sends beyond what was
// asked, no key leaves that was not granted.
func TestNoUngrantedKeyEverLeaves(t *testing.T) {
	all := consent.QuotientFamilial.Groups
	for mask := 1; mask < 1<<len(all); mask++ {
		var groups []consent.DataGroup
		want := []string{}
		for i, g := range all {
			if mask&(1<<i) != 0 {
				groups, want = append(groups, g), append(want, string(g))
			}
		}
		t.Run(fmt.Sprint(groups), func(t *testing.T) {
			w := newWorld(t)
			w.upstream.Misbehave(stub.Mischief{ExtraGroups: true})
			_, bearer := w.issued(consent.Continuous, groups...)
			r := w.get(path, bearer)
			got := slices.Sorted(maps.Keys(r.Data))
			slices.Sort(want)
			if r.status != 200 || !slices.Equal(got, want) || strings.Contains(r.raw, "secret") {
				t.Errorf("%d, keys %v, want %v", r.status, got, want)
			}
		})
	}
}

func TestAOnceConsentReleasesOnce(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Once, consent.GroupQuotientFamilial)
	w.upstream.Misbehave(stub.Mischief{Code: "35002", Times: 1})
	for i, want := range []int{504, 200, 401} {
		w.Clock.Advance(time.Second)
		if r := w.get(path, bearer); r.status != want {
			t.Errorf("call %d: %d, want %d: %s", i+1, r.status, want, r.raw)
		}
	}
	if w.last().Outcome != consent.Refused {
		t.Errorf("the third is recorded as %s", w.last().Outcome)
	}
}

func TestAWithdrawalStopsTheNextCallBeforeUpstream(t *testing.T) {
	w := newWorld(t)
	i, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, i.Grant.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	r := w.get(path, bearer)
	if r.status != 401 || r.code() != "90001" || !strings.Contains(r.header.Get("WWW-Authenticate"), `error="invalid_token"`) || r.Errors[0].Meta["reason"] != "grant_withdrawn" {
		t.Errorf("%d %s %v", r.status, r.raw, r.header)
	}
	if len(w.upstream.Calls()) != 0 || w.last().Outcome != consent.Refused {
		t.Errorf("%d calls upstream, recorded as %s", len(w.upstream.Calls()), w.last().Outcome)
	}
}

func TestAWithdrawalDuringTheCallHoldsTheAnswerBack(t *testing.T) {
	w := newWorld(t)
	i, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.upstream.Misbehave(stub.Mischief{Before: func() {
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, i.Grant.ID, consent.Unsaid); err != nil {
			t.Error(err)
		}
	}})
	if r := w.get(path, bearer); r.status != 401 || r.code() != "90001" || strings.Contains(r.raw, "4270") {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if len(w.upstream.Calls()) != 1 || w.last().Outcome != consent.Refused {
		t.Errorf("%d calls, recorded as %s", len(w.upstream.Calls()), w.last().Outcome)
	}
}

// The token held before a reduction opens nothing; the one that follows, what is left.
func TestAReductionStopsTheNextCallAndTheGroupThatWasDropped(t *testing.T) {
	w := newWorld(t)
	i, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial, consent.GroupEnfants)
	if _, err := w.Service.Reduce(t.Context(), consent.Reduction{
		GrantID: i.Grant.ID, Subject: w.Viewer.Subject, Groups: []consent.DataGroup{consent.GroupQuotientFamilial}, Statement: consenttest.Statement(),
	}); err != nil {
		t.Fatal(err)
	}
	if r := w.get(path, bearer); r.status != 401 || r.code() != "90005" || len(w.upstream.Calls()) != 0 {
		t.Errorf("%d %s, %d calls upstream", r.status, r.raw, len(w.upstream.Calls()))
	}
	smaller, err := w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: i.RefreshToken})
	if err != nil {
		t.Fatal(err)
	}
	r := w.get(path, w.mint(w.claims(smaller)))
	if _, dropped := r.Data["enfants"]; r.status != 200 || dropped || len(r.Data) != 1 {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestNothingWithoutARecord(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.Memory.Fail(consent.Refuse(consent.Unavailable, "", "no database"))
	if r := w.get(path, bearer); r.status != 503 || r.code() != "90503" || len(w.upstream.Calls()) != 0 {
		t.Errorf("%d %s, %d calls upstream", r.status, r.raw, len(w.upstream.Calls()))
	}
	w.Memory.Fail(nil)
	w.upstream.Misbehave(stub.Mischief{Before: func() { w.Memory.Fail(consent.Refuse(consent.Unavailable, "", "no database")) }})
	if r := w.get(path, bearer); r.status != 503 || strings.Contains(r.raw, "4270") {
		t.Errorf("the record was not closed, and yet: %d %s", r.status, r.raw)
	}
}

// Our habilitation may not cover what a citizen allowed: nothing leaves, and a once
// consent is not used up by it.
func TestAnAnswerWithNothingGrantedIsNoRelease(t *testing.T) {
	w := newWorld(t)
	w.upstream.Misbehave(stub.Mischief{Mask: true})
	_, bearer := w.issued(consent.Once, consent.GroupAdresse)
	if r := w.get(path, bearer); r.status != 502 || w.last().Outcome != consent.Failed {
		t.Errorf("%d, recorded as %s: %s", r.status, w.last().Outcome, r.raw)
	}
	w.upstream.Misbehave(stub.Mischief{})
	w.Clock.Advance(time.Second)
	if r := w.get(path, bearer); r.status != 200 {
		t.Errorf("and then: %d %s", r.status, r.raw)
	}
}

// An amount without its month is not an answer about any month.
func TestAnAmountWithoutItsMonth(t *testing.T) {
	for _, body := range []string{`{"data":{"quotient_familial":{"valeur":4270}}}`, `{"data":{"quotient_familial":null}}`, `{"data":{"quotient_familial":{"valeur":4270,"annee":2026}}}`} {
		w := newWorld(t)
		w.upstream.Misbehave(stub.Mischief{Body: body})
		_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
		if r := w.get(path, bearer); r.status != 502 || strings.Contains(r.raw, "4270") {
			t.Errorf("%s: %d %s", body, r.status, r.raw)
		}
	}
}
