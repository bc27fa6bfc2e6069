package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/docs"
	apistub "portail.example/internal/sandbox/apiparticulier"
)

// contract is the OpenAPI document as its readers use it.
type contract struct {
	t        *testing.T
	paths    map[string]map[string]json.RawMessage
	compiler *jsonschema.Compiler
}

func newContract(t *testing.T) contract {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(docs.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(docs.OpenAPI))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("openapi.json", whole); err != nil {
		t.Fatal(err)
	}
	return contract{t, doc.Paths, compiler}
}

var methods = []string{"get", "post", "put", "patch", "delete"}

// operations are "METHOD/path" in gin's spelling.
func (c contract) operations() (out []string) {
	for path, item := range c.paths {
		for method := range item {
			if slices.Contains(methods, method) {
				out = append(out, strings.ToUpper(method)+strings.NewReplacer("{", ":", "}", "").Replace(path))
			}
		}
	}
	slices.Sort(out)
	return out
}

// operation finds what a request called.
func (c contract) operation(method, path string) (template string, found bool) {
	for template, item := range c.paths {
		pattern := "^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), `[^/]+`) + "$"
		if _, ok := item[strings.ToLower(method)]; ok && regexp.MustCompile(pattern).MatchString(path) {
			return template, true
		}
	}
	return "", false
}

// check compares an answer with the document: its status, type and body must be
// described there.
func (c contract) check(method, path string, status int, kind string, body []byte) {
	template, found := c.operation(method, path)
	if !found {
		return // a citizen's page
	}
	var operation struct {
		Responses map[string]struct {
			Content map[string]struct{ Schema json.RawMessage }
		}
	}
	if err := json.Unmarshal(c.paths[template][strings.ToLower(method)], &operation); err != nil {
		c.t.Error(err)
		return
	}
	what := method + " " + template + " " + strconv.Itoa(status)
	response, described := operation.Responses[strconv.Itoa(status)]
	if !described {
		if _, described = operation.Responses["default"]; !described {
			c.t.Errorf("%s is not described", what)
		}
		return
	}
	media, _, _ := strings.Cut(kind, ";")
	content, described := response.Content[media]
	if !described && len(body) > 0 {
		c.t.Errorf("%s: %q is not described", what, media)
		return
	}
	if len(content.Schema) == 0 || !strings.Contains(media, "json") || strings.HasSuffix(media, "+jwt") {
		return
	}
	pointer := "openapi.json#/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(template) + "/" + strings.ToLower(method) + "/responses/" + strconv.Itoa(status) + "/content/" + strings.ReplaceAll(media, "/", "~1") + "/schema"
	schema, err := c.compiler.Compile(pointer)
	if err != nil {
		c.t.Errorf("%s: %v", what, err)
		return
	}
	values := [][]byte{body}
	if media == "application/x-ndjson" { // each line is described
		values = bytes.Split(bytes.TrimSpace(body), []byte("\n"))
	}
	for _, raw := range values {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			c.t.Errorf("%s: %v", what, err)
		}
	}
}

// witness compares everything that is answered to programs during a test.
type witness struct {
	contract
	mu   sync.Mutex
	seen map[string]bool
	next http.RoundTripper
}

func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.check(r.Method, r.URL.Path, response.StatusCode, response.Header.Get("Content-Type"), body)
	if template, found := w.operation(r.Method, r.URL.Path); found {
		w.seen[r.Method+" "+template] = true
	}
	return response, nil
}

// The document and the server name the same endpoints.
func TestOpenAPINamesWhatIsServed(t *testing.T) {
	j := newJourney(t)
	var served []string
	for _, route := range j.Portal.Handler.(*gin.Engine).Routes() {
		program := regexp.MustCompile(`^/(oauth|data|webhooks|\.well-known/oauth|healthz|readyz|openapi\.json)`).MatchString(route.Path)
		if program && route.Method != http.MethodHead {
			served = append(served, route.Method+route.Path)
		}
	}
	slices.Sort(served)
	if described := newContract(t).operations(); !slices.Equal(served, described) {
		t.Errorf("served    %v\ndescribed %v", served, described)
	}
}

// Everything that the server answers to programs in a long life, refusals
// included, is described, byte for byte as its schema says.
func TestAnswersAreThoseOfOpenAPI(t *testing.T) {
	j := newJourney(t)
	w := &witness{contract: newContract(t), seen: map[string]bool{}, next: http.DefaultTransport}
	j.client = &http.Client{Transport: w, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	access, refresh := j.token("jeanne")
	for _, path := range []string{"/.well-known/oauth-authorization-server", "/oauth/jwks", "/openapi.json", "/healthz", "/readyz", "/oauth/authorize", "/oauth/status-lists/0"} {
		j.fetch(http.MethodGet, path, "")
	}
	for _, query := range []string{"", "?mois=13", "?annee=1", "?recipient=1", "?recipient=" + townHallSIRET, "?x=1"} {
		j.fetch(http.MethodGet, "/data/v1/quotient-familial"+query, access)
	}
	j.refreshAll()
	calls := len(j.APIParticulier.Calls())
	for _, code := range []string{"23003", "35560", "00429", "35020", "35000", "35002", "00015", "00101"} {
		j.clock.Advance(2 * time.Second) // a 429 holds the calls that follow
		j.APIParticulier.Misbehave(apistub.Mischief{Code: code})
		j.fetch(http.MethodGet, "/data/v1/quotient-familial", access)
		if got := len(j.APIParticulier.Calls()); got == calls {
			t.Errorf("%s was not asked for", code)
		} else {
			calls = got
		}
	}
	j.fetch(http.MethodGet, "/data/v1/quotient-familial", "rubbish")
	j.fetch(http.MethodGet, "/data/check", access)
	j.fetch(http.MethodGet, "/data/v1/quotient-familial?access_token=x", "")
	for _, form := range []url.Values{{"token": {access}}, {"token": {refresh}}, {"token": {"x"}}, {}} {
		j.post("/oauth/introspect", form)
	}
	_, management := j.post("/oauth/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"grant_management_query grant_management_revoke"}})
	_, told := j.post("/oauth/introspect", url.Values{"token": {access}})
	grant, _ := told["grant_id"].(string)
	for _, bearer := range []string{management["access_token"].(string), access, ""} {
		j.fetch(http.MethodGet, "/oauth/grants/"+grant, bearer)
		j.fetch(http.MethodGet, "/oauth/grants/AAAAAAAAAAAAAAAAAAAAAA", bearer)
	}
	for _, form := range []url.Values{{}, {"grant_type": {"password"}}, {"grant_type": {"refresh_token"}, "refresh_token": {refresh}}, {"grant_type": {"refresh_token"}, "refresh_token": {refresh}}, {"grant_type": {"client_credentials"}, "scope": {"x"}}} {
		j.post("/oauth/token", form)
		j.post("/oauth/par", form)
	}
	filed := j.file(`"family_name":"X","given_name":"Y","gender":"unspecified","birthdate":"2000-00-00","birthcountry":"99404"`)
	waiting := url.Values{"grant_type": {"urn:portail:params:oauth:grant-type:consent-request"}, "request_id": {filed["request_id"].(string)}}
	j.post("/oauth/token", waiting)
	j.post("/oauth/token", waiting)
	for _, bearer := range []string{management["access_token"].(string), management["access_token"].(string), access} {
		j.fetch(http.MethodDelete, "/oauth/consent-requests/"+filed["request_id"].(string), bearer)
	}
	j.fetch(http.MethodPost, "/oauth/consent-requests", "")
	j.fetch(http.MethodPost, "/webhooks/datapass", "")
	j.habilitation("update", j.clock.Now())
	for _, scope := range []string{"consent_events", "grant_management_query"} {
		j.poll(j.management(scope), `{"maxEvents":1}`)
		j.poll(j.management(scope), `[]`)
	}
	for _, method := range []string{"S256", "plain"} {
		j.post("/oauth/par", url.Values{
			"response_type": {"code"}, "redirect_uri": {integratorCallback}, "scope": {"quotient_familial"}, "code_challenge": {consenttest.Challenge},
			"code_challenge_method": {method}, "dry_run": {"true"},
		})
	}
	j.fetch(http.MethodPost, "/oauth/revoke", "")
	j.fetch(http.MethodDelete, "/oauth/grants/"+grant, management["access_token"].(string))
	j.fetch(http.MethodGet, "/data/v1/quotient-familial", access)
	j.early(calls)
	if missing := len(w.operations()) - len(w.seen); missing != 0 {
		t.Errorf("%d operations were never called: %v of %v", missing, slices.Sorted(maps.Keys(w.seen)), w.operations())
	}
}

// fetch calls an endpoint and looks at nothing: the witness does.
func (j *journey) fetch(method, path, bearer string) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), method, j.PortalURL+path, nil)
	if err != nil {
		j.t.Fatal(err)
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := j.client.Do(request)
	if err != nil {
		j.t.Fatal(err)
	}
	_ = response.Body.Close()
}

// The document lists the purposes a second time, for its readers: the two lists are one.
// Types and groups are the catalogue's, whose names it describes.
func TestOpenAPIListsThePurposesAndGroups(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas struct {
				AuthorizationDetail struct {
					Properties struct {
						Purpose   struct{ Enum []string }
						Type      struct{ Pattern string }
						Datatypes struct {
							Items struct{ Pattern string }
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(docs.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	listed := doc.Components.Schemas.AuthorizationDetail.Properties
	var purposes []string
	for _, p := range consent.Purposes() {
		purposes = append(purposes, p.ID)
	}
	slices.Sort(purposes)
	slices.Sort(listed.Purpose.Enum)
	if !slices.Equal(purposes, listed.Purpose.Enum) {
		t.Errorf("purposes %v, listed %v", purposes, listed.Purpose.Enum)
	}
	types, groups := regexp.MustCompile(listed.Type.Pattern), regexp.MustCompile(listed.Datatypes.Items.Pattern)
	for _, set := range consent.DataSets() {
		for _, g := range set.Groups {
			if !types.MatchString(set.Type) || !groups.MatchString(string(g)) || listed.Type.Pattern == "" || listed.Datatypes.Items.Pattern == "" {
				t.Errorf("%s of %s is not described", g, set.Type)
			}
		}
	}
}

// early asks for a month that is not published yet.
func (j *journey) early(calls int) {
	j.t.Helper()
	j.clock.Set(time.Date(2026, time.December, 2, 10, 0, 0, 0, time.UTC))
	access, _ := j.token("sophie")
	j.APIParticulier.Misbehave(apistub.Mischief{Code: "23003"})
	status, body := j.get("/data/v1/quotient-familial", access)
	if status != http.StatusNotFound || errorCode(body) != "90404" || len(j.APIParticulier.Calls()) != calls+1 {
		j.t.Errorf("a month that begins: %d %v", status, body)
	}
}

// refreshAll is a batch that a fund refuses, one that it answers, and batches that are
// asked wrongly.
func (j *journey) refreshAll() {
	j.t.Helper()
	for _, code := range []string{"35020", ""} {
		j.clock.Advance(time.Minute)
		j.APIParticulier.Misbehave(apistub.Mischief{Code: code})
		if lines := j.batch(j.management("data_batch"), nil); !strings.Contains(lines, `"grant_id"`) || !strings.Contains(lines, `"complete":true`) {
			j.t.Errorf("a batch: %s", lines)
		}
	}
	j.batch(j.management("consent_events"), nil)
	j.batch(j.management("data_batch"), url.Values{"mois": {"13"}})
	j.batch(j.management("data_batch"), url.Values{"x": {"1"}})
}

// batch refreshes the administration's consents and gives what was answered.
func (j *journey) batch(bearer string, form url.Values) string {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.PortalURL+"/data/v1/quotient-familial/batch", strings.NewReader(form.Encode()))
	if err != nil {
		j.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := j.client.Do(request)
	if err != nil {
		j.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		j.t.Fatal(err)
	}
	return string(body)
}
