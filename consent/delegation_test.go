package consent_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestAnEditorAsksOnlyForWhoDelegatedToIt(t *testing.T) {
	w := consenttest.NewWorld(t)
	valbois := consenttest.Delegated()[0]
	if _, _, err := w.Service.PushRequest(t.Context(), w.PushFor(valbois)); err != nil {
		t.Fatal(err)
	}
	for what, recipient := range map[string]consent.SIRET{"an authority that did not": consenttest.TownHall().SIRET, "itself": consenttest.SoftwareEditor().SIRET, "no SIRET": "x"} {
		p := w.PushFor(valbois)
		p.Details.Recipient = recipient
		_, _, err := w.Service.PushRequest(t.Context(), p)
		refused(t, what, err, consent.InvalidAuthorizationDetails)
		if consent.FieldOf(err) != "recipient" {
			t.Errorf("%s: names %q", what, consent.FieldOf(err))
		}
	}
	other := w.Push() // nor does an administration ask for another
	other.Details.Recipient = valbois.SIRET
	_, _, err := w.Service.PushRequest(t.Context(), other)
	refused(t, "an administration for another", err, consent.InvalidAuthorizationDetails)
}

// What an editor holds for one authority is of no use for another: the citizen has
// another name there, no consent is reused, and each delegation ends alone.
func TestNothingCrossesFromOneAuthorityToAnother(t *testing.T) {
	w := consenttest.NewWorld(t)
	valbois, montclair := consenttest.Delegated()[0], consenttest.Delegated()[1]
	first, second := w.IssuedFor(t, w.PushFor(valbois)), w.IssuedFor(t, w.PushFor(montclair))
	if first.Grant.Sub == second.Grant.Sub {
		t.Error("one citizen has one sub at two authorities of an editor")
	}
	if r := w.Identified(t, w.PushFor(montclair)); r.GrantID == first.Grant.ID {
		t.Error("a consent to one authority answered a request of another")
	}
	crossed := w.Call(first)
	crossed.Recipient = montclair.SIRET
	_, err := w.Service.AuthorizeAccess(t.Context(), crossed)
	refused(t, "the token of one for the other", err, consent.RecipientMismatch)

	valbois.RevokedAt = w.Clock.Now()
	if err := w.Memory.PutDelegation(t.Context(), valbois); err != nil {
		t.Fatal(err)
	}
	editor := consenttest.SoftwareEditor()
	_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(first))
	refused(t, "data after the delegation ended", err, consent.UnauthorizedClient)
	_, err = w.Service.Refresh(t.Context(), consent.Renewal{Client: editor, RefreshToken: first.RefreshToken})
	refused(t, "renewal after the delegation ended", err, consent.UnauthorizedClient)
	_, found, err := w.Service.ClientAsking(t.Context(), editor.ID, first.Grant.ID, first.Token.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.Introspect(t.Context(), editor, found)
	refused(t, "introspection after the delegation ended", err, consent.TokenRevoked)
	_, _, err = w.Service.PushRequest(t.Context(), w.PushFor(valbois))
	refused(t, "a request after the delegation ended", err, consent.InvalidAuthorizationDetails)
	if places, err := w.Memory.RevokedPlaces(t.Context(), first.Token.Status.List); err != nil || len(places) != 1 || places[0] != first.Token.Status.Index {
		t.Errorf("the status list tells %v, %v", places, err)
	}
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(second)); err != nil {
		t.Errorf("the other authority: %v", err)
	}
}

func TestACitizenReadsWhoReceivesAndWhoTransmits(t *testing.T) {
	w := consenttest.NewWorld(t)
	valbois := consenttest.Delegated()[0]
	g, _ := w.Granted(t, w.PushFor(valbois))
	view, err := w.Service.Grant(t.Context(), w.Viewer.Subject, g.ID, "")
	if err != nil || view.Client.LegalName != valbois.LegalName || view.Client.Through != "Logiciels Enfance" {
		t.Errorf("%q through %q: %v", view.Client.LegalName, view.Client.Through, err)
	}
}

func TestARegistrationOfEachKind(t *testing.T) {
	for _, good := range []consent.Client{consenttest.TownHall(), consenttest.SoftwareEditor(), consenttest.Provider()} {
		if faults := good.Faults(); len(faults) != 0 {
			t.Errorf("%s: %v", good.ID, faults)
		}
	}
	editor := consenttest.SoftwareEditor()
	editor.Groups = consent.QuotientFamilial.Groups
	provider := consenttest.Provider()
	provider.Provider = consent.Provider{Audience: "http://aides.example", DataSet: "other"}
	unknown := consenttest.TownHall()
	unknown.Kind = ""
	for want, bad := range map[int]consent.Client{1: editor, 3: provider} {
		if faults := bad.Faults(); len(faults) != want {
			t.Errorf("%s: %v", bad.ID, faults)
		}
	}
	if faults := unknown.Faults(); len(faults) != 1 || consent.FieldOf(faults[0]) != "kind" {
		t.Errorf("no kind: %v", faults)
	}
	if faults := (consent.Delegation{}).Faults(); len(faults) == 0 {
		t.Error("an empty delegation is accepted")
	}
}
