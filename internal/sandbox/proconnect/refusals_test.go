package proconnect_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	stub "portail.example/internal/sandbox/proconnect"
)

const issuer = "http://stand-in.test/api/v2"

func server(t *testing.T) *stub.Server {
	t.Helper()
	s, err := stub.New(stub.Config{
		Issuer: issuer, Now: time.Now, Agents: []stub.Agent{{Key: "a", Organisations: []stub.Organisation{{SIRET: "21990012300015"}}}},
		Clients: []stub.Client{{ID: "c", Secret: "s", RedirectURIs: []string{"http://p.test/cb"}, PostLogoutRedirectURIs: []string{"http://p.test/out"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(t *testing.T, s http.Handler, path string, query url.Values) *httptest.ResponseRecorder {
	t.Helper()
	out := httptest.NewRecorder()
	s.ServeHTTP(out, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path+"?"+query.Encode(), nil))
	return out
}

func good() url.Values {
	return url.Values{
		"client_id": {"c"}, "response_type": {"code"}, "redirect_uri": {"http://p.test/cb"}, "scope": {"openid email"}, "state": {"the-state"}, "nonce": {"the-nonce"},
		"code_challenge_method": {"S256"}, "code_challenge": {strings.Repeat("c", 43)},
	}
}

func TestAuthorizationRequestsTheRealOneRefuses(t *testing.T) {
	s := server(t)
	cases := map[string]struct {
		change func(url.Values)
		page   string // of ProConnect, where the person stays; or
		back   string // the error told to the client
	}{
		"nothing wrong":        {func(url.Values) {}, "Je choisis un compte", ""},
		"without PKCE":         {func(q url.Values) { q.Del("code_challenge"); q.Del("code_challenge_method") }, "Je choisis un compte", ""},
		"an unknown parameter": {func(q url.Values) { q.Set("max_age", "0") }, "Y000400", ""},
		"a short SIRET hint":   {func(q url.Values) { q.Set("siret_hint", "219900123") }, "Y000400", ""},
		"twice the state":      {func(q url.Values) { q.Add("state", "x") }, "Y000400", ""},
		"no state":             {func(q url.Values) { q.Del("state") }, "Y000400", ""},
		"an unknown client":    {func(q url.Values) { q.Set("client_id", "x") }, "Y04A586", ""},
		"another address":      {func(q url.Values) { q.Set("redirect_uri", "http://p.test/cb/") }, "Y030031", ""},
		"another flow":         {func(q url.Values) { q.Set("response_type", "token") }, "", "unsupported_response_type"},
		"no openid":            {func(q url.Values) { q.Set("scope", "email") }, "", "invalid_request"},
		"PKCE in plain":        {func(q url.Values) { q.Set("code_challenge_method", "plain") }, "", "invalid_request"},
		"a short challenge":    {func(q url.Values) { q.Set("code_challenge", "c") }, "", "invalid_request"},
		"claims that are not":  {func(q url.Values) { q.Set("claims", "{") }, "", "invalid_request"},
		"silence, and nobody":  {func(q url.Values) { q.Set("prompt", "none") }, "", "login_required"},
	}
	for name, c := range cases {
		query := good()
		c.change(query)
		got := ask(t, s, "/api/v2/authorize", query)
		if c.back == "" {
			if !strings.Contains(got.Body.String(), c.page) || (got.Code == http.StatusOK) != strings.HasPrefix(c.page, "Je") {
				t.Errorf("%s: %d %s", name, got.Code, got.Body)
			}
			continue
		}
		back, err := url.Parse(got.Header().Get("Location"))
		if err != nil || back.Query().Get("error") != c.back || back.Query().Get("state") != "the-state" || back.Query().Get("iss") != issuer {
			t.Errorf("%s: sent to %v", name, back)
		}
	}
}

func TestTokenRequestsTheRealOneRefuses(t *testing.T) {
	s := server(t)
	for name, form := range map[string]url.Values{
		"a wrong secret":             {"client_id": {"c"}, "client_secret": {"x"}, "grant_type": {"authorization_code"}, "code": {"x"}},
		"no secret, for PKCE's sake": {"client_id": {"c"}, "grant_type": {"authorization_code"}, "code": {"x"}, "code_verifier": {strings.Repeat("v", 43)}},
		"a code of nobody":           {"client_id": {"c"}, "client_secret": {"s"}, "grant_type": {"authorization_code"}, "code": {"x"}},
		"another grant":              {"client_id": {"c"}, "client_secret": {"s"}, "grant_type": {"password"}},
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v2/token", strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		out := httptest.NewRecorder()
		if s.ServeHTTP(out, request); out.Code != http.StatusBadRequest && out.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, out.Code)
		}
	}
	if out := ask(t, s, "/api/v2/userinfo", nil); out.Code != http.StatusUnauthorized {
		t.Errorf("userinfo without a token: %d", out.Code)
	}
}

func TestLogoutsTheRealOneRefuses(t *testing.T) {
	s := server(t)
	for code, query := range map[string]url.Values{
		"Y030111": {"id_token_hint": {"x"}, "state": {"s"}, "post_logout_redirect_uri": {"http://p.test/out"}},
		"Y030031": {"client_id": {"c"}, "state": {"s"}, "post_logout_redirect_uri": {"http://elsewhere.test"}},
		"Y030110": {"client_id": {"c"}, "state": {"s"}, "post_logout_redirect_uri": {"http://p.test/out"}},
	} {
		if out := ask(t, s, "/api/v2/session/end", query); out.Code != http.StatusBadRequest || !strings.Contains(out.Body.String(), code) {
			t.Errorf("%s: %d %s", code, out.Code, out.Body)
		}
	}
}
