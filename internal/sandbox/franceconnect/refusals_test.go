package franceconnect_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/internal/sandbox/franceconnect"
)

const callback = "http://localhost:8080/franceconnect/callback"

func start(t *testing.T) (base string, clock *consenttest.Clock, browser *http.Client) {
	t.Helper()
	clock = consenttest.NewClock()
	server := httptest.NewUnstartedServer(nil)
	base = "http://" + server.Listener.Addr().String() + "/api/v2"
	stub, err := franceconnect.New(franceconnect.Config{Issuer: base, Now: clock.Now, Clients: []franceconnect.Client{
		{ID: "c", Secret: "s", EntityID: "e", Name: "Site", RedirectURIs: []string{callback}, PostLogoutRedirectURIs: []string{"http://localhost:8080/out"}},
		{ID: "entitled", Secret: "s", EntityID: "e", Name: "Site", RedirectURIs: []string{callback}, DataScopes: []string{"cnaf_enfants"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = stub
	server.Start()
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return base, clock, &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), "http://localhost:8080") {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

func good() url.Values {
	return url.Values{
		"client_id": {"c"}, "response_type": {"code"}, "redirect_uri": {callback}, "scope": {"openid family_name"},
		"acr_values": {"eidas1"}, "state": {strings.Repeat("s", 32)}, "nonce": {strings.Repeat("n", 32)},
	}
}

// get returns the status, the page, and where it sends the browser.
func get(t *testing.T, browser *http.Client, address string) (int, string, string) {
	t.Helper()
	response, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body), response.Header.Get("Location")
}

// The refusals of FranceConnect's own test suite.
func TestAuthorizeRefuses(t *testing.T) {
	page := func(code string) func(int, string, string) bool {
		return func(status int, body, location string) bool {
			return status == 400 && strings.Contains(body, code) && location == ""
		}
	}
	back := func(parts ...string) func(int, string, string) bool {
		return func(status int, _, location string) bool {
			for _, part := range parts {
				if !strings.Contains(location, part) {
					return false
				}
			}
			return status == 303 && strings.HasPrefix(location, callback)
		}
	}
	cases := map[string]struct {
		name, value string
		want        func(int, string, string) bool
	}{
		"PKCE":                 {"code_challenge", "x", page("Y030007")},
		"empty PKCE":           {"code_challenge_method", "", page("Y030007")},
		"max_age":              {"max_age", "0", page("Y030007")},
		"login_hint":           {"login_hint", "x", page("Y030007")},
		"short nonce":          {"nonce", strings.Repeat("n", 21), page("Y030007")},
		"prompt none":          {"prompt", "none", page("Y030007")},
		"no state":             {"state", "", page("Y030007")},
		"no acr":               {"acr_values", "", page("Y030007")},
		"not an address":       {"redirect_uri", "callback", page("Y030007")},
		"unknown client":       {"client_id", "x", page("Y04EA6EF")},
		"unregistered address": {"redirect_uri", callback + "/", page("Y04C013C")},
		"no response_type":     {"response_type", "", back("error=invalid_request", "iss=", "state=")},
		"implicit":             {"response_type", "id_token", back("#", "error=unsupported_response_type")},
		"no openid":            {"scope", "family_name", back("error=invalid_request")},
		"data of others":       {"scope", "openid cnaf_quotient_familial", back("error=invalid_scope")},
		"eidas2":               {"acr_values", "eidas2", back("error=invalid_acr")},
		"unknown level":        {"acr_values", "loa9", func(status int, body, _ string) bool { return status == 200 && strings.Contains(body, "Angela") }},
		"lowest of two levels": {"acr_values", "eidas2 eidas1", func(status int, _, _ string) bool { return status == 200 }},
		"unknown scope":        {"scope", "openid nothing", func(status int, _, _ string) bool { return status == 200 }},
		"prompt login consent": {"prompt", "login consent", func(status int, _, _ string) bool { return status == 200 }},
	}
	base, _, browser := start(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			query := good()
			query.Set(c.name, c.value)
			if status, body, location := get(t, browser, base+"/authorize?"+query.Encode()); !c.want(status, body, location) {
				t.Errorf("%d, sent to %q\n%s", status, location, body)
			}
		})
	}
}

// signIn leaves the browser with a session and returns the callback.
func signIn(t *testing.T, base string, browser *http.Client) url.Values {
	t.Helper()
	_, body, _ := get(t, browser, base+"/authorize?"+good().Encode())
	start := strings.Index(body, "/interaction/")
	id := body[start+len("/interaction/"):][:26]
	get(t, browser, base+"/interaction/"+id+"/choose?citizen=angela")
	_, _, location := get(t, browser, base+"/interaction/"+id+"/confirm")
	target, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return target.Query()
}

func exchange(t *testing.T, base string, change func(url.Values), code string) int {
	t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "client_id": {"c"}, "client_secret": {"s"}}
	change(form)
	response, err := http.PostForm(base+"/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestCodesAreShortLivedAndSingleUse(t *testing.T) {
	base, clock, browser := start(t)
	same := func(url.Values) {}
	code := signIn(t, base, browser).Get("code")
	for _, want := range []int{200, 400} {
		if got := exchange(t, base, same, code); got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
	if got := exchange(t, base, func(f url.Values) { f.Set("client_secret", "x") }, "any"); got != 401 {
		t.Errorf("wrong secret: %d", got)
	}
	code = again(t, base, browser)
	clock.Advance(30 * time.Second)
	if got := exchange(t, base, same, code); got != 400 {
		t.Errorf("late: %d", got)
	}
}

// again signs in with FranceConnect's session: no list of citizens.
func again(t *testing.T, base string, browser *http.Client) string {
	t.Helper()
	_, body, _ := get(t, browser, base+"/authorize?"+good().Encode())
	if strings.Contains(body, "choose?citizen") {
		t.Fatal("asked to choose again")
	}
	id := body[strings.Index(body, "/interaction/")+len("/interaction/"):][:26]
	_, _, location := get(t, browser, base+"/interaction/"+id+"/confirm")
	target, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return target.Query().Get("code")
}

func TestTheSessionSlidesForHalfAnHour(t *testing.T) {
	base, clock, browser := start(t)
	signIn(t, base, browser)
	for range 3 {
		clock.Advance(29 * time.Minute)
		again(t, base, browser)
	}
	clock.Advance(30 * time.Minute)
	if _, body, _ := get(t, browser, base+"/authorize?"+good().Encode()); !strings.Contains(body, "choose?citizen") {
		t.Error("the session outlives itself")
	}
}

func TestLogoutRefuses(t *testing.T) {
	base, _, browser := start(t)
	for query, code := range map[string]string{
		"":                    "Y030007",
		"id_token_hint=x.y.z": "Y030007",
		"unknown=1":           "Y030007",
	} {
		if status, body, _ := get(t, browser, base+"/session/end?"+query); status != 400 || !strings.Contains(body, code) {
			t.Errorf("%q: %d", query, status)
		}
	}
}

func TestSomePeopleDoNotGetThrough(t *testing.T) {
	base, _, browser := start(t)
	_, body, _ := get(t, browser, base+"/authorize?"+good().Encode())
	id := body[strings.Index(body, "/interaction/")+len("/interaction/"):][:26]
	status, body, _ := get(t, browser, base+"/interaction/"+id+"/choose?citizen=lou")
	if status != 400 || !strings.Contains(body, "Y600006") {
		t.Errorf("%d %s", status, body)
	}
	if _, _, location := get(t, browser, base+"/interaction/"+id+"/return"); !strings.Contains(location, "error=server_error") {
		t.Errorf("the way back leads to %s", location)
	}
}
