package consent_test

import (
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestWhoConsultedIsAReferenceAndNeverAName(t *testing.T) {
	for _, good := range []string{"", "agent-4812", "A.b_c:9", strings.Repeat("x", 64)} {
		if by, err := consent.ParseConsultedBy(good, good); err != nil || by.Agent != good || by.Service != good {
			t.Errorf("%q: %+v, %v", good, by, err)
		}
	}
	for _, bad := range []string{"lea.bertin@lisiere.example", "Léa", "Léa Bertin", "a b", "a\n", strings.Repeat("x", 65)} {
		for field, pair := range map[string][2]string{"agent": {bad, "x"}, "service": {"x", bad}} {
			_, err := consent.ParseConsultedBy(pair[0], pair[1])
			if consent.CodeOf(err) != consent.InvalidRequest || consent.FieldOf(err) != field || strings.Contains(err.Error(), bad) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	}
}

func TestWhoConsultedIsKeptWithTheAccess(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	by := consent.ConsultedBy{Agent: "agent-4812", Service: "cantine"}
	opened, err := w.Service.AuthorizeAccess(t.Context(), consent.AccessRequest{
		TokenID: issued.Token.ID, GrantID: issued.Grant.ID, ClientID: issued.Grant.ClientID, DataSet: consent.QuotientFamilial, Period: consent.Period{Year: 2026, Month: 3}, By: by,
	})
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := w.Store.Accesses(t.Context(), w.Viewer.Subject, "", consent.Access{}, 1); err != nil || kept[0].By != by || opened.Access.By != by {
		t.Errorf("%+v, %v", kept, err)
	}
}
