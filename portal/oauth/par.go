package oauth

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// requestURIPrefix is RFC 9126 section 2.2's.
const requestURIPrefix = "urn:ietf:params:oauth:request_uri:"

// pushed is the answer of the PAR endpoint.
type pushed struct {
	RequestURI string `json:"request_uri"`
	ExpiresIn  int    `json:"expires_in"` // seconds
}

// par records a request (RFC 9126). Parameters it does not know are ignored, as
// RFC 6749 section 3.1 demands.
func (room *Room) par(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	client, err := room.asking(c, form)
	if err != nil {
		return err
	}
	if form.Get("dry_run") == "true" {
		return room.rehearse(c, form, client)
	}
	push, err := room.readPush(form, client)
	if err != nil {
		return err
	}
	proved, err := room.proof(c)
	if err != nil {
		return err
	}
	if push.JKT, err = announced(proved, form.Get("dpop_jkt")); err != nil {
		return err
	}
	secret, lifetime, err := room.Service.PushRequest(c.Request.Context(), push)
	if err != nil {
		return err
	}
	web.JSON(c, http.StatusCreated, pushed{requestURIPrefix + secret, int(lifetime.Seconds())})
	return nil
}

func (room *Room) readPush(form web.Params, client consent.Client) (consent.Push, error) {
	if err := checkPush(form); err != nil {
		return consent.Push{}, err
	}
	details, parameters, err := readDetails(form, client)
	return consent.Push{
		Client: client, RedirectURI: form.Get("redirect_uri"), State: form.Get("state"), CodeChallenge: form.Get("code_challenge"), Details: details, Parameters: parameters,
		Language: room.firstLanguage(form.Get("ui_locales")), ForcePrompt: form.Get("prompt") == "consent",
	}, err
}

// checkPush refuses what this profile does not allow, naming the parameter.
func checkPush(form web.Params) error {
	if faults := pushFaults(form); len(faults) > 0 {
		return faults[0]
	}
	return nil
}

// pushFaults are all the parameters that this profile does not allow.
func pushFaults(form web.Params) (out []error) {
	for _, check := range []struct {
		bad          bool
		name, detail string
	}{
		{form.Has("request_uri"), "request_uri", "not allowed here (RFC 9126 section 2.1)"},
		{form.Has("request"), "request", "signed requests are not supported"},
		{form.Get("response_type") == "", "response_type", "missing"},
		{form.Has("response_mode") && form.Get("response_mode") != "query", "response_mode", "only query is supported"},
		{form.Get("redirect_uri") == "", "redirect_uri", "missing"},
		{form.Get("code_challenge_method") != "S256", "code_challenge_method", "S256 is required (RFC 7636)"},
		{!isChallenge(form.Get("code_challenge")), "code_challenge", "the base64url SHA-256 of the verifier is required (RFC 7636)"},
		{form.Has("prompt") && form.Get("prompt") != "consent", "prompt", "only consent is supported"},
		{len(form.Get("state")) > 1024, "state", "more than 1024 bytes"},
		{form.Has("dry_run") && form.Get("dry_run") != "true" && form.Get("dry_run") != "false", "dry_run", "true or false"},
	} {
		if check.bad {
			out = append(out, consent.Refuse(consent.InvalidRequest, check.name, "%s", check.detail))
		}
	}
	if kind := form.Get("response_type"); kind != "" && kind != "code" {
		out = append(out, consent.Refuse(consent.UnsupportedResponseType, "response_type", "only code is supported"))
	}
	return out
}

func isChallenge(s string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(raw) == 32
}

// readDetails reads what is asked: authorization_details, or the client's
// registered default for scope=<type>.
func readDetails(form web.Params, client consent.Client) (consent.Details, consent.Parameters, error) {
	scope := form.Get("scope")
	if !form.Has("authorization_details") {
		if client.Default == nil || scope != client.Default.Type {
			return consent.Details{}, nil, consent.Refuse(consent.InvalidScope, "scope", "no default request is registered for this scope; send authorization_details")
		}
		return *client.Default, nil, nil
	}
	details, parameters, err := consent.ParseDetails([]byte(form.Get("authorization_details")))
	if err == nil && scope != "" && scope != details.Type {
		err = consent.Refuse(consent.InvalidScope, "scope", "not the type of authorization_details")
	}
	return details, parameters, err
}

// firstLanguage is the first of ui_locales we have; the rest is a preference
// we may ignore (OpenID Connect Core section 3.1.2.1).
func (room *Room) firstLanguage(locales string) string {
	for _, locale := range strings.Fields(locales) {
		base, _, _ := strings.Cut(strings.ToLower(locale), "-")
		if slices.Contains(room.Site.Languages(), base) {
			return base
		}
	}
	return ""
}
