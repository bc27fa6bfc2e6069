package gateway_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/token"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/internal/signing"
)

func TestUpstreamFaults(t *testing.T) {
	cases := map[string]struct {
		mischief stub.Mischief
		status   int
		code     string
		outcome  consent.Outcome
		retry    string
	}{
		"no file":             {stub.Mischief{Code: "23003"}, 404, "23003", consent.NoFile, ""},
		"no fund":             {stub.Mischief{Code: "35003"}, 404, "35003", consent.NoFile, ""},
		"period refused":      {stub.Mischief{Code: "35565"}, 422, "35565", consent.NoFile, ""},
		"not identified":      {stub.Mischief{Code: "35560"}, 422, "35560", consent.NotIdentified, ""},
		"too many":            {stub.Mischief{Code: "00429"}, 429, "00429", consent.Busy, "1"},
		"collision":           {stub.Mischief{Code: "00015"}, 409, "00015", consent.Busy, "1"},
		"maintenance":         {stub.Mischief{Code: "35020"}, 503, "35020", consent.Busy, "300"},
		"fund failure":        {stub.Mischief{Code: "35000"}, 502, "35000", consent.Failed, ""},
		"fund slow":           {stub.Mischief{Code: "35002"}, 504, "35002", consent.TimedOut, ""},
		"reset":               {stub.Mischief{Reset: true}, 502, "90502", consent.Failed, ""},
		"garbage":             {stub.Mischief{Garbage: true}, 502, "90502", consent.Failed, ""},
		"broken off":          {stub.Mischief{Truncate: true}, 502, "90502", consent.Failed, ""},
		"huge":                {stub.Mischief{Huge: true}, 502, "90502", consent.Failed, ""},
		"another month":       {stub.Mischief{WrongMonth: true}, 502, "90502", consent.Failed, ""},
		"our token refused":   {stub.Mischief{Code: "00101"}, 502, "90502", consent.Failed, ""},
		"our rights refused":  {stub.Mischief{Code: "00100"}, 502, "90502", consent.Failed, ""},
		"our recipient wrong": {stub.Mischief{Code: "00210"}, 502, "90502", consent.Failed, ""},
		"page of a proxy":     {stub.Mischief{Status: 500}, 502, "90502", consent.Failed, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
			w.upstream.Misbehave(c.mischief)
			r := w.get(path, bearer)
			if r.status != c.status || r.code() != c.code || r.header.Get("Retry-After") != c.retry {
				t.Errorf("%d %q, retry after %q: %s", r.status, r.code(), r.header.Get("Retry-After"), r.raw)
			}
			if a := w.last(); a.Outcome != c.outcome || a.ClosedAt.IsZero() {
				t.Errorf("recorded as %s", a.Outcome)
			}
			want := name == "our token refused" || name == "our rights refused"
			if alert := strings.Contains(w.log.String(), "refuses our habilitation"); alert != want {
				t.Errorf("operators alerted: %v", alert)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	cases := map[string]struct {
		query  string
		status int
		code   string
		source string
	}{
		"this month":          {"", 200, "", ""},
		"a month of the year": {"?mois=3", 200, "", ""},
		"this month in 2025":  {"?annee=2025", 200, "", ""},
		"23 months ago":       {"?annee=2024&mois=12", 200, "", ""},
		"the right recipient": {"?recipient=21990012300015", 200, "", ""},
		"24 months ago":       {"?annee=2024&mois=11", 422, "00355", "annee, mois"},
		"next month":          {"?mois=12", 422, "00354", "mois"},
		"month 0":             {"?mois=0", 422, "00354", "mois"},
		"month 13":            {"?annee=2025&mois=13", 422, "00354", "mois"},
		"month in words":      {"?mois=mars", 422, "00354", "mois"},
		"empty month":         {"?mois=", 422, "00354", "mois"},
		"signed month":        {"?mois=%2B3", 422, "00354", "mois"},
		"huge month":          {"?mois=99999999999999999999", 422, "00354", "mois"},
		"next year":           {"?annee=2027", 422, "00356", "annee"},
		"three years ago":     {"?annee=2023", 422, "00356", "annee"},
		"not a SIRET":         {"?recipient=123", 422, "00210", "recipient"},
		"another recipient":   {"?recipient=21990013100018", 403, "90006", "recipient"},
		"month twice":         {"?mois=3&mois=4", 422, "00354", "mois"},
		"unknown":             {"?nomNaissance=X", 400, "00401", "nomNaissance"},
		"a semicolon":         {"?mois=3;annee=2026", 400, "00401", ""},
		"oversize":            {"?mois=" + strings.Repeat("1", 9000), 400, "00401", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
			r := w.get(path+c.query, bearer)
			source := ""
			if len(r.Errors) == 1 && r.Errors[0].Source != nil {
				source = r.Errors[0].Source.Parameter
			}
			if r.status != c.status || r.code() != c.code || (c.source != "" && source != c.source) {
				t.Errorf("%d %q %q: %s", r.status, r.code(), source, r.raw)
			}
			if refused := c.status != 200; refused && len(w.upstream.Calls()) != 0 {
				t.Error("upstream was called")
			}
		})
	}
}

func TestTokensThatOpenNothing(t *testing.T) {
	w := newWorld(t)
	issued, good := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	other, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(*token.Claims)) string {
		claims := w.claims(issued)
		change(&claims)
		return w.mint(claims)
	}
	forged, err := other.Mint(w.claims(issued))
	if err != nil {
		t.Fatal(err)
	}
	hmac := jwt.NewWithClaims(jwt.SigningMethodHS256, w.claims(issued))
	hmac.Header["typ"] = token.Type
	confused, err := hmac.SignedString(w.key.JWKS())
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		bearer string
		status int
		code   string
	}{
		"none":              {"", 401, "00101"},
		"rubbish":           {"rubbish", 401, "00101"},
		"another key":       {forged, 401, "00101"},
		"HS256 with JWKS":   {confused, 401, "00101"},
		"another audience":  {with(func(c *token.Claims) { c.Audience = "https://elsewhere.example" }), 401, "00101"},
		"another issuer":    {with(func(c *token.Claims) { c.Issuer = "https://elsewhere.example" }), 401, "00101"},
		"expired":           {with(func(c *token.Claims) { c.ExpiresAt = jwt.NewNumericDate(w.Clock.Now().Add(-2 * time.Minute)) }), 401, "00103"},
		"unknown consent":   {with(func(c *token.Claims) { c.GrantID = consent.NewID() }), 401, "90005"},
		"unknown token":     {with(func(c *token.Claims) { c.ID = consent.NewID() }), 401, "90005"},
		"of another client": {with(func(c *token.Claims) { c.ClientID = "transports-source" }), 401, "90005"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := w.get(path, c.bearer)
			if r.status != c.status || r.code() != c.code || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%d %q %q", r.status, r.code(), r.header.Get("WWW-Authenticate"))
			}
		})
	}
	if r := w.get(path+"?access_token="+good, ""); r.status != 400 {
		t.Errorf("token in the URL: %d", r.status)
	}
	if r := w.get(path, good, "Authorization", "Bearer "+good); r.status != 400 {
		t.Errorf("two tokens: %d", r.status)
	}
	if len(w.upstream.Calls()) != 0 {
		t.Error("upstream was called")
	}
	if strings.Contains(w.log.String(), "level=ERROR") {
		t.Error("anybody can wake the operator")
	}
}

func TestASuspendedAdministrationGetsNothing(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.Client.Suspended = true
	if err := w.Memory.PutClient(t.Context(), w.Client); err != nil {
		t.Fatal(err)
	}
	if r := w.get(path, bearer); r.status != 401 || r.code() != "90008" || len(w.upstream.Calls()) != 0 {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

// The CAF answers for a month after its first weekend: until then an absent file is
// early, and the caller learns when to come back and what to ask meanwhile.
func TestAMonthThatIsNotPublishedYet(t *testing.T) {
	for name, c := range map[string]struct {
		at, query, upstream string
		code                string
	}{
		"the second of the month":      {"2026-12-02T10:00:00Z", "", "23003", "90404"},
		"the older family of codes":    {"2026-12-02T10:00:00Z", "", "37003", "90404"},
		"its last second":              {"2026-12-06T22:59:59Z", "", "23003", "90404"},
		"the Monday after the weekend": {"2026-12-06T23:00:00Z", "", "23003", "23003"},
		"the MSA computes at once":     {"2026-12-02T10:00:00Z", "", "10003", "10003"},
		"attached to no fund":          {"2026-12-02T10:00:00Z", "", "35003", "35003"},
		"the month before":             {"2026-12-02T10:00:00Z", "?mois=11", "23003", "23003"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			w.Clock.Advance(at.Sub(w.Clock.Now()))
			_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
			w.upstream.Misbehave(stub.Mischief{Code: c.upstream})
			r := w.get(path+c.query, bearer)
			if r.status != 404 || r.code() != c.code || w.last().Outcome != consent.NoFile {
				t.Fatalf("%d %q, recorded as %s: %s", r.status, r.code(), w.last().Outcome, r.raw)
			}
			if c.code != "90404" {
				if r.header.Get("Retry-After") != "" {
					t.Errorf("retry after %s", r.header.Get("Retry-After"))
				}
				return
			}
			monday := time.Date(2026, 12, 6, 23, 0, 0, 0, time.UTC)
			meta := r.Errors[0].Meta
			if meta["reason"] != "not_yet_published" || meta["retry_at"] != "2026-12-07" || meta["provider_error_code"] != c.upstream || meta["retry_in"] != monday.Sub(at).Seconds() {
				t.Errorf("told %v", meta)
			}
			if r.header.Get("Retry-After") != strconv.Itoa(int(monday.Sub(at).Seconds())) || !strings.Contains(r.raw, `"periode_disponible":{"annee":2026,"mois":11}`) {
				t.Errorf("retry after %q: %s", r.header.Get("Retry-After"), r.raw)
			}
		})
	}
}
