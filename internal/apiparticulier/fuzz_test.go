package apiparticulier_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/apiparticulier"
)

// answering answers 200 with itself.
type answering string

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {"application/vnd.api+json"}}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}, nil
}

// Whatever bytes come, the client gives a fault, or documented groups whose members are
// plain values, with the month that is in them.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"data":{"quotient_familial":{"fournisseur":"MSA","valeur":150,"annee":2026,"mois":11,"nir":"1"},"enfants":[],"nir":"1"},"links":{},"meta":{}}`,
		`{"data":{"enfants":[{"prenoms":"A","date_naissance":"2020-00-00","nir":{"a":1}}]}}`, `{"data":{"enfants":null}}`, `{"data":null}`, `[]`, `{"data":{"adresse":{"pays":[1]}}}`,
		`{"DATA":{"quotient_familial":{"ANNEE":2026,"mois":11}}}`, `{"data":{"quotient_familial":{"annee":2026,"mois":11.0}}}`, "{\"data\":{\"adresse\":{\"pays\":\"\xff\"}}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client := apiparticulier.New(apiparticulier.Config{
			BaseURL: "http://api.example", Token: "t", Gate: consenttest.NewGate(), Now: consenttest.NewClock().Now, HTTPClient: &http.Client{Transport: answering(body)},
		})
		answer, err := client.Ask(t.Context(), asking(jeanne(), november))
		var fault *consent.ProviderFault
		if err != nil {
			if !errors.As(err, &fault) || fault.Outcome != consent.Failed {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		for key, raw := range answer.Data {
			group := consent.DataGroup(key) // of the quotient familial, each is one key
			if !slices.Contains(consent.QuotientFamilial.Groups, group) {
				t.Errorf("group %q", group)
			}
			var list []map[string]any
			if raw[0] == '{' {
				raw = json.RawMessage("[" + string(raw) + "]")
			}
			if err := json.Unmarshal(raw, &list); err != nil {
				t.Errorf("%s: %v", group, err)
			}
			for _, member := range list {
				plain(t, group, member, answer.Period)
			}
		}
	})
}

func plain(t *testing.T, group consent.DataGroup, member map[string]any, month consent.Period) {
	t.Helper()
	for name, value := range member {
		switch value.(type) {
		case map[string]any, []any:
			t.Errorf("%s.%s is %T", group, name, value)
		}
		if name == "nir" || strings.ToLower(name) != name {
			t.Errorf("%s.%s", group, name)
		}
	}
	if group == consent.GroupQuotientFamilial && (member["annee"] != float64(month.Year) || member["mois"] != float64(month.Month)) {
		t.Errorf("%v, and the month is %v", member, month)
	}
}
