package consent

import (
	"errors"
	"fmt"
)

// Code is one kind of refusal or fault. The list below is closed: each audience
// (citizen pages, OAuth, data API) has a table from Code to its own answer, and
// anything that is not a Code is shown as an incident number only.
//
// A Code is itself an error, so callers write errors.Is(err, consent.InvalidGrant).
type Code string

// Error makes every Code usable as a sentinel.
func (c Code) Error() string {
	return string(c)
}

// What can be wrong with what a caller sent.
const (
	InvalidRequest              Code = "invalid_request"               // malformed input; Field names the parameter
	InvalidClient               Code = "invalid_client"                // unknown client or failed authentication
	UnauthorizedClient          Code = "unauthorized_client"           // known client, not allowed to do this
	InvalidRedirectURI          Code = "invalid_redirect_uri"          // not registered for this client
	InvalidScope                Code = "invalid_scope"                 // scope that is not the client's
	InvalidAuthorizationDetails Code = "invalid_authorization_details" // RFC 9396 section 5; Field names the member
	UnsupportedGrantType        Code = "unsupported_grant_type"        // RFC 6749 section 5.2
	UnsupportedResponseType     Code = "unsupported_response_type"     // RFC 6749 section 4.1.2.1
	InvalidGrant                Code = "invalid_grant"                 // code or refresh token unusable, RFC 6749 section 5.2
	InvalidPeriod               Code = "invalid_period"                // annee or mois; Field names which
	NothingChosen               Code = "nothing_chosen"                // allowed, but every data group was left out
	InvalidEndDate              Code = "invalid_end_date"              // later than asked, past, or not a date
	CrossOrigin                 Code = "cross_origin"                  // a form sent from another site
	TooMany                     Code = "too_many_requests"             // above what one caller may ask in a while
	TooLarge                    Code = "too_large"                     // body, query or parameter above its limit
)

// What can be wrong with the state of the thing asked about.
const (
	NotFound             Code = "not_found"
	RequestOverdue       Code = "request_expired"       // nobody answered in time
	RequestForeign       Code = "request_foreign"       // opened in another browser, or by another citizen
	RequestAddressed     Code = "request_addressed"     // filed for another citizen
	RequestClosed        Code = "request_closed"        // already answered
	GrantWithdrawn       Code = "grant_withdrawn"       // the citizen took the consent back
	GrantRelinquished    Code = "grant_relinquished"    // the administration gave the consent up
	GrantReplaced        Code = "grant_replaced"        // a larger consent took its place
	GrantExpired         Code = "grant_expired"         // its end date has passed
	GrantSuspended       Code = "grant_suspended"       // the citizen paused it, or an officer restricts it
	GrantConsumed        Code = "grant_consumed"        // a once grant that already released its data
	AuthorizationPending Code = "authorization_pending" // a filed request waits for its citizen
	SlowDown             Code = "slow_down"             // polled too often
	AccessDenied         Code = "access_denied"         // a filed request was refused or cancelled
	ExpiredToken         Code = "expired_token"         // a filed request got no answer in time
	InvalidProof         Code = "invalid_dpop_proof"    // RFC 9449 section 5
	ProofNonce           Code = "use_dpop_nonce"        // RFC 9449 section 8
	InvalidToken         Code = "invalid_token"         // a consent token refused before the consent is looked at
	TokenRevoked         Code = "token_revoked"         // a code or refresh token of its family was replayed, or the consent reduced
	RecipientMismatch    Code = "recipient_mismatch"    // not the administration the consent names
	InsufficientScope    Code = "insufficient_scope"    // the consent does not cover this data set
	SignInRequired       Code = "sign_in_required"      // no citizen is signed in
	SessionEnded         Code = "session_ended"         // nor any more; the form they sent is kept for them
	SignInCancelled      Code = "sign_in_cancelled"     // the citizen came back without identifying
	SignInFailed         Code = "sign_in_failed"        // the identity provider's answer cannot be trusted
	SignInUnavailable    Code = "sign_in_unavailable"   // the identity provider does not answer
	LegalHold            Code = "legal_hold"            // kept for a court or an authority
	SameAgent            Code = "same_agent"            // four eyes: another agent must approve
	ExportRunning        Code = "export_running"        // a copy is being taken; try again in two minutes
	Unavailable          Code = "unavailable"           // our database does not answer
	NotPlaced            Code = "not_placed"            // recorded, and without its place in the ledger for another second
)

// What can be wrong with an agent's sign-in, or with what an agent asks.
const (
	AgentUnknown      Code = "agent_unknown"       // nobody is registered with this address
	AgentRevoked      Code = "agent_revoked"       // the registration was ended
	InvitationLapsed  Code = "invitation_lapsed"   // nobody accepted it within InvitationLifetime
	AgentOtherAccount Code = "agent_other_account" // another ProConnect account accepted the invitation
	OtherAuthority    Code = "other_authority"     // not the authority the agent acts for
	SingleFactor      Code = "single_factor"       // signed in with one factor
	Namesakes         Code = "namesakes"           // several persons answer a search
	RoleNotAllowed    Code = "role_not_allowed"    // not the work of this role
)

// Error is a Code with what the caller may be told about it.
type Error struct {
	Code Code
	// Field is the parameter or member at fault, as the caller spells it; may be empty.
	Field string
	// Detail is one English sentence for a developer. It never holds personal data.
	Detail string
	// Err is the cause, for the log only.
	Err error
}

// Error reads like "invalid_request: redirect_uri: missing".
func (e *Error) Error() string {
	s := string(e.Code)
	if e.Field != "" {
		s += ": " + e.Field
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap lets errors.Is find both the Code and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.Err}
}

// Refuse builds an Error that names the field at fault.
func Refuse(code Code, field, format string, args ...any) *Error {
	return &Error{Code: code, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// CodeOf returns the Code of err, or "" when err is not one of ours: a stranger
// whose text must not be shown to anybody.
func CodeOf(err error) Code {
	var code Code
	if errors.As(err, &code) {
		return code
	}
	return ""
}

// FieldOf returns the parameter or member an error names, or "".
func FieldOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

// DetailOf returns the sentence an error carries for developers, or "".
func DetailOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Detail
	}
	return ""
}
