package consent_test

import (
	"fmt"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestAnAddressIsOneThatCarriesNothingElse(t *testing.T) {
	w := consenttest.NewWorld(t)
	leave := func(address string) error {
		return w.Service.LeaveAddress(t.Context(), consent.Contact{Subject: w.Viewer.Subject, Address: address, Language: "fr", Kinds: consent.NoticeKinds()})
	}
	for _, address := range []string{
		"", "angela", "angela@", "@example.org", "angela@example", "a b@example.org", "angela@example.org\r\nBcc: all@example.org", "angela@example.org,pierre@example.org",
		"Angela <angela@example.org>", "\"angela\"@example.org", "angéla@example.org", "angela@[127.0.0.1]", strings.Repeat("a", 250) + "@example.org", "angela@example.org\x00",
	} {
		err := leave(address)
		refused(t, fmt.Sprintf("%q", address), err, consent.InvalidRequest)
		if consent.FieldOf(err) != "address" || len(address) > 2 && strings.Contains(err.Error(), address) {
			t.Errorf("%q: %v names another field, or quotes the address", address, err)
		}
	}
	for _, address := range []string{"angela@example.org", "angela.dubois+famille@mail.example.org"} {
		if err := leave(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestNoticesAreOfKnownKindsAndSomeAreChosen(t *testing.T) {
	w := consenttest.NewWorld(t)
	contact := consent.Contact{Subject: w.Viewer.Subject, Address: "angela@example.org", Language: "fr"}
	refused(t, "no kind", w.Service.LeaveAddress(t.Context(), contact), consent.NothingChosen)
	contact.Kinds = []consent.NoticeKind{"advertising"}
	refused(t, "another kind", w.Service.LeaveAddress(t.Context(), contact), consent.InvalidRequest)
	refused(t, "no kind, later", w.Service.ChangeNotices(t.Context(), w.Viewer.Subject, "fr", nil), consent.NothingChosen)
}

func TestAnAddressIsHiddenFromLogs(t *testing.T) {
	contact := consent.Contact{Address: "angela@example.org", Unsubscribe: "secret"}
	for _, text := range []string{fmt.Sprint(contact), fmt.Sprintf("%#v", contact), contact.LogValue().String()} {
		if strings.Contains(text, "angela") || strings.Contains(text, "secret") {
			t.Errorf("%q", text)
		}
	}
}
