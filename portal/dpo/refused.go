package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// RefusedPage is templates/dpo/refused.html.
type RefusedPage struct {
	web.Page
	What     string // what happened
	Step     string // the one next step
	Next     string // the step's link
	NextURL  string
	Incident string
}

// refusal is how a Code is told to an agent; its texts are dpo.refused.<key>.*.
type refusal struct {
	status int
	key    string
	url    string // where the next step leads
}

// refusals are those that are told to agents in other words than to citizens.
var refusals = map[consent.Code]refusal{
	consent.SignInRequired:    {http.StatusUnauthorized, "sign_in_required", "/dpo/sign-in"},
	consent.SessionEnded:      {http.StatusUnauthorized, "session_ended", "/dpo/sign-in"},
	consent.SignInCancelled:   {http.StatusOK, "sign_in_cancelled", "/dpo/sign-in"},
	consent.SignInFailed:      {http.StatusBadRequest, "sign_in_failed", "/dpo/sign-in"},
	consent.SignInUnavailable: {http.StatusServiceUnavailable, "sign_in_unavailable", "/dpo/sign-in"},
	consent.SingleFactor:      {http.StatusForbidden, "single_factor", "/dpo/sign-in"},
	consent.AgentUnknown:      {http.StatusForbidden, "unknown", leaveURL},
	consent.AgentRevoked:      {http.StatusForbidden, "revoked", leaveURL},
	consent.InvitationLapsed:  {http.StatusForbidden, "lapsed", leaveURL},
	consent.AgentOtherAccount: {http.StatusForbidden, "other_account", leaveURL},
	consent.OtherAuthority:    {http.StatusForbidden, "other_authority", leaveURL},
	consent.RoleNotAllowed:    {http.StatusForbidden, "role", "/dpo"},
	consent.RequestClosed:     {http.StatusConflict, "closed", "/dpo/rights"},
	consent.LegalHold:         {http.StatusConflict, "legal_hold", "/dpo/erasures"},
	consent.ExportRunning:     {http.StatusConflict, "export_running", "/dpo/erasures"},
	consent.SameAgent:         {http.StatusForbidden, "same_agent", "/dpo/erasures"},
}

// RefusalKeys are the keys under dpo.refused.* that pages use, for the catalogues' test.
func RefusalKeys() (out []string) {
	for _, r := range refusals {
		out = append(out, r.key)
	}
	return out
}

// writeError is the agents' error writer. What is not theirs is told as to everybody.
func (room *Room) writeError(c *gin.Context, err error) {
	r, listed := refusals[consent.CodeOf(err)]
	if !listed {
		room.Site.WriteErrorWith(c, err, "/dpo")
		return
	}
	if r.status == http.StatusUnauthorized { // RFC 9110 section 15.5.2
		c.Header("WWW-Authenticate", "Cookie")
	}
	texts := "dpo.refused." + r.key
	page := RefusedPage{Page: room.page(c, texts+".title"), NextURL: r.url, Incident: web.RequestID(c)}
	page.What, page.Step, page.Next, page.Back = page.T(texts+".what"), page.T(texts+".step"), page.T(texts+".next"), "/dpo"
	page.Resumed = false // there is no form here
	if err := room.Site.Render(c, r.status, "dpo/refused", page); err != nil {
		_ = c.Error(err)
		room.Site.WriteErrorWith(c, err, "/dpo")
	}
}
