package consent_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestParseDetailsRefusesWhatIsNotOneObjectOfOurMembers(t *testing.T) {
	cases := map[string]string{
		"empty":            ``,
		"not JSON":         `nonsense`,
		"an object":        `{"type":"quotient_familial"}`,
		"no object":        `[]`,
		"two objects":      `[{"type":"a"},{"type":"b"}]`,
		"unknown member":   `[{"type":"quotient_familial","actions":["read"]}]`,
		"wrong type":       `[{"type":1}]`,
		"something after":  `[{"type":"quotient_familial"}] []`,
		"bad date":         `[{"type":"quotient_familial","expires_at":"2027-02-29"}]`,
		"a zero recipient": `[{"type":"quotient_familial","recipient":"\u0000"}]`,
		"a zero location":  `[{"type":"quotient_familial","locations":["\u0000"]}]`,
		"too long":         `[{"type":"` + strings.Repeat("a", 5000) + `"}]`,
	}
	for name, raw := range cases {
		t.Run(name, func(t *testing.T) {
			if _, _, err := consent.ParseDetails([]byte(raw)); !errors.Is(err, consent.InvalidAuthorizationDetails) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestParseDetailsReadsEveryMember(t *testing.T) {
	got, _, err := consent.ParseDetails([]byte(`[{"type":"quotient_familial","locations":["` + consenttest.Location + `"],"datatypes":["enfants"],
		"purpose":"tarification-cantine","recipient":"21990012300015","access":"continuous","expires_at":"2027-08-31"}]`))
	if err != nil {
		t.Fatal(err)
	}
	want := consenttest.Canteen()
	want.Locations, want.Groups, want.EndsOn = []string{consenttest.Location}, []consent.DataGroup{"enfants"}, consent.Date{Year: 2027, Month: 8, Day: 31}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestResolveNamesTheMemberAboveItsRightOrCeiling(t *testing.T) {
	change := func(f func(*consent.Details)) consent.Details {
		d := consenttest.Canteen()
		f(&d)
		return d
	}
	cases := map[string]struct {
		details consent.Details
		member  string
	}{
		"unknown type":         {change(func(d *consent.Details) { d.Type = "revenu_fiscal" }), "type"},
		"another location":     {change(func(d *consent.Details) { d.Locations = []string{"https://elsewhere.example"} }), "locations"},
		"unknown purpose":      {change(func(d *consent.Details) { d.Purpose = "publicite" }), "purpose"},
		"unregistered purpose": {change(func(d *consent.Details) { d.Purpose = "tarification-transports" }), "purpose"},
		"no group":             {change(func(d *consent.Details) { d.Groups = nil }), "datatypes"},
		"unknown group":        {change(func(d *consent.Details) { d.Groups = []consent.DataGroup{"revenu"} }), "datatypes"},
		"group above ceiling":  {change(func(d *consent.Details) { d.Purpose, d.Access = "carte-famille-nombreuse", consent.Once }), "datatypes"},
		"another's SIRET":      {change(func(d *consent.Details) { d.Recipient = "21990013100018" }), "recipient"},
		"no SIRET":             {change(func(d *consent.Details) { d.Recipient = "21990012300016" }), "recipient"},
		"unknown mode":         {change(func(d *consent.Details) { d.Access = "forever" }), "access"},
		"mode above ceiling":   {change(func(d *consent.Details) { d.Purpose = "carte-famille-nombreuse" }), "datatypes"},
		"end in the past":      {change(func(d *consent.Details) { d.EndsOn = consent.Date{Year: 2026, Month: 11, Day: 23} }), "expires_at"},
		"end after 13 months":  {change(func(d *consent.Details) { d.EndsOn = consent.Date{Year: 2027, Month: 12, Day: 25} }), "expires_at"},
		"once until next summer": {change(func(d *consent.Details) {
			d.Access, d.EndsOn = consent.Once, consent.Date{Year: 2027, Month: 8, Day: 31}
		}), "expires_at"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := c.details.Resolve(consenttest.TownHall(), consenttest.Location, consenttest.Start)
			if !errors.Is(err, consent.InvalidAuthorizationDetails) || consent.FieldOf(err) != c.member {
				t.Errorf("got %v, want %s named", err, c.member)
			}
		})
	}
}

func TestResolveFillsTheDefaultsIn(t *testing.T) {
	cases := map[string]struct {
		now  time.Time
		mode consent.AccessMode
		want string
	}{
		"until the end of the school year":      {consenttest.Start, consent.Continuous, "2027-08-31"},
		"in July, still this year's":            {time.Date(2027, 7, 31, 12, 0, 0, 0, time.UTC), consent.Continuous, "2027-08-31"},
		"in August, next year's":                {time.Date(2027, 8, 1, 12, 0, 0, 0, time.UTC), consent.Continuous, "2028-08-31"},
		"August has begun in Paris":             {time.Date(2027, 7, 31, 23, 0, 0, 0, time.UTC), consent.Continuous, "2028-08-31"},
		"once is a day":                         {consenttest.Start, consent.Once, "2026-11-25"},
		"once across the change to summer time": {time.Date(2027, 3, 27, 22, 30, 0, 0, time.UTC), consent.Once, "2027-03-29"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d := consenttest.Canteen()
			d.Access, d.Groups = c.mode, []consent.DataGroup{"enfants", "quotient_familial", "enfants"}
			got, err := d.Resolve(consenttest.TownHall(), consenttest.Location, c.now)
			if err != nil {
				t.Fatal(err)
			}
			if got.EndsOn.String() != c.want {
				t.Errorf("ends on %s, want %s", got.EndsOn, c.want)
			}
			if !cmp.Equal(got.Groups, []consent.DataGroup{"quotient_familial", "enfants"}) {
				t.Errorf("groups %v: not each once in the order of the screen", got.Groups)
			}
		})
	}
}
