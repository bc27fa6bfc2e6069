package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	apistub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/portal/web/webtest"
)

// How long the chaos run is, in calls, and when what happens.
const (
	chaosCalls   = 700
	chaosCallers = 10
	throttled    = 30
	flapping     = 60 // from here on API Particulier changes its mind every few calls
	changesMind  = 12
	killed       = 240
	withdrawn    = 320
	restarted    = 400
	calm         = 560
	patience     = 20 * time.Millisecond // of a caller that was sent away
	recovery     = 20 * time.Second
)

// moods are API Particulier's, in turn.
var moods = []apistub.Mischief{
	{Reset: true, Times: 4}, {Status: http.StatusBadGateway, Times: 4}, {Code: "35002", Times: 4}, {Truncate: true, Times: 4}, {ExtraGroups: true}, {SlowBody: true, Times: 2}, {},
}

// family is a household whose consent the chaos run uses.
type family struct {
	issuedToken
	browser *webtest.Browser
	gone    atomic.Bool  // its withdrawal was acknowledged
	late    atomic.Int64 // releases that began after that
	got     atomic.Int64 // releases
}

// chaos is two instances of the gateway under load while what they stand on gives way.
type chaos struct {
	*journey
	instances  [2]*instance
	families   []*family // with a continuous consent
	households []*family // with a consent for once
	calls      atomic.Int64
	events     map[int64]func()

	mu       sync.Mutex
	statuses map[string]int
}

func newChaos(t *testing.T) *chaos {
	t.Helper()
	c := &chaos{statuses: map[string]int{}, journey: newJourney(t, func(cfg *worldConfig) { cfg.Now, cfg.DatabaseURL = time.Now, "" })}
	for _, citizen := range []string{"sophie", "marge", "jeanne"} {
		c.families = append(c.families, c.family(func() issuedToken { return c.redeemed(c.code(citizen)) }))
	}
	for _, citizen := range []string{"angela", "pierre", "olivier", "yogo"} {
		c.households = append(c.households, c.family(func() issuedToken { return c.once(citizen) }))
	}
	program := portalProgram(t)
	for i := range c.instances {
		c.instances[i] = c.instance(program, "DATABASE_MAX_CONNS=8", "RATE_LIMIT_ADDRESS=100000", "RATE_LIMIT_CLIENT=100000",
			"API_PARTICULIER_RATE=1000", "API_PARTICULIER_RECIPIENT_RATE=1000", "API_PARTICULIER_TIMEOUT=1s", "API_PARTICULIER_FAILURES=40", "API_PARTICULIER_COOL_DOWN=1s")
	}
	c.events = map[int64]func(){
		throttled: func() { c.APIParticulier.Misbehave(apistub.Mischief{Code: "00429", RetryAfter: "1", Times: 1}) },
		killed:    c.instances[1].kill,
		withdrawn: func() { c.withdraw(c.families[0]) },
		restarted: func() {
			if err := c.cluster.Restart(t.Context()); err != nil {
				t.Error(err)
			}
		},
		calm: func() { c.APIParticulier.Misbehave(apistub.Mischief{}) },
	}
	return c
}

// family has a browser of its own.
func (c *chaos) family(issue func() issuedToken) *family {
	c.t.Helper()
	c.b = webtest.NewBrowser(c.t)
	return &family{issuedToken: issue(), browser: c.b}
}

func (c *chaos) withdraw(f *family) {
	page := f.browser.Post(c.PortalURL+"/consents/"+f.GrantID+"/withdraw", nil)
	c.expect("the withdrawal", page, http.StatusOK, "Retirée")
	f.gone.Store(true)
}

// caller calls until the run is over.
func (c *chaos) caller() {
	for n := c.calls.Add(1); n <= chaosCalls; n = c.calls.Add(1) {
		if event := c.events[n]; event != nil {
			event()
		}
		if n >= flapping && n < calm && n%changesMind == 0 {
			c.APIParticulier.Misbehave(moods[int(n/changesMind)%len(moods)])
		}
		list := c.families
		if n%8 == 0 {
			list = c.households
		}
		f := list[rand.IntN(len(list))]
		status := c.call(f, c.instances[n%2], int(n))
		if status == 0 { // a load balancer tries the other one
			status = c.call(f, c.instances[0], int(n))
		}
		if status >= http.StatusTooManyRequests {
			time.Sleep(patience)
		}
	}
}

// call asks for a month that is published, and counts the answer.
func (c *chaos) call(f *family, i *instance, n int) int {
	gone := f.gone.Load()
	month := time.Now().AddDate(0, -1-n%12, 0)
	if day := time.Now().Day(); day > 28 {
		month = month.AddDate(0, 0, 28-day)
	}
	status, answer := c.ask(f, i, fmt.Sprintf("annee=%d&mois=%d", month.Year(), month.Month()))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statuses[answer]++
	if status == http.StatusOK {
		f.got.Add(1)
		if gone {
			f.late.Add(1)
		}
	}
	return status
}

var fiveCharacters = regexp.MustCompile(`^[0-9A-Z]{5}$`)

// ask returns the status, 0 for a connection that ended, and the answer in a word.
func (c *chaos) ask(f *family, i *instance, query string) (status int, answer string) {
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://"+i.address+"/data/v1/quotient-familial?"+query, nil)
	if err != nil {
		c.t.Error(err)
		return 0, ""
	}
	request.Header.Set("Authorization", "Bearer "+f.Access)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "no answer from " + c.name(i)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	body := map[string]any{}
	switch {
	case err != nil && i == c.instances[1]:
		return 0, "no answer from " + c.name(i)
	case err != nil || json.Unmarshal(raw, &body) != nil:
		c.t.Errorf("%d with something else than JSON: %v, %s", response.StatusCode, err, raw)
	case response.StatusCode == http.StatusOK:
		c.minimal(body)
	case !fiveCharacters.MatchString(errorCode(body)):
		c.t.Errorf("%d without a code: %s", response.StatusCode, raw)
	}
	return response.StatusCode, fmt.Sprintf("%d %s", response.StatusCode, errorCode(body))
}

// minimal: the amount was granted, and nothing else leaves.
func (c *chaos) minimal(body map[string]any) {
	data, _ := body["data"].(map[string]any)
	if _, amount := data["quotient_familial"]; !amount || len(data) != 1 {
		c.t.Errorf("%d groups left", len(data))
	}
}

func (c *chaos) name(i *instance) string {
	if i == c.instances[0] {
		return "the survivor"
	}
	return "the killed one"
}

// The chaos run: API Particulier flaps, one of two gateways is killed and PostgreSQL is
// restarted, under load. Nothing leaves without a live consent and its record, no once
// consent is used twice, every refusal is typed, and the survivor recovers by itself.
func TestNothingLeavesUnrecordedWhenEverythingGivesWay(t *testing.T) {
	c := newChaos(t)
	var callers sync.WaitGroup
	for range chaosCallers {
		callers.Go(c.caller)
	}
	callers.Wait()
	c.recovers()
	t.Logf("%v", c.statuses)
	c.happened("no answer from the killed one", "200 ", "401 90004", "401 90001", "429", "50")
	if c.statuses["no answer from the survivor"] > 0 {
		t.Errorf("the survivor did not answer %d times", c.statuses["no answer from the survivor"])
	}
	for _, f := range c.families {
		c.agrees(f, chaosCalls)
	}
	for _, f := range c.households {
		c.agrees(f, 1)
	}
	c.intact()
}

// recovers waits until each living consent's data are released again by the survivor,
// which nobody restarted.
func (c *chaos) recovers() {
	c.t.Helper()
	deadline := time.Now().Add(recovery)
	for _, f := range c.families[1:] {
		for c.call(f, c.instances[0], 0) != http.StatusOK {
			if time.Now().After(deadline) {
				c.t.Fatal("the survivor does not recover")
			}
			time.Sleep(50 * time.Millisecond) // the circuit closes by the clock
		}
	}
}

// happened: a fault that nobody met proves nothing.
func (c *chaos) happened(answers ...string) {
	c.t.Helper()
	for _, wanted := range answers {
		met := false
		for answer := range c.statuses {
			met = met || strings.HasPrefix(answer, wanted)
		}
		if !met {
			c.t.Errorf("%q was never answered: %v", wanted, c.statuses)
		}
	}
}

// agrees compares what a family's consent released with its records.
func (c *chaos) agrees(f *family, most int64) {
	c.t.Helper()
	recorded := rows(c.t, c.database, "SELECT FROM access WHERE outcome = 'released' AND grant_id = '"+f.GrantID+"'")
	if got := f.got.Load(); got > int64(recorded) || got > most || int64(recorded) > most {
		c.t.Errorf("%d releases received, %d recorded, at most %d allowed", got, recorded, most)
	}
	if late := f.late.Load(); late > 0 {
		c.t.Errorf("%d releases began after the withdrawal was acknowledged", late)
	}
}

// intact: the evidence agrees with the tables.
func (c *chaos) intact() {
	c.t.Helper()
	report, err := c.Portal.DB.VerifyLedger(c.t.Context(), strings.TrimSpace(c.text("/ledger/key")), nil, time.Now(), nil)
	if err != nil || report.Entries+report.Waiting < chaosCalls/2 {
		c.t.Errorf("%+v, %v", report, err)
	}
}
