package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/token"
	apistub "portail.example/internal/sandbox/apiparticulier"
)

// management is a management token of the transports authority.
func (j *journey) management(scope string) string {
	j.t.Helper()
	status, body := j.post("/oauth/token", url.Values{"grant_type": {"client_credentials"}, "scope": {scope}})
	if status != http.StatusOK {
		j.t.Fatalf("%d %v", status, body)
	}
	return body["access_token"].(string)
}

// poll asks for events (RFC 8936) with the JSON of a request.
func (j *journey) poll(bearer, body string) (int, map[string]any) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.PortalURL+"/oauth/events", strings.NewReader(body))
	if err != nil {
		j.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+bearer)
	return j.do(request)
}

// sets are the events of an answer: type by jti.
func (j *journey) sets(body map[string]any) map[string]string {
	j.t.Helper()
	verifier, err := token.NewVerifier(token.Config{
		Issuer: j.PortalURL, Audience: transportID, Now: j.clock.Now, Keys: token.NewRemoteKeys(j.PortalURL+"/oauth/jwks", nil, j.clock.Now),
	})
	if err != nil {
		j.t.Fatal(err)
	}
	out := map[string]string{}
	for jti, raw := range body["sets"].(map[string]any) {
		claims, err := verifier.VerifyEvent(j.t.Context(), raw.(string))
		if err != nil || claims.ID != jti {
			j.t.Fatalf("%v, jti %s", err, claims.ID)
		}
		for uri := range claims.Events {
			out[jti] = strings.TrimPrefix(uri, token.EventURI(""))
		}
	}
	return out
}

// The town hall's software is told of a withdrawal within seconds, without asking.
func TestAWithdrawalReachesTheTownHallByItself(t *testing.T) {
	j := newJourney(t)
	j.shared("angela")
	home := j.b.Get(j.PortalURL + "/home")
	j.submit(j.click(j.click(home, "/consents/"), "/withdraw"), "/withdraw", nil)
	deadline := time.Now().Add(20 * time.Second)
	for {
		news := readable(j.b.Get(j.TownHallURL + "/news").Body)
		if contains(news, "consent.granted", "consent.withdrawn") && strings.Index(news, "consent.granted") < strings.Index(news, "consent.withdrawn") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the town hall knows %s", news)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// The town hall learns that a value changed, and not to what; the citizen read that we
// would look, and sees that we did.
func TestAChangeReachesTheTownHall(t *testing.T) {
	j := newJourney(t)
	j.shared("angela")
	look := func(at time.Time, value string) {
		t.Helper()
		j.clock.Set(at)
		j.APIParticulier.Misbehave(apistub.Mischief{Body: fmt.Sprintf(`{"data":{"quotient_familial":{"fournisseur":"CNAF","valeur":%s,"annee":%d,"mois":%d,"annee_calcul":2026,"mois_calcul":1}},"links":{},"meta":{}}`,
			value, at.Year(), at.Month())})
		if report, err := j.Portal.LookForChanges(t.Context(), at.Add(time.Hour)); err != nil || report.Looked != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
	}
	now := j.clock.Now()
	look(now, "8675309")
	told := readable(j.b.Get(j.PortalURL + "/history").Body)
	if !contains(told, "Montant regardé par le portail", "nous avons regardé si le montant a changé") || strings.Contains(told, "86753") {
		t.Errorf("the history tells %s", told)
	}
	look(time.Date(now.Year(), now.Month()+1, 15, 3, 0, 0, 0, time.UTC), "8675310")
	if _, err := j.Portal.Events.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for news := ""; !contains(news, "data.changed "+consent.PeriodOf(j.clock.Now()).String()); news = readable(j.b.Get(j.TownHallURL + "/news").Body) {
		if time.Now().After(deadline) || strings.Contains(news, "86753") {
			t.Fatalf("the town hall knows %s", news)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestEventsAreReadByPollUntilTheyAreAcknowledged(t *testing.T) {
	j := newJourney(t)
	j.token("marge")
	home := j.b.Get(j.PortalURL + "/home")
	j.submit(j.click(j.click(home, "/consents/"), "/withdraw"), "/withdraw", nil)
	bearer := j.management("consent_events")
	status, body := j.poll(bearer, `{"maxEvents":1,"returnImmediately":true}`)
	first := j.sets(body)
	if status != http.StatusOK || len(first) != 1 || body["moreAvailable"] != true {
		t.Fatalf("%d %v", status, body)
	}
	for jti, what := range first {
		if what != "consent.granted" {
			t.Errorf("first comes %s", what)
		}
		if _, body = j.poll(bearer, `{"ack":["`+jti+`","unknown"]}`); len(j.sets(body)) != 1 {
			t.Errorf("after the acknowledgement: %v", body)
		}
	}
	if status, body = j.poll(bearer, `{"ack":["\u0000"],"setErrs":{"\u0000":{"err":"x"}}}`); status != http.StatusOK || len(j.sets(body)) != 1 {
		t.Errorf("a name that none of ours has: %d %v", status, body)
	}
	for jti, what := range j.sets(body) {
		if what != "consent.withdrawn" {
			t.Errorf("then comes %s", what)
		}
		_, body = j.poll(bearer, `{"maxEvents":0,"setErrs":{"`+jti+`":{"err":"invalid_key","description":"x"}}}`)
	}
	if len(j.sets(body)) != 0 {
		t.Errorf("a poll that asks for none got %v", body)
	}
	if _, body = j.poll(bearer, `{}`); len(j.sets(body)) != 1 {
		t.Errorf("an event that was complained about can still be read: %v", body)
	}
}

func TestBadPolls(t *testing.T) {
	j := newJourney(t)
	good := j.management("consent_events")
	for name, c := range map[string]struct {
		bearer, body string
		status       int
	}{
		"another scope": {j.management("grant_management_query"), `{}`, 403}, "no token": {"x", `{}`, 401}, "not JSON": {good, `ack`, 400},
		"a misspelt member": {good, `{"acks":[]}`, 400}, "two values": {good, `{}{}`, 400}, "too large": {good, `{"ack":["` + strings.Repeat("x", 70<<10) + `"]}`, 413},
	} {
		if status, body := j.poll(c.bearer, c.body); status != c.status || body["error"] == nil {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
}

// habilitation is DataPass telling of the town hall's.
func (j *journey) habilitation(event string, at time.Time) {
	j.t.Helper()
	body := fmt.Sprintf(`{"event":%q,"fired_at":%d,"model_type":"authorization_request/api_particulier","data":{"id":90001}}`, event, at.Unix())
	mac := hmac.New(sha256.New, []byte(datapassSecret))
	mac.Write([]byte(body))
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.PortalURL+"/webhooks/datapass", strings.NewReader(body))
	if err != nil {
		j.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	if status, answer := j.do(request); status != http.StatusOK {
		j.t.Fatalf("%d %v", status, answer)
	}
}

// DataPass revokes the town hall's habilitation: nothing is sent at the next call,
// and the citizen reads it.
func TestARevokedHabilitationStopsTheTownHallAndTheCitizenReadsIt(t *testing.T) {
	j := newJourney(t)
	j.shared("angela")
	j.habilitation("revoke", j.clock.Now())
	j.expect("the town hall", j.b.Get(j.TownHallURL+"/tariff"), 200, "Nous n’avons plus accès", "90008")
	home := j.b.Get(j.PortalURL + "/home")
	j.expect("home", home, 200, "L’habilitation de Commune de Lisière-sur-Ource est suspendue")
	j.expect("consent", j.click(home, "/consents/"), 200, "L’habilitation de Commune de Lisière-sur-Ource est suspendue", "Retirer")
	j.habilitation("approve", j.clock.Now().Add(time.Second))
	j.expect("the town hall, approved again", j.b.Get(j.TownHallURL+"/tariff"), 200, "Tranche")
	if strings.Contains(readable(j.b.Get(j.PortalURL+"/home").Body), "suspendue") {
		t.Error("the notice stays")
	}
}

func TestADryRunShowsTheScreenAndRecordsNothing(t *testing.T) {
	j := newJourney(t)
	form := url.Values{
		"response_type": {"code"}, "redirect_uri": {integratorCallback}, "scope": {"quotient_familial"}, "dry_run": {"true"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	status, body := j.post("/oauth/par", form)
	screens, _ := body["screens"].(map[string]any)
	french, _ := screens["fr"].(string)
	english, _ := screens["en"].(string)
	if status != http.StatusOK || body["request_uri"] != nil || !contains(readable(french), "Syndicat des transports de la Source", "Autoriser le partage") || !contains(readable(english), "Allow sharing") {
		t.Errorf("%d %v", status, body)
	}
	form.Set("response_type", "token")
	form.Set("redirect_uri", "https://elsewhere.example/")
	form.Del("code_challenge")
	status, body = j.post("/oauth/par", form)
	if findings, _ := body["findings"].([]any); status != http.StatusOK || len(findings) != 3 || body["screens"] != nil {
		t.Errorf("%d %v", status, body)
	}
	form.Set("dry_run", "maybe")
	if status, body = j.post("/oauth/par", form); status != http.StatusBadRequest {
		t.Errorf("%d %v", status, body)
	}
	if kept := rows(t, j.database, `SELECT FROM request`); kept != 0 {
		t.Errorf("%d requests were kept", kept)
	}
}
