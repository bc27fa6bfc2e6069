package consent_test

import (
	"encoding/json"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// Neither the outbox, from which administrations are told, nor the evidence, which
// others verify, has the citizen's reason.
func TestAReasonStaysWithItsCitizen(t *testing.T) {
	for _, why := range consent.Reasons() {
		w := consenttest.NewWorld(t)
		issued := w.Issued(t, w.Push())
		g, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, why)
		if err != nil || g.Reason != why {
			t.Fatalf("%s is kept as %s: %v", why, g.Reason, err)
		}
		told, err := json.Marshal([]any{w.Memory.Events(), w.Memory.Ledger()})
		if err != nil || strings.Contains(string(told), string(why)) {
			t.Errorf("%s is told: %s, %v", why, told, err)
		}
		_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
		refused(t, string(why), err, consent.GrantWithdrawn)
		if strings.Contains(err.Error(), string(why)) {
			t.Errorf("%s is in the refusal: %v", why, err)
		}
	}
}

func TestAReasonThatIsNotOfferedWithdrawsNothing(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	_, one := w.Service.Withdraw(t.Context(), g.Subject, g.ID, "my neighbour")
	_, all := w.Service.WithdrawAll(t.Context(), g.Subject, consent.Party{}, "my neighbour")
	for what, err := range map[string]error{"one": one, "all": all} {
		refused(t, what, err, consent.InvalidRequest)
		if consent.FieldOf(err) != "reason" || strings.Contains(err.Error(), "neighbour") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if stored, _ := w.Store.Grant(t.Context(), g.Subject, g.ID); stored.Status != consent.GrantActive {
		t.Errorf("it is %s", stored.Status)
	}
}

func TestTheFirstReasonStays(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	w.Granted(t, w.PushOnce())
	done, err := w.Service.WithdrawAll(t.Context(), g.Subject, consent.Party{}, consent.Moved)
	if err != nil || len(done) != 2 || done[0].Reason != consent.Moved || done[1].Reason != consent.Moved {
		t.Fatalf("%v, %v", done, err)
	}
	again, err := w.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.TooMuch)
	if stored, _ := w.Store.Grant(t.Context(), g.Subject, g.ID); err != nil || stored.Reason != consent.Moved || again.Reason != consent.Moved {
		t.Errorf("%s, then %s: %v", stored.Reason, again.Reason, err)
	}
}
