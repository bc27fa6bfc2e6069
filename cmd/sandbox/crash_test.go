package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/internal/postgres/pgtest"
	"portail.example/portal/web/webtest"
)

// mortal is a second instance of the portal, killed with SIGKILL at the n-th
// message it sends to the database and started again. The world's own instance
// survives, and looks.
type mortal struct {
	*journey
	second *instance
	proxy  *pgtest.Proxy
}

func newMortal(t *testing.T) *mortal {
	t.Helper()
	j := newJourney(t, func(cfg *worldConfig) { cfg.Now = time.Now })
	proxy, database := pgtest.NewProxy(t, j.database)
	return &mortal{j, j.instance(portalProgram(t), "DATABASE_URL="+database, "DATABASE_MAX_CONNS=2"), proxy}
}

// dies calls the mortal instance, which dies at the n-th message, and starts it
// again. It returns the status, 0 for no answer, and whether it died.
func (m *mortal) dies(n int, request *http.Request) (status int, died bool) {
	m.t.Helper()
	m.proxy.Arm(n, func() { _ = m.second.process.Process.Kill() })
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		_ = response.Body.Close()
		status = response.StatusCode
	}
	if died = m.proxy.Disarm(); died {
		_ = m.second.process.Wait()
		m.second.start()
	}
	return status, died
}

func (m *mortal) tokenRequest(form url.Values) *http.Request {
	m.t.Helper()
	request, err := http.NewRequestWithContext(m.t.Context(), http.MethodPost, "http://"+m.second.address+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		m.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(transportID, m.Registered.TransportSecret)
	return request
}

// none fails when a query finds something.
func (m *mortal) none(what, sql string) {
	m.t.Helper()
	if found := rows(m.t, m.database, sql); found != 0 {
		m.t.Errorf("%s: %d", what, found)
	}
}

// rows counts what a query finds.
func rows(t *testing.T, database, sql string) (found int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM ("+sql+") found").Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

const mostSteps = 80 // far more than a call sends

// A server that dies at any step of a token's issue leaves no token without its
// line, no line of a token that is not recorded, and no second token for a code.
func TestAServerThatDiesWhileItIssuesATokenLeavesNothingHalfDone(t *testing.T) {
	m := newMortal(t)
	done := m.submit(m.identify(m.b.Get(m.pushed()), "marge"), "/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}})
	back := m.find(hrefs, done, "/return")
	died, lost, steps := true, 0, 0
	for ; died && steps < mostSteps; steps++ {
		target, err := url.Parse(m.b.Get(back, webtest.Stop).Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		form := redemption(target.Query().Get("code"))
		var status int
		status, died = m.dies(steps+1, m.tokenRequest(form))
		if died && status == http.StatusOK {
			t.Errorf("step %d: an answer of the dead", steps+1)
		}
		again, body := m.post("/oauth/token", form) // the client asks the other instance
		switch {
		case died && again == http.StatusOK:
		case died && body["error"] == "invalid_grant": // committed, and its answer lost: nothing of it is left
			lost++
		case !died && again == http.StatusBadRequest:
		default:
			t.Errorf("step %d: died %v, then %d %v", steps+1, died, again, body)
		}
		m.none("tokens without their line", `SELECT FROM access_token a WHERE NOT EXISTS (SELECT FROM ledger_entry l WHERE l.kind = 'token' AND l.ref = a.id)`)
		m.none("lines without their token", `SELECT FROM ledger_entry l WHERE l.kind = 'token' AND NOT EXISTS (SELECT FROM access_token a WHERE l.ref = a.id)`)
		m.none("codes with two families", `SELECT FROM authorization_code c JOIN token_family f ON f.grant_id = c.grant_id GROUP BY c.hash HAVING count(*) FILTER (WHERE f.id = c.family) > 1`)
	}
	if lost != 1 || steps < 8 || steps == mostSteps {
		t.Errorf("%d steps, of which %d committed without an answer", steps, lost)
	}
}

// A once consent releases at most once, whatever step the server dies at.
func TestAServerThatDiesDuringAOnceReleaseReleasesNoSecondTime(t *testing.T) {
	m := newMortal(t)
	died, steps := true, 0
	for ; died && steps < mostSteps; steps++ {
		access := m.once("marge").Access
		released := 0
		call := func() *http.Request {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+m.second.address+"/data/v1/quotient-familial", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+access)
			return request
		}
		var status int
		if status, died = m.dies(steps+1, call()); status == http.StatusOK {
			released++
		}
		for range 2 {
			if status, _ := m.get("/data/v1/quotient-familial", access); status == http.StatusOK {
				released++
			}
		}
		if released > 1 || !died && released != 1 {
			t.Errorf("step %d: died %v, released %d times", steps+1, died, released)
		}
		m.none("grants released twice", `SELECT FROM access WHERE outcome = 'released' GROUP BY grant_id HAVING count(*) > 1`)
		m.none("accesses without their line", `SELECT FROM access a WHERE NOT EXISTS (SELECT FROM ledger_entry l WHERE l.ref = a.id)`)
	}
	if steps < 8 || steps == mostSteps {
		t.Errorf("%d steps", steps)
	}
}
