package consent_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// Whatever comes, authorization_details are read or refused by name; what is read
// and resolved stays within the registration.
func FuzzParseDetails(f *testing.F) {
	for _, seed := range []string{
		`[{"type":"quotient_familial","datatypes":["quotient_familial"],"purpose":"tarification-cantine","recipient":"21990012300015","access":"once"}]`,
		`[]`, `[{}]`, `{}`, `null`, `[{"type":1}]`, `[{"expires_at":"2027-02-30"}]`, `[{"type":"quotient_familial","type":"x"}]`, "[{\"purpose\":\"\u0000\"}]", `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	client := consenttest.TownHall()
	f.Fuzz(func(t *testing.T, raw []byte) {
		details, _, err := consent.ParseDetails(raw)
		if err != nil {
			if consent.CodeOf(err) != consent.InvalidAuthorizationDetails {
				t.Errorf("%v", err)
			}
			return
		}
		resolved, err := details.Resolve(client, consenttest.Location, consenttest.Start)
		if err != nil {
			if consent.CodeOf(err) != consent.InvalidAuthorizationDetails {
				t.Errorf("%v", err)
			}
			return
		}
		if !client.Registered(resolved.Purpose) || resolved.Recipient != client.SIRET || len(resolved.Groups) == 0 {
			t.Errorf("beyond the registration: %+v", resolved)
		}
	})
}

// Whatever the names are, folding them twice changes nothing more.
func FuzzMatchKey(f *testing.F) {
	f.Add("LE GŒFF-D’ÉPÉE", "Zoé", "1987-00-00", "2A004")
	f.Add("\xff\xfe", "\u0301", "", "")
	f.Fuzz(func(t *testing.T, family, given, date, place string) {
		key := consent.PivotIdentity{FamilyName: family, GivenNames: []string{given}, Birthdate: date, Birthplace: place}.MatchKey()
		if place == "" { // abroad, every name counts
			return
		}
		again := consent.PivotIdentity{FamilyName: family + " ", GivenNames: []string{given, "other"}, Birthdate: date, Birthplace: place}.MatchKey()
		if key != again {
			t.Errorf("%q, then %q", key, again)
		}
	})
}
