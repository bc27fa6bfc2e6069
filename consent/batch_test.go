package consent_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// Without a token, only the client that the consent was given to is let in, to data of
// ours, and to a consent that goes on.
func TestABatchNeedsNoTokenAndNothingLess(t *testing.T) {
	w := consenttest.NewWorld(t)
	once, _ := w.Granted(t, w.PushOnce())
	elsewhere, _ := w.Granted(t, w.PushTo(consenttest.Provider()))
	issued := w.Issued(t, w.Push())
	live := issued.Grant
	for what, c := range map[string]struct {
		change func(*consent.AccessRequest)
		want   consent.Code
	}{
		"good":                       {func(*consent.AccessRequest) {}, ""},
		"of another client":          {func(in *consent.AccessRequest) { in.ClientID = consenttest.Transports().ID }, consent.TokenRevoked},
		"of nobody":                  {func(in *consent.AccessRequest) { in.ClientID = "" }, consent.TokenRevoked},
		"a consent to one release":   {func(in *consent.AccessRequest) { in.GrantID = once.ID }, consent.InsufficientScope},
		"another provider's data":    {func(in *consent.AccessRequest) { in.GrantID = elsewhere.ID }, consent.InsufficientScope},
		"with a token beside":        {func(in *consent.AccessRequest) { in.TokenID = issued.Token.ID }, consent.InvalidRequest},
		"by a data provider":         {func(in *consent.AccessRequest) { in.Provider = consenttest.Provider() }, consent.InvalidRequest},
		"for another recipient":      {func(in *consent.AccessRequest) { in.Recipient = consenttest.Transports().SIRET }, consent.RecipientMismatch},
		"without a token, and alone": {func(in *consent.AccessRequest) { in.Way = consent.WithToken }, consent.TokenRevoked},
		"in a way that is unknown":   {func(in *consent.AccessRequest) { in.Way = "other" }, consent.InvalidRequest},
	} {
		in := consent.AccessRequest{Way: consent.InBatch, ClientID: live.ClientID, GrantID: live.ID, DataSet: consent.QuotientFamilial, Period: consent.PeriodOf(w.Clock.Now())}
		c.change(&in)
		open, err := w.Service.AuthorizeAccess(t.Context(), in)
		if consent.CodeOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
		if err == nil && (open.Access.Way != consent.InBatch || open.Access.TokenID != "") {
			t.Errorf("%s: %+v", what, open.Access)
		}
	}
}
