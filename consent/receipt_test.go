package consent_test

import (
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// A receipt proves its own answer, whatever became of the consent afterwards.
func TestAReductionHasAReceiptOfItsOwn(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, r := w.Granted(t, w.Push())
	w.Clock.Advance(time.Hour)
	nearer := consent.Date{Year: 2027, Month: 1, Day: 31}
	smaller := consent.Statement{Language: "fr", Version: 1, Text: "Ce que vous continuez de partager"}
	_, err := w.Service.Reduce(t.Context(), consent.Reduction{
		GrantID: g.ID, Subject: g.Subject, Groups: g.Details.Groups[:1], EndsOn: nearer, Statement: smaller, AuthTime: consenttest.Start,
	})
	if err != nil {
		t.Fatal(err)
	}
	answers := w.Memory.Answers()
	for i, want := range []struct {
		groups  []consent.DataGroup
		endsOn  consent.Date
		text    consent.Statement
		at      time.Time
		reduces bool
	}{
		{r.Details.Groups, r.Details.EndsOn, consenttest.Statement(), consenttest.Start, false},
		{r.Details.Groups[:1], nearer, smaller, w.Clock.Now(), true},
	} {
		got, err := w.Service.Receipt(t.Context(), g.Subject, answers[i].ID)
		if err != nil || !slices.Equal(got.Details.Groups, want.groups) || got.Details.EndsOn != want.endsOn || got.Reduces != want.reduces {
			t.Errorf("receipt %d: %v until %s, reduces %v: %v", i, got.Details.Groups, got.Details.EndsOn, got.Reduces, err)
		}
		if got.Decision.Statement != want.text || !got.Decision.At.Equal(want.at) || got.Grant.ID != g.ID {
			t.Errorf("receipt %d: %+v", i, got.Decision)
		}
	}
	if first, _ := w.Service.ReceiptID(t.Context(), g.Subject, r.ID); first != answers[0].ID {
		t.Errorf("the request was answered by %s", first)
	}
}

func TestTheReceiptOfOneReleaseSaysOnce(t *testing.T) {
	w := consenttest.NewWorld(t)
	answer := w.Allow(w.Identified(t, w.Push()))
	answer.Once = true
	if _, err := w.Service.Decide(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	got, err := w.Service.Receipt(t.Context(), answer.Viewer.Subject, w.Memory.Answers()[0].ID)
	if err != nil || got.Details.Access != consent.Once || got.Reduces {
		t.Errorf("%+v, %v", got, err)
	}
}
