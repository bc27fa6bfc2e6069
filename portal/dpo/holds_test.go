package dpo_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
)

func TestAHoldIsSetAndLiftedWithAReason(t *testing.T) {
	w := newWorld(t)
	r := w.asked(consent.RightErasure)
	platform := w.agent(consent.RolePlatformDPO)
	address := w.base + "/dpo/rights/" + r.ID + "/holds"
	w.shows("none yet", platform.Get(address).Body, "Aucune garde n’est posée.")
	for _, reason := range []string{"", "  ", strings.Repeat("é", 201)} {
		got := platform.Post(address, url.Values{"reason": {reason}})
		w.says("without a reason", got, 422, "dpo.holds.title")
		w.shows("without a reason", got.Body, `href="#reason"`)
	}
	w.shows("set", platform.Post(address, url.Values{"reason": {" dossier <12> "}}).Body, "La garde est posée.", "dossier &lt;12&gt;", "Dominique EXEMPLE")
	held, err := w.Service.Holds(t.Context(), r.Subject)
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	w.says("proposed meanwhile", platform.Post(w.base+"/dpo/erasures", url.Values{"request": {r.ID}}), 409, "dpo.refused.legal_hold.title")
	lift := url.Values{"hold": {held[0].ID}}
	w.shows("lifted without a reason", platform.Post(address+"/lift", lift).Body, `href="#why-`+held[0].ID+`"`)
	if got := platform.Post(address+"/lift", url.Values{"hold": {"x"}, "why": {"close"}}); got.Status != http.StatusNotFound {
		t.Errorf("another hold: %d", got.Status)
	}
	lift.Set("why", "affaire close")
	w.shows("lifted", platform.Post(address+"/lift", lift).Body, "La garde est levée.", "Aucune garde n’est posée.")
	if _, err := w.Service.ProposeErasure(t.Context(), w.registered(w.provider.in.Email), r.ID); err != nil {
		t.Errorf("still held: %v", err)
	}
}
