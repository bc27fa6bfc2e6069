package consent_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestASingleWrongDigitOfASIRETIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := []byte("21990012300015")
		at := rapid.IntRange(0, 13).Draw(t, "at")
		digits[at] = '0' + (digits[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := consent.ParseSIRET(string(digits)); err == nil {
			t.Fatalf("%s was accepted", digits)
		}
	})
}

func TestSIRETs(t *testing.T) {
	for siret, valid := range map[string]bool{
		"21990012300015": true, "13002526500013": true, // DINUM
		"35600000000048": true, // La Poste's seat, by Luhn
		"35600000049837": true, // one of its offices, by the sum of digits
		"35600000049838": false, "2199001230001": false, "219900123000150": false, "2199001230001a": false, "": false,
	} {
		if _, err := consent.ParseSIRET(siret); (err == nil) != valid {
			t.Errorf("%s: %v", siret, err)
		}
	}
}

func TestMonthsEndOnTheirLastDay(t *testing.T) {
	cases := []struct {
		from   string
		months int
		want   string
	}{
		{"2027-08-31", 6, "2028-02-29"}, {"2026-08-31", 6, "2027-02-28"}, {"2026-11-30", 13, "2027-12-30"}, {"2026-12-31", 2, "2027-02-28"}, {"2027-01-15", -1, "2026-12-15"},
	}
	for _, c := range cases {
		d, err := consent.ParseDate(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestAnEndDateIsInclusiveInParis(t *testing.T) {
	cases := map[string]string{
		"2027-08-31": "2027-08-31T22:00:00Z", // summer time
		"2026-12-31": "2026-12-31T23:00:00Z", // winter time
		"2027-03-28": "2027-03-28T22:00:00Z", // the day of 23 hours
		"2026-10-25": "2026-10-25T23:00:00Z", // the day of 25 hours
	}
	for day, want := range cases {
		d, err := consent.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.End().Format(time.RFC3339); got != want {
			t.Errorf("%s ends at %s, want %s", day, got, want)
		}
	}
}

func TestAGrantIsJudgedAtAnInstant(t *testing.T) {
	end := consenttest.Start.Add(time.Hour)
	g := consent.Grant{Status: consent.GrantActive, ExpiresAt: end, Details: consent.Details{Access: consent.Continuous}}
	once := g
	once.Details.Access, once.ConsumedBy = consent.Once, "access"
	withdrawn, paused := g, g
	withdrawn.Status, paused.Status = consent.GrantTakenBack, consent.GrantPaused
	cases := map[string]struct {
		grant consent.Grant
		at    time.Time
		want  error
	}{
		"before its end":          {g, end.Add(-time.Nanosecond), nil},
		"at its end":              {g, end, consent.GrantExpired},
		"withdrawn":               {withdrawn, consenttest.Start, consent.GrantWithdrawn},
		"withdrawn, then expired": {withdrawn, end.Add(time.Hour), consent.GrantWithdrawn},
		"suspended":               {paused, consenttest.Start, consent.GrantSuspended},
		"used up":                 {once, consenttest.Start, consent.GrantConsumed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if err := c.grant.Live(c.at); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestARequestIsJudgedAtAnInstant(t *testing.T) {
	end := consenttest.Start.Add(time.Hour)
	for status, want := range map[consent.RequestStatus]consent.RequestStatus{
		consent.RequestPending: consent.RequestExpired, consent.RequestIdentified: consent.RequestExpired,
		consent.RequestGranted: consent.RequestGranted, consent.RequestRefused: consent.RequestRefused,
	} {
		r := consent.Request{Status: status, ExpiresAt: end}
		if got := r.StatusAt(end.Add(-1)); got != status {
			t.Errorf("%s before its end: %s", status, got)
		}
		if got := r.StatusAt(end); got != want {
			t.Errorf("%s at its end: %s, want %s", status, got, want)
		}
	}
}

func TestIdentitiesDoNotPrint(t *testing.T) {
	in := consenttest.Angela()
	for _, verb := range []string{"%v", "%+v", "%s", "%#v"} {
		for _, value := range []any{in, in.Identity, &in, &in.Identity} {
			if text := fmt.Sprintf(verb, value); len(text) > 20 {
				t.Errorf("%s of %T prints %q", verb, value, text)
			}
		}
	}
}
