// Package apiparticulier calls API Particulier (DINUM) v3 for one habilitation.
// It speaks the provider's words on one side and package consent's on the other,
// keeps nothing, and never writes an identity or a value anywhere.
package apiparticulier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"portail.example/consent"
)

// Config of a Client. BaseURL, Token and Gate are required.
type Config struct {
	BaseURL string // https://particulier.api.gouv.fr
	Token   string // the habilitation's, or an editor's
	// Habilitations are those of recipients that have one of their own.
	Habilitations map[consent.SIRET]Habilitation
	// LivePerHour are the calls with FranceConnect's tokens; 500 when zero.
	LivePerHour int
	// Gate is shared by all instances.
	Gate   consent.ProviderGate
	Limits consent.ProviderLimits
	Slots  Slots
	Stages Stages
	// HTTPClient is used without following redirects: the token goes to BaseURL only.
	HTTPClient *http.Client
	Now        func() time.Time
	// Wait pauses before a retry, and After does something later unless it is stopped
	// first; tests give their own.
	Wait  func(ctx context.Context, d time.Duration) error
	After func(d time.Duration, do func()) (stop func() bool)
}

// complete fills in what was left out.
func (cfg Config) complete() Config {
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	cfg.Limits, cfg.Slots, cfg.Stages = limits(cfg.Limits), cfg.Slots.complete(), cfg.Stages.complete()
	if cfg.Limits.Probe == 0 {
		cfg.Limits.Probe = cfg.Stages.Whole + time.Second
	}
	if cfg.LivePerHour == 0 {
		cfg.LivePerHour = 500
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Wait == nil {
		cfg.Wait = wait
	}
	if cfg.After == nil {
		cfg.After = func(d time.Duration, do func()) func() bool { return time.AfterFunc(d, do).Stop }
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{Transport: transport(cfg.Stages)}
	}
	return cfg
}

// limits are a quarter below what API Particulier allows a habilitation: it bans
// those who insist, silently and for twelve hours.
func limits(l consent.ProviderLimits) consent.ProviderLimits {
	for value, absent := range map[*int]int{&l.Rate: 15, &l.Share: 5, &l.Failures: 5} {
		if *value == 0 {
			*value = absent
		}
	}
	if l.Batch == 0 {
		l.Batch = max(1, l.Rate/2)
	}
	if l.CoolDown == 0 {
		l.CoolDown = 30 * time.Second
	}
	return l
}

// Client is safe for concurrent use. One serves all rooms of an instance: they share
// its calls under way.
type Client struct {
	cfg          Config
	http         *http.Client
	habilitation string
	flights      flights
	slots        slots
	lanes        lanes
}

// New builds a client; it calls nobody.
func New(cfg Config) *Client {
	cfg = cfg.complete()
	client := *cfg.HTTPClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	name := sha256.Sum256([]byte(cfg.BaseURL + " " + cfg.Token))
	return &Client{
		cfg: cfg, http: &client, habilitation: hex.EncodeToString(name[:8]),
		flights: flights{under: map[string]*flight{}}, slots: slots{Slots: cfg.Slots, taken: map[string]int{}}, lanes: lanes{taken: map[string]*lane{}},
	}
}

// Ask asks for a data set of a person, on behalf of a recipient. Every failure is a
// *consent.ProviderFault, unless the gate itself fails. Callers that ask the same at the
// same time share one call, which API Particulier would refuse twice (409); each leaves
// when its context ends.
func (c *Client) Ask(ctx context.Context, q consent.Question) (consent.ProviderAnswer, error) {
	call, err := c.callOf(q)
	if err != nil {
		return consent.ProviderAnswer{}, err
	}
	return c.theirs(ctx, q, call, c.share)
}

// share makes a call, or joins the same one under way.
func (c *Client) share(ctx context.Context, call call) (consent.ProviderAnswer, error) {
	return c.flights.join(ctx, call.flight(), func(ctx context.Context) (consent.ProviderAnswer, error) { return c.ask(ctx, call) })
}

// callOf is the call by identity, or by what was given, under the recipient's habilitation.
func (c *Client) callOf(q consent.Question) (call, error) {
	query, under := personQuery(q), c.under(q.Recipient)
	if !fill(query, q) {
		return call{}, &consent.ProviderFault{Outcome: consent.Failed, Err: errParameters}
	}
	if under.DelegationID != "" {
		query.Set("delegation_id", under.DelegationID)
	}
	out := asking(q, q.DataSet.Upstream.Identity, query)
	out.bearer, out.own = under.Token, under != Habilitation{Token: c.cfg.Token}
	return out, nil
}

// asking adds for whom, and which month.
func asking(q consent.Question, path string, query url.Values) call {
	query.Set("recipient", string(q.Recipient))
	if q.DataSet.Month != "" {
		setMonth(query, q.Period)
	}
	return call{set: q.DataSet, path: path, query: query, recipient: q.Recipient, month: q.Period}
}

// call is one question to API Particulier.
type call struct {
	set       consent.DataSet
	path      string
	query     url.Values
	recipient consent.SIRET
	month     consent.Period
	fresh     bool                  // past API Particulier's cache
	batch     bool                  // nobody waits for it
	turn      *consent.ProviderTurn // taken already; nil asks the gate
	bearer    string
	own       bool      // under a habilitation of the recipient's own
	live      bool      // the bearer is FranceConnect's
	until     time.Time // when the bearer is over; zero for a habilitation's
	// whose is where the answer says whom it is about; nil when that is not looked at.
	whose *consent.Whose
}

func (q call) address() string { return q.path + "?" + q.query.Encode() }

// flight is what two calls have in common that may share one answer: the data set too,
// which says what of it is kept.
func (q call) flight() string {
	key := q.set.Type + " " + q.address()
	if q.whose != nil {
		key = "whose " + key
	}
	return key
}

// get makes one call. Transport errors quote the URL, which holds the identity:
// they are reduced to their kind.
func (c *Client) get(ctx context.Context, q call) (consent.ProviderAnswer, error) {
	ctx, late := c.watch(ctx)
	defer late.end()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.cfg.BaseURL+q.address(), nil)
	if err != nil {
		return consent.ProviderAnswer{}, &consent.ProviderFault{Outcome: consent.Failed, Err: errRequest}
	}
	request.Header.Set("Authorization", "Bearer "+q.bearer)
	request.Header.Set("Accept", "application/json, application/vnd.api+json")
	if q.fresh {
		request.Header.Set("Cache-Control", "no-cache")
	}
	late.after(c.cfg.Stages.Headers)
	response, err := c.http.Do(request)
	if err != nil {
		return consent.ProviderAnswer{}, transportFault(ctx, err)
	}
	defer response.Body.Close()
	late.after(c.cfg.Stages.Body)
	return c.read(ctx, q, response)
}
