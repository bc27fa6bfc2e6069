package consent_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

var start = consenttest.Start

func TestEachLineSaysUntilWhenItIsKept(t *testing.T) {
	years3 := start.AddDate(3, 0, 0)
	grant := consent.Grant{Details: consenttest.Canteen(), ExpiresAt: start.AddDate(0, 2, 0)}
	withdrawn := grant
	withdrawn.WithdrawnAt = start
	granted := consent.Request{Status: consent.RequestGranted, Details: consent.Details{Access: consent.Once}, ExpiresAt: start.Add(-consent.OnceLifetime)}
	for name, c := range map[string]struct {
		line consent.Retained
		want time.Time
	}{
		"a consent that goes on":      {grant, years3.AddDate(0, 2, 0)},
		"one that was withdrawn":      {withdrawn, years3},
		"a yes, like its consent":     {consent.Receipt{Decision: consent.Decision{Allowed: true, At: start.AddDate(0, -1, 0)}, Grant: withdrawn}, years3},
		"a no":                        {consent.Receipt{Decision: consent.Decision{At: start}}, years3},
		"a question without answer":   {consent.Request{Status: consent.RequestIdentified, ExpiresAt: start}, years3},
		"a question that was granted": {granted, years3},
		"a use of the data":           {consent.Access{OpenedAt: start}, years3},
		"a right that was answered":   {consent.RightsRequest{ClosedAt: start}, years3},
		"a right that waits":          {consent.RightsRequest{AskedAt: start}, time.Time{}},
		"a session":                   {consent.Session{CreatedAt: start}, start.Add(8 * time.Hour)},
	} {
		if got := consent.KeptUntil(c.line); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What Until promises and what Before removes agree, on the 29th of February too.
func TestARuleKeepsUntilTheVeryInstantItRemoves(t *testing.T) {
	for _, rule := range consent.RetentionRules() {
		if rule.Law == "" {
			t.Errorf("%s: no reason", rule.Record)
		}
		if !rule.Ends() {
			if slices.Contains(consent.Purgeable(), rule.Record) || !rule.Until(start).IsZero() {
				t.Errorf("%s has no end and is purged", rule.Record)
			}
			continue
		}
		for _, from := range []time.Time{start, time.Date(2024, time.February, 29, 12, 0, 0, 0, time.UTC), time.Date(2025, time.December, 31, 23, 59, 59, 0, time.UTC)} {
			until := rule.Until(from)
			if from.Before(rule.Before(until.Add(-time.Second))) || !from.Before(rule.Before(until.Add(time.Second))) {
				t.Errorf("%s from %s: until %s", rule.Record, from, until)
			}
		}
	}
}

func TestEverythingThatIsPurgedHasARule(t *testing.T) {
	for _, record := range consent.Purgeable() {
		if rule := consent.RetentionOf(record); rule.Record != record || !rule.Ends() {
			t.Errorf("%s: %+v", record, rule)
		}
	}
}

func TestAPurgeGoesOnFromBatchToBatch(t *testing.T) {
	w := consenttest.NewWorld(t)
	const many = 1201
	for range many {
		if _, _, err := w.Service.PushRequest(t.Context(), w.Push()); err != nil {
			t.Fatal(err)
		}
	}
	w.Clock.Advance(400 * 24 * time.Hour)
	report, err := w.Service.Purge(t.Context())
	if err != nil || len(report.Lines) != 1 || report.Lines[0].Count != many {
		t.Errorf("%+v, %v", report, err)
	}
	entries := slices.DeleteFunc(w.Memory.Ledger(), func(e consent.LedgerEntry) bool { return e.Kind != consent.EntryPurge })
	if len(entries) != 3 {
		t.Errorf("%d entries for three batches", len(entries))
	}
	reports, err := w.Service.PurgeReports(t.Context(), 10)
	if err != nil || len(reports) != 1 || reports[0].Lines[0] != report.Lines[0] {
		t.Errorf("%+v, %v", reports, err)
	}
}

func TestAPurgeThatFailsSaysWhatItDid(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Memory.Fail(errors.New("gone"))
	if report, err := w.Service.Purge(context.Background()); err == nil || len(report.Lines) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestBadHoldsAndErasuresAreRefused(t *testing.T) {
	w := consenttest.NewWorld(t)
	long := make([]rune, consent.MaxHoldReason+1)
	for field, h := range map[string]consent.Hold{
		"reason": {Subject: w.Viewer.Subject, Reason: " ", SetBy: "a"}, "by": {Subject: w.Viewer.Subject, Reason: "x"},
	} {
		if _, err := w.Service.SetHold(t.Context(), h); consent.CodeOf(err) != consent.InvalidRequest || consent.FieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := w.Service.SetHold(t.Context(), consent.Hold{Subject: w.Viewer.Subject, SetBy: "a", Reason: string(long)}); consent.FieldOf(err) != "reason" {
		t.Errorf("a long reason: %v", err)
	}
	if _, err := w.Service.LiftHold(t.Context(), "x", ""); consent.FieldOf(err) != "by" {
		t.Errorf("lifted by nobody: %v", err)
	}
	if _, err := w.Service.AskErasure(t.Context(), w.Viewer.Subject, "x", ""); consent.FieldOf(err) != "by" {
		t.Errorf("asked by nobody: %v", err)
	}
	if _, err := (consent.Erasure{AskedBy: "a"}).Approved("", start); consent.FieldOf(err) != "by" {
		t.Errorf("approved by nobody: %v", err)
	}
	g, _ := w.Granted(t, w.Push())
	if _, err := w.Service.SetHold(t.Context(), consent.Hold{Subject: "another", GrantID: g.ID, SetBy: "a", Reason: "x"}); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("a consent of somebody else's: %v", err)
	}
}

// A request that was answered otherwise ends the erasure that waited on it.
func TestAnErasureNeedsItsRequestOpen(t *testing.T) {
	w := consenttest.NewWorld(t)
	first := w.ToErase(t)
	if _, err := w.Service.EraseSubject(t.Context(), first.ID, "agent-2"); err != nil {
		t.Fatal(err)
	}
	w.Viewer.Subject = w.SignIn(t, consenttest.Angela())
	if _, err := w.Service.AskErasure(t.Context(), w.Viewer.Subject, first.RightsID, "agent-1"); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("the request of who was before: %v", err)
	}
}
