package web

import (
	"net/http"

	"portail.example/consent"
)

// errorAnswer is how a Code is told to a citizen; its texts are error.<key>.*:
// what happened, what was not lost, and the one next step.
type errorAnswer struct {
	status int
	key    string
	way    way
	wait   int // seconds before another try is worth it, 0 for at once
}

// way is where the one next step leads; its text is error.to.<name>.
type way struct{ name, url string }

// The ways on from an error. Without an address, a way leads back to the page the
// citizen was at.
var (
	toHome     = way{"home", "/"}
	toPage     = way{"again", ""}
	toConsents = way{"consents", "/consents"}
	toSignIn   = way{"sign_in", "/sign-in"}
	toRetry    = way{"sign_in_again", "/sign-in"}
)

// How long another try has to wait, in seconds.
const (
	outageWait = 30
	busyWait   = 1  // an address has a share of its rate again
	tooSoon    = 60 // a citizen who asks for much, or before it is ready
)

// errorAnswers lists every Code a citizen can meet. What is not listed says
// nothing but its incident number.
var errorAnswers = map[consent.Code]errorAnswer{
	consent.InvalidRequest:     {http.StatusBadRequest, "invalid_request", toHome, 0},
	consent.NothingChosen:      {http.StatusBadRequest, "invalid_request", toHome, 0},
	consent.InvalidEndDate:     {http.StatusBadRequest, "invalid_request", toHome, 0},
	consent.TooLarge:           {http.StatusRequestEntityTooLarge, "too_large", toPage, 0},
	consent.TooMany:            {http.StatusTooManyRequests, "too_many", toPage, tooSoon},
	consent.InvalidClient:      {http.StatusBadRequest, "invalid_client", toHome, 0},
	consent.UnauthorizedClient: {http.StatusForbidden, "unauthorized_client", toHome, 0},
	consent.NotFound:           {http.StatusNotFound, "not_found", toHome, 0},
	consent.RequestOverdue:     {http.StatusGone, "request_expired", toHome, 0},
	consent.RequestAddressed:   {http.StatusForbidden, "request_addressed", toHome, 0},
	consent.RequestForeign:     {http.StatusForbidden, "request_foreign", toHome, 0},
	consent.RequestClosed:      {http.StatusConflict, "request_closed", toConsents, 0},
	consent.GrantWithdrawn:     {http.StatusConflict, "grant_ended", toConsents, 0},
	consent.GrantRelinquished:  {http.StatusConflict, "grant_ended", toConsents, 0},
	consent.GrantReplaced:      {http.StatusConflict, "grant_ended", toConsents, 0},
	consent.GrantExpired:       {http.StatusConflict, "grant_ended", toConsents, 0},
	consent.GrantConsumed:      {http.StatusConflict, "grant_ended", toConsents, 0},
	consent.SignInRequired:     {http.StatusUnauthorized, "sign_in_required", toSignIn, 0},
	consent.SessionEnded:       {http.StatusUnauthorized, "session_ended", toSignIn, 0},
	consent.SignInCancelled:    {http.StatusOK, "sign_in_cancelled", toRetry, 0},
	consent.SignInFailed:       {http.StatusBadRequest, "sign_in_failed", toRetry, 0},
	consent.SignInUnavailable:  {http.StatusServiceUnavailable, "sign_in_unavailable", toRetry, outageWait},
	consent.CrossOrigin:        {http.StatusForbidden, "cross_origin", toHome, 0},
	consent.Unavailable:        {http.StatusServiceUnavailable, "unavailable", toPage, outageWait},
	consent.NotPlaced:          {http.StatusServiceUnavailable, "not_placed", toPage, tooSoon},
}

// What has no Code: a fault of ours, an address that does not exist, a form's
// address opened as a page, an address that asks too much.
var (
	incident    = errorAnswer{http.StatusInternalServerError, "incident", toPage, 0}
	missingPage = errorAnswer{http.StatusNotFound, "not_found", toHome, 0}
	wrongMethod = errorAnswer{http.StatusMethodNotAllowed, "wrong_method", toHome, 0}
	busyAddress = errorAnswer{http.StatusTooManyRequests, "too_many", toPage, busyWait}
)

// ErrorKeys are the keys under error that pages use, for the catalogues' test.
func ErrorKeys() (out []string) {
	answers := []errorAnswer{incident, wrongMethod}
	for _, answer := range errorAnswers {
		answers = append(answers, answer)
	}
	for _, answer := range answers {
		for _, part := range []string{"title", "what", "kept", "step"} {
			out = append(out, "error."+answer.key+"."+part)
		}
		out = append(out, "error.to."+answer.way.name)
	}
	return out
}
