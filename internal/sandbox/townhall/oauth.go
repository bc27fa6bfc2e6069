package townhall

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"portail.example/consent"
)

// tokens are what the portal gave for a family.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

// oauthError is the portal's refusal (RFC 6749 section 5.2).
type oauthError struct {
	Status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e *oauthError) Error() string { return e.Code + ": " + e.Description }

// push sends the request to the portal (RFC 9126) and returns where the browser
// goes.
func (s *Server) push(ctx context.Context, v *visit) (string, error) {
	details, err := json.Marshal([]consent.Details{s.cfg.Details})
	if err != nil {
		return "", err
	}
	state, verifier := rand.Text(), rand.Text()+rand.Text()
	v.pending[state] = verifier
	challenge := sha256.Sum256([]byte(verifier))
	var pushed struct {
		RequestURI string `json:"request_uri"`
	}
	err = s.post(ctx, v, "/oauth/par", url.Values{
		"response_type": {"code"}, "redirect_uri": {s.cfg.BaseURL + "/callback"}, "state": {state}, "authorization_details": {string(details)},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}, &pushed)
	return s.cfg.Issuer + "/oauth/authorize?" + url.Values{"client_id": {s.cfg.ClientID}, "request_uri": {pushed.RequestURI}}.Encode(), err
}

// redeem exchanges a code.
func (s *Server) redeem(ctx context.Context, v *visit, code, verifier string) error {
	return s.post(ctx, v, "/oauth/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {s.cfg.BaseURL + "/callback"}, "code_verifier": {verifier},
	}, &v.tokens)
}

// renew trades the refresh token for a new consent token, without the family.
func (s *Server) renew(ctx context.Context, v *visit) error {
	return s.post(ctx, v, "/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {v.tokens.Refresh}}, &v.tokens)
}

// post calls a back-channel endpoint as the client we are (RFC 7523).
func (s *Server) post(ctx context.Context, v *visit, path string, form url.Values, into any) error {
	assertion, err := s.assertion()
	if err != nil {
		return err
	}
	form.Set("client_id", s.cfg.ClientID)
	form.Set("client_assertion_type", assertionType)
	form.Set("client_assertion", assertion)
	return s.send(ctx, v, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), into)
}

// assertionType is RFC 7523's.
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

func (s *Server) send(ctx context.Context, v *visit, path, kind string, content io.Reader, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cfg.Issuer+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", kind)
	status, body, err := s.do(request)
	if err != nil {
		s.note(v, "POST "+path, 0, "no answer")
		return err
	}
	if status >= http.StatusBadRequest {
		refusal := &oauthError{Status: status}
		_ = json.Unmarshal(body, refusal)
		s.note(v, "POST "+path, status, refusal.Code)
		return refusal
	}
	s.note(v, "POST "+path, status, "ok")
	return json.Unmarshal(body, into)
}

func (s *Server) do(request *http.Request) (int, []byte, error) {
	response, err := s.client.Do(request)
	if err != nil {
		return 0, nil, fmt.Errorf("the portal does not answer: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, body, err
}

// assertion proves who we are for a minute, once.
func (s *Server) assertion() (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.cfg.Key, KeyID: s.cfg.KeyID}}, nil)
	if err != nil {
		return "", err
	}
	now := s.cfg.Now()
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: s.cfg.ClientID, Subject: s.cfg.ClientID, Audience: jwt.Audience{s.cfg.Issuer}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}).Serialize()
}
