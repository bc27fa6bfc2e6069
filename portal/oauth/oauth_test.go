package oauth_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/internal/signing"
	"portail.example/portal/oauth"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

const issuer = "https://portal.example"

// world is the endpoints on a real port, with an administration that knows its secret.
type world struct {
	*consenttest.World
	t    testing.TB
	base string
	// handler is what the port serves.
	handler http.Handler
	key     *signing.Key
	// nonces are the server's own.
	nonces *web.Nonces
}

func newWorld(t testing.TB) *world {
	t.Helper()
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{World: consenttest.NewWorld(t), t: t, key: key}
	nonces := web.NewNonces([]byte("0123456789abcdef0123456789abcdef"), w.Clock.Now)
	proofs, err := token.NewProofs(token.ProofConfig{BaseURL: issuer, Once: w.Memory.UseOnce, Nonce: nonces.Fresh, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	w.nonces = nonces
	verifier, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: issuer + "/data", Keys: key, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	managers, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: oauth.ManagementAudience(issuer), Keys: key, Proofs: proofs, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	site := webtest.Site(t, w.Memory, w.Clock.Now)
	room := oauth.New(oauth.Config{
		Service: w.Service, Site: site, Store: w.Memory, Signer: key, Verifier: verifier, Managers: managers, Proofs: proofs, Issuer: issuer, Audience: issuer + "/data", Now: w.Clock.Now,
		Screens: screens{},
		Rates:   web.NewLimiter(web.RateOf(50), w.Clock.Now),
	})
	server := webtest.Serve(t, webtest.Silent(), site, w.Clock.Now, room)
	w.base, w.handler = server.URL, server.Config.Handler
	return w
}

// screens stands for the citizen's room, which renders them.
type screens struct{}

func (screens) Rehearse(_ context.Context, r consent.Request, _ consent.Parameters) (map[string]string, error) {
	return map[string]string{"fr": r.Details.Purpose}, nil
}

// reply is a JSON answer.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
}

func (r reply) text(name string) string { s, _ := r.body[name].(string); return s }

// post sends a form as the town hall, unless prepare says otherwise.
func (w *world) post(path string, form url.Values, prepare ...func(*http.Request)) reply {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(w.Client.ID, consenttest.Secret)
	for _, p := range prepare {
		p(request)
	}
	return w.send(request)
}

func (w *world) get(path string) reply {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.base+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.send(request)
}

func (w *world) send(request *http.Request) reply {
	w.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	out := reply{status: response.StatusCode, header: response.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body) // not everything is JSON
	return out
}

const canteen = `[{"type":"quotient_familial","datatypes":["quotient_familial","enfants"],"purpose":"tarification-cantine","recipient":"21990012300015","access":"continuous"}]`

func goodPush() url.Values {
	return url.Values{
		"response_type": {"code"}, "redirect_uri": {"https://lisiere.example/callback"}, "state": {"s"}, "code_challenge": {consenttest.Challenge},
		"code_challenge_method": {"S256"}, "authorization_details": {canteen},
	}
}

// code pushes, opens in a browser, decides, and comes back with a code.
func (w *world) code() string {
	w.t.Helper()
	_, r := w.Granted(w.t, w.Push())
	return w.Code(w.t, r)
}

func exchange(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://lisiere.example/callback"}, "code_verifier": {consenttest.Verifier}}
}

func TestMetadataNamesEndpointsThatExist(t *testing.T) {
	w := newWorld(t)
	m := w.get("/.well-known/oauth-authorization-server")
	if m.status != 200 || m.text("issuer") != issuer || m.body["require_pushed_authorization_requests"] != true || m.body["authorization_response_iss_parameter_supported"] != true {
		t.Fatalf("%d %s", m.status, m.raw)
	}
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri", "pushed_authorization_request_endpoint", "revocation_endpoint", "introspection_endpoint"} {
		path, ours := strings.CutPrefix(m.text(name), issuer)
		if !ours {
			t.Errorf("%s is %s", name, m.text(name))
		}
		if a := w.get(path); a.status == http.StatusNotFound {
			t.Errorf("%s does not exist", path)
		}
	}
	if keys, err := token.ParseKeys([]byte(w.get("/oauth/jwks").raw)); err != nil || len(keys) != 1 {
		t.Errorf("keys: %v %v", keys, err)
	}
	if strings.Contains(w.get("/oauth/jwks").raw, `"d"`) {
		t.Error("the private key is published")
	}
}

func TestPushThenAuthorizeOpensTheCitizensPage(t *testing.T) {
	w := newWorld(t)
	p := w.post("/oauth/par", goodPush())
	if p.status != http.StatusCreated || !strings.HasPrefix(p.text("request_uri"), "urn:ietf:params:oauth:request_uri:") || p.body["expires_in"] != 300.0 || p.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", p.status, p.raw)
	}
	authorize := w.base + "/oauth/authorize?" + url.Values{"client_id": {w.Client.ID}, "request_uri": {p.text("request_uri")}}.Encode()
	b := webtest.NewBrowser(t)
	for range 2 { // reloading works
		if a := b.Get(authorize, webtest.Stop); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/requests/") {
			t.Errorf("%d %s", a.Status, a.Header.Get("Location"))
		}
	}
	if a := webtest.NewBrowser(t).Get(authorize); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "n’est pas ouverte ici") {
		t.Errorf("another browser: %d", a.Status)
	}
}

func TestScopeStandsForTheRegisteredDefault(t *testing.T) {
	w := newWorld(t)
	client := w.Client
	d := consenttest.Canteen()
	client.Default = &d
	if err := w.Memory.PutClient(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	form := goodPush()
	form.Del("authorization_details")
	form.Set("scope", "quotient_familial")
	if p := w.post("/oauth/par", form); p.status != http.StatusCreated {
		t.Errorf("%d %s", p.status, p.raw)
	}
}

func TestBadPushesAreRefusedByName(t *testing.T) {
	set := func(name, value string) func(url.Values) { return func(f url.Values) { f.Set(name, value) } }
	del := func(name string) func(url.Values) { return func(f url.Values) { f.Del(name) } }
	cases := map[string]struct {
		change func(url.Values)
		code   string
		names  string
	}{
		"no response_type":        {del("response_type"), "invalid_request", "response_type"},
		"implicit":                {set("response_type", "token"), "unsupported_response_type", "response_type"},
		"fragment":                {set("response_mode", "fragment"), "invalid_request", "response_mode"},
		"no redirect_uri":         {del("redirect_uri"), "invalid_request", "redirect_uri"},
		"unregistered redirect":   {set("redirect_uri", "https://evil.example/"), "invalid_request", "redirect_uri"},
		"redirect with a suffix":  {set("redirect_uri", "https://lisiere.example/callback/.."), "invalid_request", "redirect_uri"},
		"no PKCE":                 {del("code_challenge"), "invalid_request", "code_challenge"},
		"plain PKCE":              {set("code_challenge_method", "plain"), "invalid_request", "code_challenge_method"},
		"a short challenge":       {set("code_challenge", "abc"), "invalid_request", "code_challenge"},
		"a request_uri":           {set("request_uri", "urn:x"), "invalid_request", "request_uri"},
		"a request object":        {set("request", "eyJ"), "invalid_request", "request"},
		"prompt none":             {set("prompt", "none"), "invalid_request", "prompt"},
		"DPoP":                    {set("dpop_jkt", "x"), "invalid_request", "dpop_jkt"},
		"a huge state":            {set("state", strings.Repeat("s", 2000)), "invalid_request", "state"},
		"a twice given parameter": {func(f url.Values) { f.Add("state", "t") }, "invalid_request", "state"},
		"an oversize parameter":   {set("login_hint", strings.Repeat("x", 9000)), "invalid_request", "login_hint"},
		"scope without default":   {func(f url.Values) { f.Del("authorization_details"); f.Set("scope", "quotient_familial") }, "invalid_scope", "scope"},
		"scope of another type":   {set("scope", "openid"), "invalid_scope", "scope"},
		"details not JSON":        {set("authorization_details", "x"), "invalid_authorization_details", "authorization_details"},
		"an unknown purpose":      {set("authorization_details", strings.Replace(canteen, "cantine", "publicite", 1)), "invalid_authorization_details", "purpose"},
		"another recipient":       {set("authorization_details", strings.Replace(canteen, "21990012300015", "21990013100018", 1)), "invalid_authorization_details", "recipient"},
		"another client_id":       {set("client_id", "transports-source"), "invalid_client", "client_id"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			form := goodPush()
			c.change(form)
			p := w.post("/oauth/par", form)
			if p.text("error") != c.code || !strings.Contains(p.text("error_description"), c.names) {
				t.Errorf("%d %s, want %s naming %s", p.status, p.raw, c.code, c.names)
			}
		})
	}
}

func TestAuthorizeTellsEveryFaultOnAPageNeverByRedirect(t *testing.T) {
	w := newWorld(t)
	uri := w.post("/oauth/par", goodPush()).text("request_uri")
	late := w.post("/oauth/par", goodPush()).text("request_uri")
	b := webtest.NewBrowser(t)
	cases := []struct {
		name   string
		query  url.Values
		status int
		text   string
	}{
		{"unknown client", url.Values{"client_id": {"nobody"}, "request_uri": {uri}}, 400, "Administration inconnue"},
		{"no client", url.Values{"request_uri": {uri}}, 400, "Administration inconnue"},
		{"another client's request", url.Values{"client_id": {"transports-source"}, "request_uri": {uri}}, 400, "Cette adresse n’est pas valable"},
		{"no request_uri", url.Values{"client_id": {w.Client.ID}, "redirect_uri": {"https://evil.example"}, "response_type": {"code"}}, 400, "Cette adresse n’est pas valable"},
		{"unknown request_uri", url.Values{"client_id": {w.Client.ID}, "request_uri": {uri + "x"}}, 400, "Cette adresse n’est pas valable"},
		{"twice", url.Values{"client_id": {w.Client.ID, w.Client.ID}, "request_uri": {uri}}, 400, "Cette adresse n’est pas valable"},
	}
	for _, c := range cases {
		a := b.Get(w.base+"/oauth/authorize?"+c.query.Encode(), webtest.Stop)
		if a.Status != c.status || !strings.Contains(a.Body, c.text) || a.Header.Get("Location") != "" {
			t.Errorf("%s: %d %s", c.name, a.Status, a.Header.Get("Location"))
		}
	}
	w.Clock.Advance(5 * time.Minute)
	a := b.Get(w.base+"/oauth/authorize?"+url.Values{"client_id": {w.Client.ID}, "request_uri": {late}}.Encode(), webtest.Stop)
	if a.Status != http.StatusGone || !strings.Contains(a.Body, "a expiré") {
		t.Errorf("late: %d", a.Status)
	}
}

func TestACodeBecomesATokenWithExactlyTheProtocolsClaims(t *testing.T) {
	w := newWorld(t)
	r := w.post("/oauth/token", exchange(w.code()))
	if r.status != 200 || r.text("token_type") != "Bearer" || r.body["expires_in"] != 300.0 || r.text("scope") != "quotient_familial" || r.text("refresh_token") == "" || r.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: issuer + "/data", Keys: w.key, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	claims, err := verifier.Verify(t.Context(), r.text("access_token"))
	if err != nil {
		t.Fatal(err)
	}
	d, _ := claims.Detail("quotient_familial")
	if claims.GrantID != r.text("grant_id") || claims.ClientID != w.Client.ID || claims.ACR != "eidas1" || d.ExpiresAt != "2027-08-31" || d.Recipient != "21990012300015" || len(d.Datatypes) != 2 || d.Locations[0] != consenttest.Location || !claims.AuthTime.Equal(consenttest.Start) {
		t.Errorf("claims: %+v", d)
	}
	if claims.Subject == string(w.Viewer.Subject) || claims.Subject == "" {
		t.Error("sub is not pairwise")
	}
	payload, _ := json.Marshal(claims)
	for _, name := range []string{"DUBOIS", "Angela", "1962", "75107", "franceconnect"} {
		if strings.Contains(string(payload), name) {
			t.Errorf("the token holds %s", name)
		}
	}
}

func TestTheTokenEndpointRefuses(t *testing.T) {
	cases := map[string]struct {
		change func(*world, url.Values)
		code   string
		names  string
	}{
		"no grant_type":    {func(_ *world, f url.Values) { f.Del("grant_type") }, "invalid_request", "grant_type"},
		"password":         {func(_ *world, f url.Values) { f.Set("grant_type", "password") }, "unsupported_grant_type", "grant_type"},
		"no code":          {func(_ *world, f url.Values) { f.Del("code") }, "invalid_request", "code"},
		"no verifier":      {func(_ *world, f url.Values) { f.Del("code_verifier") }, "invalid_request", "code_verifier"},
		"no redirect_uri":  {func(_ *world, f url.Values) { f.Del("redirect_uri") }, "invalid_request", "redirect_uri"},
		"unknown code":     {func(_ *world, f url.Values) { f.Set("code", "x") }, "invalid_grant", "code"},
		"wrong verifier":   {func(_ *world, f url.Values) { f.Set("code_verifier", "x") }, "invalid_grant", "code_verifier"},
		"wrong redirect":   {func(_ *world, f url.Values) { f.Set("redirect_uri", "https://x.example") }, "invalid_grant", "redirect_uri"},
		"late":             {func(w *world, _ url.Values) { w.Clock.Advance(time.Minute) }, "invalid_grant", "code"},
		"no refresh token": {func(_ *world, f url.Values) { f.Set("grant_type", "refresh_token") }, "invalid_request", "refresh_token"},
		"unknown refresh":  {func(_ *world, f url.Values) { f.Set("grant_type", "refresh_token"); f.Set("refresh_token", "x") }, "invalid_grant", "refresh_token"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			form := exchange(w.code())
			c.change(w, form)
			r := w.post("/oauth/token", form)
			if r.status != 400 || r.text("error") != c.code || !strings.Contains(r.text("error_description"), c.names) || r.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d %s, want %s naming %s", r.status, r.raw, c.code, c.names)
			}
		})
	}
}

func TestReplayReuseAndWithdrawalEndInInvalidGrant(t *testing.T) {
	w := newWorld(t)
	form := exchange(w.code())
	first := w.post("/oauth/token", form)
	refresh := func(r reply) reply {
		return w.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {r.text("refresh_token")}})
	}
	second := refresh(first)
	if second.status != 200 || second.text("refresh_token") == first.text("refresh_token") {
		t.Fatalf("refresh: %d %s", second.status, second.raw)
	}
	if r := w.post("/oauth/token", form); r.text("error") != "invalid_grant" {
		t.Errorf("replayed code: %s", r.raw)
	}
	if r := refresh(second); r.text("error") != "invalid_grant" {
		t.Errorf("after the replay: %s", r.raw)
	}
	third := w.post("/oauth/token", exchange(w.code()))
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, third.text("grant_id"), consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	if r := refresh(third); r.text("error") != "invalid_grant" || !strings.Contains(r.text("error_description"), "withdrew") {
		t.Errorf("withdrawn: %s", r.raw)
	}
}

func TestStatusListsShowAWithdrawalAtTheTokensPlace(t *testing.T) {
	w := newWorld(t)
	issued := w.Issued(t, w.Push())
	path := "/oauth/status-lists/" + itoa(issued.Token.Status.List)
	if bit(t, w.get(path).raw, issued.Token.Status.Index) {
		t.Error("a live token is marked")
	}
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(30 * time.Second)
	after := w.get(path)
	if !bit(t, after.raw, issued.Token.Status.Index) || after.header.Get("Content-Type") != "application/statuslist+jwt" {
		t.Error("the withdrawal is not on the list")
	}
	for _, id := range []string{"0", "x", "-1", "99999999999", "0" + itoa(issued.Token.Status.List)} {
		if a := w.get("/oauth/status-lists/" + id); a.status != http.StatusNotFound {
			t.Errorf("list %s: %d", id, a.status)
		}
	}
}
