package apiparticulier_test

import (
	"net/http/httptest"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
)

const transport consent.SIRET = "21990013100018"

// editorWorld is an editor's token: the town hall delegated twice, the transports once.
func editorWorld(t *testing.T, own map[consent.SIRET]apiparticulier.Habilitation) (*apiparticulier.Client, *stub.Server, *consenttest.Gate) {
	t.Helper()
	clock, gate := consenttest.NewClock(), consenttest.NewGate()
	all := []string{"cnaf_quotient_familial", "cnaf_allocataires", "cnaf_enfants", "cnaf_adresse"}
	server := stub.New(stub.Config{Now: clock.Now, Tokens: map[string]stub.Habilitation{
		"editor": {Delegations: []stub.Delegation{
			{ID: "d1", Recipient: string(recipient), Scopes: []string{"cnaf_enfants"}}, {ID: "d2", Recipient: string(recipient), Scopes: all},
			{ID: "d3", Recipient: string(transport), Scopes: []string{"cnaf_quotient_familial"}},
		}},
		"of-its-own": {Scopes: []string{"cnaf_adresse"}},
	}})
	http := httptest.NewServer(server)
	t.Cleanup(http.Close)
	w := &world{gate: gate, clock: clock}
	cfg := w.config(http.URL, "editor")
	cfg.Habilitations = own
	return apiparticulier.New(cfg), server, gate
}

// An editor's token has the rights of the delegation that the operator named, or of the
// only one there is.
func TestAnEditorActsUnderTheDelegationOfTheRecipient(t *testing.T) {
	cases := map[string]struct {
		own    map[consent.SIRET]apiparticulier.Habilitation
		who    consent.SIRET
		groups int
		code   string
	}{
		"the only one":         {nil, transport, 1, ""},
		"one of several":       {map[consent.SIRET]apiparticulier.Habilitation{recipient: {DelegationID: "d2"}}, recipient, 4, ""},
		"the other":            {map[consent.SIRET]apiparticulier.Habilitation{recipient: {DelegationID: "d1"}}, recipient, 1, ""},
		"not named":            {nil, recipient, 0, "00212"},
		"somebody else's":      {map[consent.SIRET]apiparticulier.Habilitation{recipient: {DelegationID: "d3"}}, recipient, 0, "00213"},
		"nobody delegated":     {nil, "13990012000003", 0, "00213"},
		"a token of their own": {map[consent.SIRET]apiparticulier.Habilitation{recipient: {Token: "of-its-own"}}, recipient, 1, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			client, server, _ := editorWorld(t, c.own)
			answer, err := client.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: c.who, Period: november})
			if c.code != "" {
				if f := fault(t, err); f.Code != c.code || f.Outcome != consent.Failed {
					t.Errorf("%v", f)
				}
				return
			}
			if err != nil || len(answer.Data) != c.groups {
				t.Errorf("%d groups, %v", len(answer.Data), err)
			}
			if id := server.Calls()[0].Query.Get("delegation_id"); id != c.own[c.who].DelegationID {
				t.Errorf("delegation %q", id)
			}
		})
	}
}

// One body's quota, used up, holds back that body alone.
func TestAQuotaOfItsOwnHoldsBackItsRecipientAlone(t *testing.T) {
	client, server, _ := editorWorld(t, map[consent.SIRET]apiparticulier.Habilitation{recipient: {DelegationID: "d2"}})
	server.Misbehave(stub.Mischief{Code: "00429", RetryAfter: "60", Times: 1})
	_, err := client.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: recipient, Period: november})
	if f := fault(t, err); f.Status != 429 {
		t.Fatal(f)
	}
	_, err = client.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: recipient, Period: november})
	if f := fault(t, err); f.Refusal != consent.ProviderBusy {
		t.Errorf("the recipient: %v", f)
	}
	if _, err := client.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: transport, Period: november}); err != nil {
		t.Errorf("another: %v", err)
	}
}
