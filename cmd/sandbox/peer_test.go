package main

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"portail.example/internal/sandbox/peers"
	"portail.example/portal/web/webtest"
)

// administration is npm openid-client in the place of a town hall's software.
type administration struct {
	*journey
	peer *peers.Peer
}

// onTheRealClock is for worlds that talk to software with a clock of its own.
func onTheRealClock(cfg *worldConfig) { cfg.Now = time.Now }

func newAdministration(t *testing.T, credentials func(j *journey) map[string]any) administration {
	t.Helper()
	j := newJourney(t, onTheRealClock)
	config := credentials(j)
	config["issuer"], config["redirect_uri"] = j.PortalURL, integratorCallback
	config["audience"], config["resource"] = j.PortalURL+"/data", j.PortalURL+"/data/v1/quotient-familial"
	return administration{j, peers.Start(t, "administration.mjs", config)}
}

func withKey(j *journey) map[string]any {
	key := jose.JSONWebKey{Key: j.Registered.TownHallKey, KeyID: townHallID, Algorithm: "ES256"}
	return map[string]any{"client_id": townHallID, "key": key}
}

// withDPoP also binds every token to a key.
func withDPoP(j *journey) map[string]any {
	config := withKey(j)
	config["dpop"] = true
	return config
}

func withSecret(j *journey) map[string]any {
	return map[string]any{"client_id": transportID, "secret": j.Registered.TransportSecret}
}

// result is the peer's answer: what it got, or the standard error it understood.
type result struct {
	OK struct {
		URL         string
		Status      int
		Body        map[string]any
		Payload     map[string]any
		Header      map[string]any
		Rotated     bool
		Active      bool
		TokenType   string           `json:"token_type"`
		Confirm     map[string]any   `json:"cnf"`
		AccessToken string           `json:"access_token"`
		Details     []map[string]any `json:"authorization_details"`
	}
	Error, Message string
	Status         int
}

func (a administration) ask(call string, args map[string]any) result {
	a.t.Helper()
	question := map[string]any{"call": call}
	for name, value := range args {
		question[name] = value
	}
	var answer result
	a.peer.Ask(question, &answer)
	return answer
}

// must fails when the foreign client did not like our answer.
func (a administration) must(call string, args map[string]any) result {
	a.t.Helper()
	answer := a.ask(call, args)
	if answer.Error != "" {
		a.t.Fatalf("%s: openid-client says %s: %s", call, answer.Error, answer.Message)
	}
	return answer
}

// callback is where the portal sends the browser in the end.
func (a administration) callback(done webtest.Answer) string {
	a.t.Helper()
	return a.b.Get(a.find(hrefs, done, "/return"), webtest.Stop).Header.Get("Location")
}

func (a administration) details() map[string]any {
	return map[string]any{"authorization_details": `[{"type":"quotient_familial","datatypes":["quotient_familial","enfants"],"purpose":"tarification-cantine","recipient":"` + townHallSIRET + `","access":"continuous"}]`}
}

func TestOpenIDClientAsTheAdministration(t *testing.T) {
	cases := map[string]struct {
		credentials func(j *journey) map[string]any
		ask         func(a administration) map[string]any
		groups      []any
	}{
		"private_key_jwt and authorization_details": {withKey, administration.details, []any{"quotient_familial", "enfants"}},
		"DPoP with nonces":                          {withDPoP, administration.details, []any{"quotient_familial", "enfants"}},
		"client_secret_basic and scope":             {withSecret, func(administration) map[string]any { return map[string]any{"scope": "quotient_familial"} }, []any{"quotient_familial"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := newAdministration(t, c.credentials)
			pushed := a.must("push", map[string]any{"parameters": c.ask(a)})
			done := a.submit(a.identify(a.b.Get(pushed.OK.URL), "jeanne"), "/decision", everything())
			callback := a.callback(done)
			tokens := a.must("redeem", map[string]any{"callback": callback})
			if got := tokens.OK.Details[0]["datatypes"]; !slices.Equal(got.([]any), c.groups) {
				t.Errorf("granted %v", got)
			}
			claims := a.must("verify", nil)
			if claims.OK.Header["typ"] != "at+jwt" || claims.OK.Payload["iss"] != a.PortalURL || claims.OK.Payload["sub"] == "" {
				t.Errorf("token %v %v", claims.OK.Header, claims.OK.Payload)
			}
			if data := a.must("data", nil); data.OK.Status != 200 || len(data.OK.Body["data"].(map[string]any)) != len(c.groups) {
				t.Errorf("data %d", data.OK.Status)
			}
			if told := a.must("introspect", nil); !told.OK.Active {
				t.Error("introspection says the token is not active")
			}
			if renewed := a.must("refresh", nil); !renewed.OK.Rotated || renewed.OK.AccessToken == tokens.OK.AccessToken {
				t.Error("the refresh token was not rotated, or the token is the same")
			}
			a.withdrawn()
			if late := a.ask("data", nil); late.Error == "" || late.Status != 401 {
				t.Errorf("after the withdrawal: %+v", late)
			}
			if late := a.ask("refresh", nil); late.Error != "invalid_grant" {
				t.Errorf("refresh after the withdrawal: %s", late.Error)
			}
		})
	}
}

// withdrawn takes the only consent back.
func (a administration) withdrawn() {
	a.t.Helper()
	page := a.click(a.b.Get(a.PortalURL+"/home"), "/consents/")
	a.expect("withdrawn", a.submit(a.click(page, "/withdraw"), "/withdraw", nil), 200, "Retirée")
}

func TestOpenIDClientUnderstandsOurRefusals(t *testing.T) {
	a := newAdministration(t, withKey)
	if answer := a.ask("push", map[string]any{"parameters": map[string]any{"authorization_details": `[{"type":"salary"}]`}}); answer.Error != "invalid_authorization_details" {
		t.Errorf("unknown type: %s", answer.Error)
	}
	pushed := a.must("push", map[string]any{"parameters": a.details()})
	refused := a.submit(a.identify(a.b.Get(pushed.OK.URL), "jeanne"), "/decision", url.Values{"decision": {"refuse"}})
	if answer := a.ask("redeem", map[string]any{"callback": a.callback(refused)}); answer.Error != "access_denied" {
		t.Errorf("refusal: %s", answer.Error)
	}
	pushed = a.must("push", map[string]any{"parameters": a.details()})
	done := a.submit(a.b.Get(pushed.OK.URL), "/decision", everything())
	callback := a.callback(done)
	a.must("redeem", map[string]any{"callback": callback})
	if answer := a.ask("redeem", map[string]any{"callback": callback}); answer.Error != "invalid_grant" {
		t.Errorf("the code again: %s", answer.Error)
	}
}

// A stolen token opens nothing without the key it is bound to.
func TestABoundTokenIsNoUseToAThief(t *testing.T) {
	a := newAdministration(t, withDPoP)
	pushed := a.must("push", map[string]any{"parameters": a.details()})
	done := a.submit(a.identify(a.b.Get(pushed.OK.URL), "jeanne"), "/decision", everything())
	tokens := a.must("redeem", map[string]any{"callback": a.callback(done)})
	claims := a.must("introspect", nil)
	if !strings.EqualFold(tokens.OK.TokenType, "dpop") || claims.OK.Confirm["jkt"] == nil {
		t.Errorf("%s, bound to %v", tokens.OK.TokenType, claims.OK.Confirm)
	}
	if stolen := a.must("bearer", nil); stolen.OK.Status != 401 {
		t.Errorf("as a bearer token: %d", stolen.OK.Status)
	}
	a.must("revoke", nil)
	if told := a.must("introspect", nil); told.OK.Active {
		t.Error("active after revocation")
	}
}

// The answer of an introspection as a signed JWT (RFC 9701), in a client that
// accepts nothing else; and the token's end by revocation (RFC 7009).
func TestOpenIDClientReadsSignedIntrospections(t *testing.T) {
	a := newAdministration(t, func(j *journey) map[string]any {
		config := withKey(j)
		config["signed_introspection"] = true
		return config
	})
	pushed := a.must("push", map[string]any{"parameters": a.details()})
	done := a.submit(a.identify(a.b.Get(pushed.OK.URL), "jeanne"), "/decision", everything())
	a.must("redeem", map[string]any{"callback": a.callback(done)})
	if told := a.must("introspect", nil); !told.OK.Active || len(told.OK.Details) != 1 {
		t.Errorf("%+v", told.OK)
	}
	a.must("revoke", nil)
	if told := a.must("introspect", nil); told.OK.Active {
		t.Error("active after revocation")
	}
}
