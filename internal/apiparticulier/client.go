// Package apiparticulier calls API Particulier (DINUM) v3 for one habilitation.
// It speaks the provider's words on one side and package consent's on the other,
// keeps nothing, and never writes an identity or a value anywhere.
package apiparticulier

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"portail.example/consent"
)

// Config of a Client. BaseURL and Token are required.
type Config struct {
	BaseURL string // https://particulier.api.gouv.fr
	Token   string // the habilitation's
	// HTTPClient is used without following redirects: the token goes to BaseURL only.
	HTTPClient *http.Client
	// Timeout bounds a call with its retry; API Particulier itself gives a fund
	// ten seconds. 12 s when zero.
	Timeout time.Duration
	// Wait pauses before a retry; tests give their own.
	Wait func(ctx context.Context, d time.Duration) error
}

// Client is safe for concurrent use.
type Client struct {
	cfg  Config
	http *http.Client
}

// New builds a client; it calls nobody.
func New(cfg Config) *Client {
	if cfg.Timeout == 0 {
		cfg.Timeout = 12 * time.Second
	}
	if cfg.Wait == nil {
		cfg.Wait = wait
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{Transport: transport()}
	}
	client := *cfg.HTTPClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	return &Client{cfg: cfg, http: &client}
}

func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 3 * time.Second}).DialContext
	t.MaxIdleConnsPerHost = 32
	return t
}

// QuotientFamilial asks for the quotient familial of a person in a month, on
// behalf of a recipient. Every failure is a *consent.ProviderFault. A call that
// collided with another (409), or that the provider calls transient (502), is
// repeated once.
func (c *Client) QuotientFamilial(ctx context.Context, who consent.PivotIdentity, recipient consent.SIRET, month consent.Period) (consent.ProviderAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	query := identityQuery(who)
	query.Set("recipient", string(recipient))
	setMonth(query, month)
	answer, err := c.get(ctx, "/v3/dss/quotient_familial/identite", query)
	if pause, again := retry(err); again && c.cfg.Wait(ctx, pause) == nil {
		answer, err = c.get(ctx, "/v3/dss/quotient_familial/identite", query)
	}
	return answer, err
}

// get makes one call. Transport errors quote the URL, which holds the identity:
// they are reduced to their kind.
func (c *Client) get(ctx context.Context, path string, query url.Values) (consent.ProviderAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.cfg.BaseURL+path+"?"+query.Encode(), nil)
	if err != nil {
		return consent.ProviderAnswer{}, &consent.ProviderFault{Outcome: consent.Failed, Err: errRequest}
	}
	request.Header.Set("Authorization", "Bearer "+c.cfg.Token)
	request.Header.Set("Accept", "application/json, application/vnd.api+json")
	response, err := c.http.Do(request)
	if err != nil {
		return consent.ProviderAnswer{}, transportFault(err)
	}
	defer response.Body.Close()
	return read(response)
}

// retry tells whether one more try is allowed, and after how long. The provider
// bans callers that insist, so it is one and only where its list says so.
func retry(err error) (time.Duration, bool) {
	var fault *consent.ProviderFault
	if !errors.As(err, &fault) || fault.RetryAfter > 2*time.Second {
		return 0, false
	}
	if fault.Status == http.StatusConflict || (fault.Status == http.StatusBadGateway && transient[fault.Code]) {
		return max(fault.RetryAfter, 500*time.Millisecond) + rand.N(time.Second), true
	}
	return 0, false
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
