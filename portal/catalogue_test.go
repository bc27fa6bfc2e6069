package portal_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/internal/apiparticulier"
	"portail.example/internal/i18n"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/internal/signing"
	"portail.example/locales"
	"portail.example/portal/citizen"
	"portail.example/portal/gateway"
	"portail.example/portal/oauth"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

const issuer = "https://portal.example"

// world is the whole portal in memory, between an administration, a citizen and the
// stand-in of API Particulier.
type world struct {
	*consenttest.World
	t    *testing.T
	base string
	b    *webtest.Browser
	key  *signing.Key // signs tokens and papers
	api  *stub.Server // set before the test sends anything
	// asked are the endpoints of administrations, for a site.
	asked func(*web.Site) *oauth.Room
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: consenttest.NewWorld(t), t: t, b: webtest.NewBrowser(t)}
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	proofs, err := token.NewProofs(token.ProofConfig{BaseURL: issuer, Once: w.Memory.UseOnce, Nonce: web.NewNonces([]byte("0123456789abcdef0123456789abcdef"), w.Clock.Now).Fresh, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: issuer + "/data", Keys: key, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	managers, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: oauth.ManagementAudience(issuer), Keys: key, Proofs: proofs, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	site := webtest.Site(t, w.Memory, w.Clock.Now)
	pages := citizen.New(citizen.Config{
		Service: w.Service, Site: site, FranceConnect: shortcut{}, Attempts: w.Memory, Receipts: key, Issuer: issuer, Now: w.Clock.Now,
		Operator: citizen.Operator{Contact: "contact@portail.example"},
	})
	w.asked = func(site *web.Site) *oauth.Room {
		return oauth.New(oauth.Config{
			Service: w.Service, Site: site, Store: w.Memory, Signer: key, Verifier: verifier, Managers: managers, Proofs: proofs, Issuer: issuer, Audience: issuer + "/data", Now: w.Clock.Now,
			Screens: pages, Rates: web.NewLimiter(web.RateOf(50), w.Clock.Now),
		})
	}
	w.key = key
	data := gateway.New(gateway.Config{Service: w.Service, Verifier: verifier, Logger: webtest.Silent(), Papers: gateway.Papers{Signer: key, Words: spoken(t), Issuer: issuer}, Upstream: apiparticulier.New(apiparticulier.Config{
		BaseURL: provider(t, w), Token: "t", Gate: consenttest.NewGate(), Now: w.Clock.Now,
	})})
	w.base = webtest.Serve(t, webtest.Silent(), site, w.Clock.Now, pages, site, w.asked(site), data).URL
	return w
}

// provider is the stand-in, with the rights to every data set.
func provider(t *testing.T, w *world) string {
	w.api = stub.New(stub.Config{Now: w.Clock.Now, Tokens: map[string]stub.Habilitation{"t": {Scopes: stub.EveryScope()}}})
	server := httptest.NewServer(w.api)
	t.Cleanup(server.Close)
	return server.URL
}

// spoken is French, in which papers are.
func spoken(t *testing.T) i18n.Localizer {
	t.Helper()
	bundle, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Localizer("fr", func(key string, err error) { t.Errorf("%s: %v", key, err) })
}

// shortcut is FranceConnect for somebody in a hurry.
type shortcut struct{}

func (shortcut) Begin(context.Context, ...string) (consent.SignInAttempt, string, error) {
	state := consent.NewID()
	return consent.SignInAttempt{State: state}, "/franceconnect/callback?" + url.Values{"state": {state}}.Encode(), nil
}

func (shortcut) Complete(context.Context, consent.SignInAttempt, url.Values) (consent.SignIn, error) {
	return consenttest.Angela(), nil
}

func (shortcut) EndSessionURL(context.Context, string, string) (string, error) { return "/", nil }

// call is the administration's.
func (w *world) call(path string, form url.Values) (out map[string]any) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(w.Client.ID, consenttest.Secret)
	w.answer(request, &out)
	return out
}

func (w *world) answer(request *http.Request, out any) {
	w.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		w.t.Fatal(err)
	}
}

// asks pushes a request and leads its citizen to the question.
func (w *world) asks(set consent.DataSet, groups []consent.DataGroup) (page webtest.Answer) {
	w.t.Helper()
	push := w.PushOf(w.t, set, groups...)
	pushed := w.call("/oauth/par", url.Values{
		"client_id": {w.Client.ID}, "response_type": {"code"}, "redirect_uri": {push.RedirectURI}, "code_challenge": {consenttest.Challenge}, "code_challenge_method": {"S256"},
		"state": {"s"}, "authorization_details": {consenttest.DetailsOf(w.t, push)},
	})
	uri, _ := pushed["request_uri"].(string)
	if uri == "" {
		w.t.Fatal(pushed)
	}
	arrived := w.b.Get(w.base + "/oauth/authorize?" + url.Values{"client_id": {w.Client.ID}, "request_uri": {uri}}.Encode())
	return w.b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(arrived.URL.Path, "/requests/"))
}

var shown = regexp.MustCompile(`name="shown" value="([^"]+)"`)

// answers yes to some groups, and returns the consent token.
func (w *world) answers(page webtest.Answer, groups []consent.DataGroup) string {
	w.t.Helper()
	form := url.Values{"decision": {"allow"}, "shown": {shown.FindStringSubmatch(page.Body)[1]}, "confirmed": {"yes"}}
	for _, g := range groups {
		form.Add("datatypes", string(g))
	}
	done := w.b.Post(w.base+page.URL.Path+"/decision", form)
	if done.Status != http.StatusOK || !strings.HasSuffix(done.URL.Path, "/done") {
		w.t.Fatalf("%d at %s", done.Status, done.URL)
	}
	back, err := url.Parse(w.b.Get(w.base+page.URL.Path+"/return", webtest.Stop).Header.Get("Location"))
	if err != nil {
		w.t.Fatal(err)
	}
	issued := w.call("/oauth/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}, "redirect_uri": {w.Client.RedirectURIs[0]}, "code_verifier": {consenttest.Verifier},
	})
	bearer, _ := issued["access_token"].(string)
	if told, err := json.Marshal(issued["authorization_details"]); err != nil || strings.Contains(string(told), "parameters") {
		w.t.Errorf("%s, %v", told, err)
	}
	if bearer == "" {
		w.t.Fatal(issued)
	}
	return bearer
}

// Every data set of the catalogue goes from the question to the release without anything
// but its file: the words of the screen, in French, are the file's, and what leaves is the
// part that was granted.
func TestADataSetGoesFromTheQuestionToTheRelease(t *testing.T) {
	for _, set := range consent.DataSets() {
		t.Run(set.Type, func(t *testing.T) {
			w := newWorld(t)
			asked := set.InOrder(consenttest.PurposeFor(set).Groups)
			page, words := w.asks(set, asked), french(t)
			for _, g := range asked {
				for _, part := range []string{"asked", "name", "explain"} {
					if text := words["group."+string(g)+"."+part]; text == "" || !strings.Contains(page.Body, html.EscapeString(text)) {
						t.Errorf("%q is not on the screen", text)
					}
				}
			}
			if warning := words["data_set."+set.Type+".warning"]; set.Confirmed() != (warning != "") || warning != "" && !strings.Contains(page.Body, html.EscapeString(warning)) {
				t.Errorf("%q is not on the screen", warning)
			}
			for _, p := range set.Given {
				if text := words["parameter."+set.Type+"."+p.Name+".name"]; text == "" || !strings.Contains(page.Body, html.EscapeString(text)) {
					t.Errorf("%q is not on the screen", text)
				}
			}
			granted := asked[len(asked)-1:]
			bearer := w.answers(page, granted)
			tellsNothingGiven(t, set, bearer)
			w.released(set, granted, bearer)
		})
	}
}

// tellsNothingGiven: what a consent is bound to is in no token.
func tellsNothingGiven(t *testing.T, set consent.DataSet, bearer string) {
	t.Helper()
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(bearer, ".")[1])
	if err != nil || !strings.Contains(string(claims), set.Type) {
		t.Fatalf("%s, %v", claims, err)
	}
	for _, p := range set.Given {
		if strings.Contains(string(claims), `"`+p.Example+`"`) || strings.Contains(string(claims), `"`+p.Name+`"`) {
			t.Errorf("%s is in the token", p.Name)
		}
	}
}

func french(t *testing.T) map[string]string {
	t.Helper()
	words, known := consent.Texts("fr")
	if !known {
		t.Fatal("no French")
	}
	return words
}

func (w *world) released(set consent.DataSet, granted []consent.DataGroup, bearer string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.base+"/data/v1/"+set.Path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	var got struct {
		Data   map[string]json.RawMessage
		Errors any
	}
	w.answer(request, &got)
	kept, ok := set.Cut(got.Data, granted)
	whole, _ := json.Marshal(got.Data)
	part, _ := json.Marshal(kept)
	var a, b any
	if json.Unmarshal(whole, &a) != nil || json.Unmarshal(part, &b) != nil || !ok || len(got.Data) == 0 || string(normal(a)) != string(normal(b)) {
		w.t.Errorf("%v: released %s, granted are %v", got.Errors, whole, granted)
	}
	for _, m := range set.Shape(granted...).Members {
		if _, there := got.Data[m.Name]; !there {
			w.t.Errorf("%s is missing", m.Name)
		}
	}
}

func normal(v any) []byte {
	raw, _ := json.Marshal(v)
	return raw
}

// The same journey, of a data set that exists in no file of ours: one file is laid over
// the folder when the test is built, and nothing else changes.
func TestOneFileAddsADataSet(t *testing.T) {
	invented, err := filepath.Abs("testdata/carte_de_peche.json")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.Abs("../consent/catalogue")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(folder, "carte_de_peche.json"): invented}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-overlay", file, "-count=1", "-v", "-run", "TestADataSetGoesFromTheQuestionToTheRelease/carte_de_peche", ".")
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestADataSetGoesFromTheQuestionToTheRelease/carte_de_peche") {
		t.Errorf("%v\n%s", err, out)
	}
}

// The page that operators read names every scope that they may name, and no other.
func TestThePageOfScopesIsTheCatalogue(t *testing.T) {
	page, err := os.ReadFile("../docs/franceconnect.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range consent.DataSets() {
		want := ""
		for _, scope := range consent.LiveScopes() {
			if slices.ContainsFunc(set.Groups, func(g consent.DataGroup) bool { return slices.Contains(set.Scopes(g), scope) }) {
				want += " `" + scope + "`"
			}
		}
		if line := "| `" + set.Type + "` |" + want + " |\n"; want != "" && !strings.Contains(string(page), line) {
			t.Errorf("no line %s", line)
		}
	}
}

// The page that administrations read names every data set with its groups and purposes.
func TestThePageOfDataSetsIsTheCatalogue(t *testing.T) {
	page, err := os.ReadFile("../docs/data-sets.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range consent.DataSets() {
		line := ""
		for row := range strings.Lines(string(page)) {
			if strings.Contains(row, "| `"+set.Type+"` | `/data/v1/"+set.Path+"` |") {
				line = row
			}
		}
		for _, g := range set.Groups {
			if !strings.Contains(line, "`"+string(g)+"`") {
				t.Errorf("%s: %s is not on its line", set.Type, g)
			}
		}
		for _, p := range consent.Purposes() {
			if admits := len(set.InOrder(p.Groups)) > 0; admits != strings.Contains(line, "`"+p.ID+"`") || set.Sensitive != strings.Contains(line, "about health") {
				t.Errorf("%s: what is said of %s, or of health", set.Type, p.ID)
			}
		}
	}
}
