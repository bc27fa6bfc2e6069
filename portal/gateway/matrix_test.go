package gateway_test

import (
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/portal/web/webtest"
)

// fault is one behaviour of API Particulier and what must come of it.
type fault struct {
	mischief stub.Mischief
	prepare  func(w *world) // what the stand-in cannot do itself
	status   int
	code     string
	outcome  consent.Outcome
	calls    int    // upstream, retries included
	retry    string // Retry-After
}

// refusals are codes whose answer depends on nothing but their line of the list.
func refusals(out map[string]fault, status int, outcome consent.Outcome, codes ...string) {
	for _, code := range codes {
		out["code "+code] = fault{mischief: stub.Mischief{Code: code}, status: status, code: code, outcome: outcome, calls: 1}
	}
}

// documented are the codes that the facts list for a call by identity, both families.
func documented() map[string]fault {
	out := map[string]fault{}
	refusals(out, 404, consent.NoFile, "10003", "23003", "35003", "40003", "37003")
	refusals(out, 422, consent.NoFile, "00354", "00355", "00356", "35565")
	refusals(out, 422, consent.NotIdentified, "00363", "00365", "00367", "00400", "00420", "00422", "00427", "00428", "35560", "35561", "37561")
	refusals(out, 502, consent.Failed, "35000", "35999", "37999")
	refusals(out, 504, consent.TimedOut, "35002", "37001", "37002", "37004")
	for _, code := range []string{"00401", "00101", "00103", "00105", "00108", "00109", "00100", "00107", "00213", "00402", "00404", "00203", "00210", "00212"} {
		out["code "+code] = fault{mischief: stub.Mischief{Code: code}, status: 502, code: "90502", outcome: consent.Failed, calls: 1}
	}
	for _, code := range []string{"35001", "35004", "35008", "35009", "35011"} {
		out["code "+code] = fault{mischief: stub.Mischief{Code: code}, status: 502, code: code, outcome: consent.Failed, calls: 2}
	}
	out["code 00015"] = fault{mischief: stub.Mischief{Code: "00015"}, status: 409, code: "00015", outcome: consent.Busy, calls: 2, retry: "1"}
	out["code 00429"] = fault{mischief: stub.Mischief{Code: "00429"}, status: 429, code: "00429", outcome: consent.Busy, calls: 1, retry: "1"}
	out["code 00501"] = fault{mischief: stub.Mischief{Code: "00501"}, status: 502, code: "00501", outcome: consent.Failed, calls: 1, retry: "10"}
	out["code 35020"] = fault{mischief: stub.Mischief{Code: "35020"}, status: 503, code: "35020", outcome: consent.Busy, calls: 1, retry: "300"}
	return out
}

// unusable are answers and silences that are on no list.
func unusable() map[string]fault {
	out := map[string]fault{}
	for name, m := range map[string]stub.Mischief{
		"truncated":             {Truncate: true},
		"huge":                  {Huge: true},
		"a page":                {Garbage: true},
		"another type":          {Body: `{"data":{"quotient_familial":{"valeur":4270,"annee":2026,"mois":11}}}`, Type: "text/html"},
		"data is a list":        {Body: `{"data":[{"quotient_familial":{"valeur":4270,"annee":2026,"mois":11}}]}`},
		"the group is a word":   {Body: `{"data":{"quotient_familial":"4270"}}`},
		"the month is a word":   {Body: `{"data":{"quotient_familial":{"valeur":4270,"annee":"2026","mois":"11"}}}`},
		"month thirteen":        {Body: `{"data":{"quotient_familial":{"valeur":4270,"annee":2026,"mois":13}}}`},
		"no month":              {Body: `{"data":{"quotient_familial":{"valeur":4270}}}`},
		"no data":               {Body: `{"links":{},"meta":{}}`},
		"two answers":           {Body: `{"data":{}}{"data":{"quotient_familial":{"valeur":4270,"annee":2026,"mois":11}}}`},
		"the group twice":       {Body: `{"data":{"quotient_familial":{"valeur":4270,"annee":2026,"mois":11},"quotient_familial":{"valeur":1,"annee":2026,"mois":11}}}`},
		"the value twice":       {Body: `{"data":{"quotient_familial":{"valeur":4270,"valeur":1,"annee":2026,"mois":11}}}`},
		"the month in two ways": {Body: `{"data":{"quotient_familial":{"valeur":4270,"annee":2026,"mois":10,"MOIS":11}}}`},
		"nothing of it":         {Mask: true},
		"a redirect":            {Redirect: "http://127.0.0.1:1/"},
		"no content":            {Status: 204},
		"a proxy's 404":         {Status: 404},
		"a proxy's 422":         {Status: 422},
		"a proxy's 500":         {Status: 500},
		"a proxy's 502":         {Status: 502},
		"reset":                 {Reset: true},
	} {
		out[name] = fault{mischief: m, status: 502, code: "90502", outcome: consent.Failed, calls: 1}
	}
	out["another month"] = fault{mischief: stub.Mischief{WrongMonth: true}, status: 502, code: "90502", outcome: consent.Failed, calls: 2}
	out["a proxy's 503"] = fault{mischief: stub.Mischief{Status: 503, RetryAfter: "17"}, status: 503, code: "90503", outcome: consent.Busy, calls: 1, retry: "17"}
	out["a proxy's 504"] = fault{mischief: stub.Mischief{Status: 504}, status: 504, code: "90504", outcome: consent.TimedOut, calls: 1}
	out["wait until a date"] = fault{mischief: stub.Mischief{Code: "35020", RetryAfter: "Tue, 01 Dec 2037 09:00:00 GMT"}, status: 503, code: "35020", outcome: consent.Busy, calls: 1, retry: "300"}
	return out
}

// silent are a provider that is late or cannot be reached, and ourselves when we may
// not call.
func silent() map[string]fault {
	down := fault{status: 502, code: "90502", outcome: consent.Failed}
	late := fault{status: 504, code: "90504", outcome: consent.TimedOut, calls: 1}
	headers, body, refusing, untrusted, plain := late, late, down, down, down
	headers.prepare = func(w *world) {
		w.upstream.Misbehave(stub.Mischief{SlowHeaders: true, Before: func() { w.runOut(headersStage) }})
	}
	body.prepare = func(w *world) {
		w.atOnce = bodyStage
		w.upstream.Misbehave(stub.Mischief{SlowBody: true})
	}
	refusing.prepare = func(w *world) {
		gone := httptest.NewServer(w.upstream)
		gone.Close()
		w.before(gone.URL)
	}
	untrusted.prepare = func(w *world) {
		server := httptest.NewTLSServer(w.upstream)
		w.t.Cleanup(server.Close)
		w.before(server.URL)
	}
	plain.prepare = func(w *world) { w.before("https" + strings.TrimPrefix(w.provider.URL, "http")) }
	return map[string]fault{
		"slow headers": headers, "slow body": body, "nobody listens": refusing, "a certificate of nobody's": untrusted, "no TLS": plain,
		"our budget is used up": {prepare: func(w *world) { w.limited = w.held }, status: 429, code: "90429", outcome: consent.Busy, retry: "1"},
		"our circuit is open":   {prepare: func(w *world) { w.limited = w.broken }, status: 503, code: "90505", outcome: consent.Busy, retry: "30"},
		"our database is away": {prepare: func(w *world) { w.gate.Fail(consent.Refuse(consent.Unavailable, "", "no database")) },
			status: 503, code: "90503", outcome: consent.Failed, retry: "5"},
	}
}

// good are the answers that are released.
func good() map[string]fault {
	ok := fault{status: 200, outcome: consent.Released, calls: 1}
	plain, extra, stale, once, blank := ok, ok, ok, ok, ok
	extra.mischief = stub.Mischief{ExtraGroups: true}
	stale.mischief, stale.calls = stub.Mischief{StaleMonth: true}, 2
	once.mischief, once.calls = stub.Mischief{Code: "00015", Times: 1}, 2
	blank.mischief = stub.Mischief{Body: `{"data":{"quotient_familial":{"fournisseur":"CNAF","valeur":null,"annee":2026,"mois":11,"annee_calcul":2026,"mois_calcul":11}}}`}
	return map[string]fault{"a good answer": plain, "more than was asked": extra, "a stale month": stale, "a collision, then good": once, "no amount": blank}
}

func everything() map[string]fault {
	out := documented()
	for _, part := range []map[string]fault{unusable(), silent(), good()} {
		maps.Copy(out, part)
	}
	return out
}

// Whatever API Particulier does, and whatever becomes of the consent meanwhile: one
// access record, closed with its outcome; one answer; no more calls than allowed; no
// release without a live consent, and a once consent used up by a release only.
func TestFaultMatrix(t *testing.T) {
	states := map[string]func(*testing.T, *world, fault){
		"live": whileLive, "withdrawn meanwhile": whileWithdrawn, "restricted meanwhile": whileRestricted, "expired meanwhile": whileExpired, "once, twice": onceTwice,
	}
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	for name, f := range everything() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for state, run := range states {
				t.Run(state, func(t *testing.T) {
					w := worldWith(t, site)
					if w.upstream.Misbehave(f.mischief); f.prepare != nil {
						f.prepare(w)
					}
					run(t, w, f)
				})
			}
		})
	}
}

func whileLive(t *testing.T, w *world, f fault) {
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.expect(bearer, f)
}

func whileWithdrawn(t *testing.T, w *world, f fault) {
	i, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.meanwhile = func() {
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, i.Grant.ID, consent.Unsaid); err != nil {
			t.Error(err)
		}
	}
	w.expect(bearer, f.stopped("90001"), consent.EventWithdrawn)
}

// An officer's restriction is told to nobody: the answer is a pause's, and no event.
func whileRestricted(t *testing.T, w *world, f fault) {
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.Officer(t)
	w.meanwhile = func() { w.Restricted(t, consent.Party{}) }
	w.expect(bearer, f.stopped("90003"))
}

func whileExpired(t *testing.T, w *world, f fault) {
	i, _ := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.Clock.Set(i.Grant.ExpiresAt.Add(-5 * time.Second))
	last, err := w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: i.RefreshToken})
	if err != nil {
		t.Fatal(err)
	}
	w.meanwhile = func() { w.Clock.Advance(5 * time.Second) }
	w.expect(w.mint(w.claims(last)), f.stopped("90002"))
}

// onceTwice: the first release uses the consent up; anything else gives it back.
func onceTwice(_ *testing.T, w *world, f fault) {
	_, bearer := w.issued(consent.Once, consent.GroupQuotientFamilial)
	w.expect(bearer, f)
	w.heal()
	second := fault{status: 200, outcome: consent.Released, calls: 1}
	if f.status == 200 {
		second = fault{status: 401, code: "90004", outcome: consent.Refused}
	}
	w.expect(bearer, second)
}

// stopped is what comes of a fault when the consent ends meanwhile: data does not leave,
// and the rest is as it was.
func (f fault) stopped(code string) fault {
	if f.status == 200 {
		f.status, f.code, f.outcome = 401, code, consent.Refused
	}
	return f
}

// expect makes one call and compares all that it left behind.
func (w *world) expect(bearer string, f fault, events ...consent.EventType) {
	w.t.Helper()
	calls, entries, told, before := len(w.upstream.Calls()), len(w.Memory.Ledger()), len(w.Memory.Events()), w.accesses()
	r := w.get(path+"?annee=2026&mois=11", bearer)
	if r.status != f.status || r.code() != f.code || r.header.Get("Retry-After") != f.retry {
		w.t.Errorf("answered %d %q, retry after %q; want %d %q, %q: %s", r.status, r.code(), r.header.Get("Retry-After"), f.status, f.code, f.retry, r.raw)
	}
	if released := strings.Contains(r.raw, "valeur"); released != (f.status == 200) {
		w.t.Errorf("a value left: %v", released)
	}
	if got := len(w.upstream.Calls()) - calls; got != f.calls {
		w.t.Errorf("%d calls upstream, want %d", got, f.calls)
	}
	if a := w.last(); w.accesses() != before+1 || a.Outcome != f.outcome || a.ClosedAt.IsZero() {
		w.t.Errorf("%d new accesses, the last %q; want %q", w.accesses()-before, a.Outcome, f.outcome)
	}
	want := []consent.EntryKind{consent.EntryAccess, consent.EntryOutcome}
	if f.calls == 0 && f.outcome == consent.Refused { // it never began
		want = want[1:]
	}
	w.evidence(entries, told, want, events)
}

// evidence compares the entries of the ledger and the events since.
func (w *world) evidence(entries, told int, want []consent.EntryKind, events []consent.EventType) {
	w.t.Helper()
	var kinds []consent.EntryKind
	for _, e := range w.Memory.Ledger()[entries:] {
		if e.Kind == consent.EntryAccess || e.Kind == consent.EntryOutcome {
			kinds = append(kinds, e.Kind)
		}
	}
	var types []consent.EventType
	for _, e := range w.Memory.Events()[told:] {
		types = append(types, e.Type)
	}
	if !slices.Equal(kinds, want) || !slices.Equal(types, events) {
		w.t.Errorf("entries %v and events %v, want %v and %v", kinds, types, want, events)
	}
}

func (w *world) accesses() int {
	w.t.Helper()
	list, err := w.Store.Accesses(w.t.Context(), w.Viewer.Subject, "", consent.Access{}, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(list)
}

func (w *world) held(call consent.ProviderCall) error {
	return w.gate.HoldCalls(w.t.Context(), call, call.At.Add(time.Second))
}

func (w *world) broken(call consent.ProviderCall) (err error) {
	for range call.Limits.Failures {
		err = w.gate.CallFailed(w.t.Context(), call, 0)
	}
	return err
}

// heal makes the provider good again, a minute later, when the last call is over there
// too.
func (w *world) heal() {
	w.upstream.Settle()
	w.Clock.Advance(time.Minute)
	w.atOnce = 0
	w.gate.Fail(nil)
	w.upstream.Misbehave(stub.Mischief{})
	w.before(w.provider.URL)
}
