package apiparticulier

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"portail.example/consent"
)

// transient are the 502 codes worth one more try, in both families: the fund is
// unreachable or throttled for a moment. 35000 is left out: for some people it is
// always the answer.
var transient = map[string]bool{
	"00501": true, "35001": true, "35004": true, "35008": true, "35009": true, "35011": true,
	"37001": true, "37004": true, "37008": true, "37009": true, "37011": true,
}

// period are the 422 codes about the month; other 422 codes are about the person.
var period = map[string]bool{"00354": true, "00355": true, "00356": true, "35565": true}

// ours are the 422 codes that only a mistake of ours can cause.
var ours = map[string]bool{"00203": true, "00210": true, "00212": true}

// proofs are the codes about FranceConnect's token: 401, and 422 for the last.
var proofs = map[string]consent.Proof{
	"51501": consent.ProofStale, "51502": consent.ProofStale, "51504": consent.ProofStale, "51503": consent.ProofPartial, "51564": consent.ProofPartial,
}

// document is the provider's error format.
type document struct {
	Errors []struct {
		Code string `json:"code"`
		Meta struct {
			RetryIn json.Number `json:"retry_in"`
		} `json:"meta"`
	} `json:"errors"`
}

// refusal is the fault behind a status that is not 200, whatever the body is.
func refusal(response *http.Response, body []byte, now time.Time) *consent.ProviderFault {
	fault := &consent.ProviderFault{Status: response.StatusCode, RequestID: response.Header.Get("X-Request-ID")}
	var doc document
	if json.Unmarshal(body, &doc) == nil && len(doc.Errors) > 0 {
		first := doc.Errors[0]
		fault.Code = code(first.Code)
		fault.RetryAfter = seconds(first.Meta.RetryIn.String())
	}
	fault.RetryAfter = max(fault.RetryAfter, delay(response.Header.Get("Retry-After"), now))
	fault.Outcome, fault.Proof = outcome(fault), proofs[fault.Code]
	return fault
}

func outcome(fault *consent.ProviderFault) consent.Outcome {
	switch fault.Status {
	case http.StatusNotFound:
		return notFound(fault)
	case http.StatusUnprocessableEntity:
		return unprocessable(fault.Code)
	case http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return consent.Busy
	case http.StatusGatewayTimeout:
		return consent.TimedOut
	}
	return consent.Failed
}

// notFound is the provider speaking of a person only when it says so in its own
// format: a 404 from a proxy, or the platform's own for a path or a version that does
// not exist, is a failure.
func notFound(fault *consent.ProviderFault) consent.Outcome {
	if fault.Code == "" || strings.HasPrefix(fault.Code, "00") {
		return consent.Failed
	}
	return consent.NoFile
}

func unprocessable(code string) consent.Outcome {
	switch {
	case code == "" || ours[code]:
		return consent.Failed
	case period[code]:
		return consent.NoFile
	}
	return consent.NotIdentified
}

// transportFault says that nothing came, or not all of it. What ended the context
// tells a stage that took too long from a caller that left.
func transportFault(ctx context.Context, err error) *consent.ProviderFault {
	var timeout net.Error
	if context.Cause(ctx) == context.DeadlineExceeded || (errors.As(err, &timeout) && timeout.Timeout()) {
		return &consent.ProviderFault{Outcome: consent.TimedOut, Err: context.DeadlineExceeded}
	}
	return &consent.ProviderFault{Outcome: consent.Failed, Err: errTransport}
}

// code lets through what can be a code: it is shown and logged.
func code(s string) string {
	if len(s) != 5 {
		return ""
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') {
			return ""
		}
	}
	return s
}

// seconds reads a delay; a missing or odd one is unknown, which is zero.
func seconds(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 24*3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// delay reads a Retry-After (RFC 9110 section 10.2.3): seconds, or a date.
func delay(s string, now time.Time) time.Duration {
	at, err := http.ParseTime(s)
	if err != nil {
		return seconds(s)
	}
	if left := at.Sub(now); left > 0 && left <= 24*time.Hour {
		return left.Round(time.Second)
	}
	return 0
}
