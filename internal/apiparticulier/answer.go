package apiparticulier

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"portail.example/consent"
)

// maxBody is far above any household's answer.
const maxBody = 1 << 20

var (
	errRequest   = errors.New("apiparticulier: the request could not be built")
	errTransport = errors.New("apiparticulier: no answer")
	errTooLarge  = errors.New("apiparticulier: the answer is too large")
	errFormat    = errors.New("apiparticulier: the answer is not in the documented format")
)

// read turns an answer into data or a fault. The status class decides; codes
// only refine it, since two families of codes are in use.
func (c *Client) read(ctx context.Context, q call, response *http.Response) (consent.ProviderAnswer, error) {
	id := response.Header.Get("X-Request-ID")
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case response.StatusCode != http.StatusOK:
		return consent.ProviderAnswer{}, refusal(response, body, c.cfg.Now())
	case err != nil:
		fault := transportFault(ctx, err)
		fault.RequestID = id
		return consent.ProviderAnswer{}, fault
	case len(body) > maxBody:
		return consent.ProviderAnswer{}, unusable(id, errTooLarge)
	case !isJSON(response.Header.Get("Content-Type")) || consent.Ambiguous(body):
		return consent.ProviderAnswer{}, unusable(id, errFormat)
	}
	return parse(q, id, body)
}

// envelope is the provider's answer; every key of data may be missing, but what has a
// month comes with it.
type envelope struct {
	Data map[string]json.RawMessage `json:"data"`
}

type month struct {
	Year  int        `json:"annee"`
	Month time.Month `json:"mois"`
}

func parse(q call, id string, body []byte) (consent.ProviderAnswer, error) {
	set := q.set
	var e envelope
	if json.Unmarshal(body, &e) != nil || e.Data == nil {
		return consent.ProviderAnswer{}, unusable(id, errFormat)
	}
	data, ok := set.Cut(e.Data, set.Groups)
	if !ok {
		return consent.ProviderAnswer{}, unusable(id, errFormat)
	}
	answer := consent.ProviderAnswer{Data: data, RequestID: id}
	if q.whose != nil {
		answer.About = about(*q.whose, e.Data)
	}
	if raw, ok := data[set.Month]; ok {
		var m month
		if json.Unmarshal(raw, &m) != nil || m.Year == 0 || m.Month < time.January || m.Month > time.December {
			return consent.ProviderAnswer{}, unusable(id, errFormat)
		}
		answer.Period = consent.Period(m)
	}
	return answer, nil
}

func unusable(id string, err error) error {
	return &consent.ProviderFault{Outcome: consent.Failed, Status: http.StatusOK, RequestID: id, Err: err}
}
