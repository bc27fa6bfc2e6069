package consent_test

import (
	"fmt"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// sensitive are the data sets that reveal something about health.
func sensitive(t *testing.T) (out []consent.DataSet) {
	for _, set := range consent.DataSets() {
		if set.Confirmed() {
			out = append(out, set)
		}
	}
	if len(out) < 2 {
		t.Fatalf("%d data sets about health", len(out))
	}
	return out
}

func TestDataAboutHealthNeedAWordMore(t *testing.T) {
	for _, set := range sensitive(t) {
		w := consenttest.NewWorld(t)
		r := w.Identified(t, w.PushOf(t, set, set.Groups[0]))
		answer := w.Allow(r)
		answer.Confirmed = false
		_, err := w.Service.Decide(t.Context(), answer)
		if consent.CodeOf(err) != consent.InvalidRequest || consent.FieldOf(err) != "confirmed" || len(w.Memory.Events()) != 0 {
			t.Errorf("%s: %v, %v", set.Type, err, w.Memory.Events())
		}
		answer.Confirmed = true
		if _, err := w.Service.Decide(t.Context(), answer); err != nil {
			t.Errorf("%s: %v", set.Type, err)
		}
	}
}

func TestRefusingDataAboutHealthNeedsNone(t *testing.T) {
	for _, set := range sensitive(t) {
		w := consenttest.NewWorld(t)
		answer := w.Allow(w.Identified(t, w.PushOf(t, set, set.Groups[0])))
		answer.Allow, answer.Confirmed = false, false
		if _, err := w.Service.Decide(t.Context(), answer); err != nil {
			t.Errorf("%s: %v", set.Type, err)
		}
	}
}

// Whoever reads a mailbox, or an administration’s events, learns nothing about health.
func TestNoNewsNamesDataAboutHealth(t *testing.T) {
	for _, set := range sensitive(t) {
		w := consenttest.NewWorld(t)
		g, _ := w.Granted(t, w.PushOf(t, set, set.Groups[0]))
		if _, err := w.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.Unsaid); err != nil {
			t.Fatal(err)
		}
		news := w.Memory.Events()
		if len(news) != 2 {
			t.Fatalf("%d events", len(news))
		}
		told := fmt.Sprintf("%+v %+v", news, consent.Mail{ID: "1", Notices: []consent.MailNotice{{Kind: consent.NoticeUse, Administration: w.Client.LegalName}}})
		for _, word := range append([]string{set.Type, set.Path}, string(set.Groups[0])) {
			if strings.Contains(told, word) {
				t.Errorf("%q is in %s", word, told)
			}
		}
	}
}
