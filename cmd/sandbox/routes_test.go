package main

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"portail.example/portal/web/webtest"
)

// Every address of the portal. A new one is added here on purpose, or not at all.
var routes = strings.Fields(`
	GET/about GET/site-map GET/accessibility GET/legal-notices GET/personal-data GET/cookies GET/contact GET/.well-known/security.txt
	GET/ GET/home GET/sign-in GET/sign-out GET/signed-out GET/franceconnect/callback GET/language
	GET/requests GET/requests/:id POST/requests/:id/decision POST/requests/:id/preview POST/requests/:id/decline GET/requests/:id/done GET/requests/:id/return
	GET/withdraw-all POST/withdraw-all GET/administrations/:client/:siret/withdraw POST/administrations/:client/:siret/withdraw
	GET/consents/:id/reduce POST/consents/:id/reduce
	GET/receipts/:id GET/receipts/:id/jwt GET/receipts/:id/pdf GET/receipts/:id/proof GET/my-data POST/my-data/export
	GET/consents/:id/withdrawal GET/consents/:id/withdrawal/jwt GET/consents/:id/withdrawal/pdf
	GET/my-data/ask POST/my-data/ask GET/my-data/requests/:id GET/my-data/measures POST/my-data/measures/lift POST/my-data/measures/ask GET/my-data/measures/object POST/my-data/measures/object GET/texts/:hash GET/attestation POST/attestation
	GET/sessions POST/sessions/end POST/sessions/end-others
	GET/notices POST/notices/address POST/notices/choices POST/notices/remove GET/notices/verify POST/notices/verify GET/notices/unsubscribe POST/notices/unsubscribe
	GET/history GET/history.csv
	GET/consents GET/consents/:id POST/consents/:id/pause POST/consents/:id/resume GET/consents/:id/withdraw POST/consents/:id/withdraw
	GET/.well-known/oauth-authorization-server GET/oauth/jwks POST/oauth/par GET/oauth/authorize POST/oauth/token POST/oauth/revoke POST/oauth/introspect
	POST/oauth/events POST/webhooks/datapass POST/oauth/consent-requests DELETE/oauth/consent-requests/:id GET/oauth/grants/:id DELETE/oauth/grants/:id GET/oauth/status-lists/:id
	GET/data/v1/:data_set POST/data/v1/:data_set/batch GET/data/check GET/ledger/checkpoint GET/ledger/key GET/verify.html
	GET/dpo GET/dpo/sign-in GET/dpo/callback GET/dpo/sign-out GET/dpo/signed-out
	GET/dpo/agents POST/dpo/agents GET/dpo/agents/:id/revoke POST/dpo/agents/:id/revoke GET/dpo/lookups GET/dpo/consultations.csv
	GET/dpo/register GET/dpo/register.csv GET/dpo/register.json
	GET/dpo/rights GET/dpo/rights/:id POST/dpo/rights/:id/messages GET/dpo/rights/:id/holds POST/dpo/rights/:id/holds POST/dpo/rights/:id/holds/lift GET/dpo/rights/:id/measures POST/dpo/rights/:id/measures POST/dpo/rights/:id/measures/notice POST/dpo/rights/:id/measures/lift GET/dpo/rights/new POST/dpo/rights/new GET/dpo/rights/register.csv GET/dpo/rights/register.json
	GET/dpo/erasures POST/dpo/erasures GET/dpo/erasures/:id POST/dpo/erasures/:id/approve
	GET/dpo/people POST/dpo/people GET/dpo/people/:id POST/dpo/people/:id GET/dpo/reports GET/dpo/reports/:id/file
	GET/dpo/evidence POST/dpo/evidence/verify GET/dpo/evidence/file GET/dpo/evidence/checkpoints GET/dpo/evidence/checkpoints/:id
	GET/dpo/evidence/consistency GET/dpo/evidence/consistency/file GET/dpo/evidence/entries GET/dpo/evidence/entries/:id GET/dpo/evidence/entries/:id/proof
	GET/dpo/statistics GET/dpo/statistics.csv GET/dpo/statistics.json GET/dpo/alerts
	GET/healthz GET/readyz GET/openapi.json GET/assets/:name`)

func TestRoutes(t *testing.T) {
	j := newJourney(t)
	var served []string
	fingerprint := regexp.MustCompile(`/assets/\w+/`)
	for _, route := range j.Portal.Handler.(*gin.Engine).Routes() {
		if route.Method == http.MethodHead { // like its GET
			continue
		}
		served = append(served, route.Method+fingerprint.ReplaceAllString(route.Path, "/assets/"))
		path := strings.NewReplacer(":id", "AAAAAAAAAAAAAAAAAAAAAA", ":name", "x").Replace(route.Path)
		if route.Method == http.MethodGet {
			checkHeaders(t, path, j.b.Get(j.PortalURL+path, webtest.Stop).Header)
		}
		if route.Method == http.MethodPost && !strings.HasPrefix(path, "/oauth/") && !strings.HasPrefix(path, "/data/") && !strings.HasPrefix(path, "/webhooks/") {
			thief := j.b.Clone()
			thief.Header.Set("Sec-Fetch-Site", "cross-site")
			if answer := thief.Post(j.PortalURL+path, nil); answer.Status != http.StatusForbidden {
				t.Errorf("%s from another site: %d", path, answer.Status)
			}
		}
	}
	slices.Sort(served)
	want := slices.Sorted(slices.Values(routes))
	if !slices.Equal(served, want) {
		t.Errorf("served %v\nwant %v", served, want)
	}
}

// checkHeaders: the same protection everywhere, on errors too.
func checkHeaders(t *testing.T, path string, header http.Header) {
	t.Helper()
	policy := header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("%s: %v", path, header)
	}
}
