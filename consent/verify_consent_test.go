package consent_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func verification(p consent.Client, i consent.Issuance) consent.Verification {
	return consent.Verification{Provider: p, ClientID: i.Grant.ClientID, GrantID: i.Grant.ID, TokenID: i.Token.ID}
}

func TestAProviderLearnsOfConsentsForItsAudienceAndTheCitizenSeesIt(t *testing.T) {
	w, provider := consenttest.NewWorld(t), consenttest.Provider()
	issued := w.Issued(t, w.PushTo(provider))
	if issued.Audience != provider.Provider.Audience {
		t.Fatalf("the token is for %q", issued.Audience)
	}
	verified, err := w.Service.VerifyConsent(t.Context(), verification(provider, issued))
	if err != nil || verified.Identity.FamilyName != consenttest.Angela().Identity.FamilyName || len(verified.Details.Groups) != 2 {
		t.Fatalf("%v", err)
	}
	view, err := w.Service.Grant(t.Context(), w.Viewer.Subject, issued.Grant.ID, "")
	if err != nil || len(view.Accesses) != 1 || view.Accesses[0].Outcome != consent.Verified || view.Clients[view.Accesses[0].Asker()].LegalName != provider.LegalName {
		t.Errorf("the citizen sees %+v, %v", view.Accesses, err)
	}
	ours := w.Issued(t, w.Push())
	_, err = w.Service.VerifyConsent(t.Context(), verification(provider, ours))
	refused(t, "a consent for our own data API", err, consent.TokenRevoked)

	provider.Provider.Identity = false
	anonymous, err := w.Service.VerifyConsent(t.Context(), verification(provider, issued))
	if err != nil || anonymous.Identity.FamilyName != "" {
		t.Errorf("a provider that is not entitled gets an identity: %v", err)
	}
}

func TestAOnceConsentIsVerifiedOnce(t *testing.T) {
	w, provider := consenttest.NewWorld(t), consenttest.Provider()
	p := w.PushTo(provider)
	p.Details.Access = consent.Once
	issued := w.Issued(t, p)
	if _, err := w.Service.VerifyConsent(t.Context(), verification(provider, issued)); err != nil {
		t.Fatal(err)
	}
	_, err := w.Service.VerifyConsent(t.Context(), verification(provider, issued))
	refused(t, "a second use", err, consent.GrantConsumed)
}

func TestConsentsForAProviderAreKeptApartFromOurs(t *testing.T) {
	w, provider := consenttest.NewWorld(t), consenttest.Provider()
	g, _ := w.Granted(t, w.Push())
	if r := w.Identified(t, w.PushTo(provider)); r.GrantID == g.ID {
		t.Error("a consent for our data API answered for another's")
	}
	nowhere := w.PushTo(provider)
	nowhere.Details.Locations = []string{"https://nowhere.example"}
	_, _, err := w.Service.PushRequest(t.Context(), nowhere)
	refused(t, "a location nobody registered", err, consent.InvalidAuthorizationDetails)

	_, r := w.Granted(t, w.PushTo(provider))
	provider.Suspended = true
	if err := w.Memory.PutClient(t.Context(), provider); err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.RedeemCode(t.Context(), w.Redemption(w.Code(t, r)))
	refused(t, "a token for a provider that is suspended", err, consent.InvalidGrant)
	_, _, err = w.Service.PushRequest(t.Context(), w.PushTo(consenttest.Provider()))
	refused(t, "a request for it", err, consent.InvalidAuthorizationDetails)
}
