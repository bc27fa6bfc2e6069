// Package consent is the domain: what a request, a decision, a grant, a
// consent token, an access and a withdrawal are, when each is allowed, and the
// use cases that move between them. It knows no HTTP, no SQL, no JOSE: it
// imports the standard library only, and everything with a brand name imports
// it.
//
// One request lives this life; every arrow is one use case, one transaction:
//
//	PushRequest ── pending ── Identify ── identified ── Decide ─┬─ granted ── Respond ── code
//	                  │                        │                └─ refused ── Respond ── access_denied
//	                  └────── (time passes) ───┴─ expired ─────────────────── Respond ── access_denied
//
//	code ── RedeemCode ── token (+ refresh token) ── Refresh ── token …
//	token ── AuthorizeAccess ── access (open) ── CompleteAccess ── access (closed)
//	grant ── Withdraw ── withdrawn: nothing above succeeds any more
//
// Expiry is never an event one waits for: it is computed from the clock by
// Request.StatusAt and Grant.StatusAt, which lists, checks and the gateway share.
package consent
