package dpo_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

const everybody consent.Role = ""

// allowed are the roles that each route answers; everybody is somebody not signed in.
var allowed = map[string][]consent.Role{
	"GET /dpo":            {everybody, consent.RolePlatformDPO, consent.RoleDPO, consent.RoleOperator, consent.RoleAuditor},
	"GET /dpo/sign-in":    {everybody, consent.RolePlatformDPO, consent.RoleDPO, consent.RoleOperator, consent.RoleAuditor},
	"GET /dpo/callback":   {everybody, consent.RolePlatformDPO, consent.RoleDPO, consent.RoleOperator, consent.RoleAuditor},
	"GET /dpo/sign-out":   {everybody, consent.RolePlatformDPO, consent.RoleDPO, consent.RoleOperator, consent.RoleAuditor},
	"GET /dpo/signed-out": {everybody, consent.RolePlatformDPO, consent.RoleDPO, consent.RoleOperator, consent.RoleAuditor},

	"GET /dpo/people":           {consent.RolePlatformDPO, consent.RoleDPO},
	"POST /dpo/people":          {consent.RolePlatformDPO, consent.RoleDPO},
	"GET /dpo/people/:id":       {consent.RolePlatformDPO, consent.RoleDPO},
	"POST /dpo/people/:id":      {consent.RolePlatformDPO, consent.RoleDPO},
	"GET /dpo/reports":          {consent.RolePlatformDPO, consent.RoleDPO},
	"GET /dpo/reports/:id/file": {consent.RolePlatformDPO, consent.RoleDPO},

	"GET /dpo/consultations.csv": {consent.RoleDPO},

	"GET /dpo/agents":             {consent.RolePlatformDPO},
	"POST /dpo/agents":            {consent.RolePlatformDPO},
	"GET /dpo/agents/:id/revoke":  {consent.RolePlatformDPO},
	"POST /dpo/agents/:id/revoke": {consent.RolePlatformDPO},
	"GET /dpo/lookups":            {consent.RolePlatformDPO},
	"GET /dpo/register":           consent.Roles(),
	"GET /dpo/register.csv":       consent.Roles(),
	"GET /dpo/register.json":      consent.Roles(),
	"GET /dpo/statistics":         consent.Roles(),
	"GET /dpo/statistics.csv":     consent.Roles(),
	"GET /dpo/statistics.json":    consent.Roles(),
	"GET /dpo/alerts":             consent.Roles(),

	"GET /dpo/rights/:id/measures":         {consent.RolePlatformDPO},
	"POST /dpo/rights/:id/measures":        {consent.RolePlatformDPO},
	"POST /dpo/rights/:id/measures/notice": {consent.RolePlatformDPO},
	"POST /dpo/rights/:id/measures/lift":   {consent.RolePlatformDPO},
	"GET /dpo/rights":                      {consent.RolePlatformDPO},
	"GET /dpo/rights/new":                  {consent.RolePlatformDPO},
	"POST /dpo/rights/new":                 {consent.RolePlatformDPO},
	"GET /dpo/rights/register.csv":         {consent.RolePlatformDPO},
	"GET /dpo/rights/register.json":        {consent.RolePlatformDPO},
	"GET /dpo/rights/:id":                  {consent.RolePlatformDPO},
	"POST /dpo/rights/:id/messages":        {consent.RolePlatformDPO},

	"GET /dpo/rights/:id/holds":       {consent.RolePlatformDPO},
	"POST /dpo/rights/:id/holds":      {consent.RolePlatformDPO},
	"POST /dpo/rights/:id/holds/lift": {consent.RolePlatformDPO},

	"GET /dpo/evidence":                   {consent.RolePlatformDPO, consent.RoleAuditor},
	"POST /dpo/evidence/verify":           {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/file":              {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/checkpoints":       {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/checkpoints/:id":   {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/consistency":       {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/consistency/file":  {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/entries":           {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/entries/:id":       {consent.RolePlatformDPO, consent.RoleAuditor},
	"GET /dpo/evidence/entries/:id/proof": {consent.RolePlatformDPO, consent.RoleAuditor},

	"GET /dpo/erasures":              {consent.RolePlatformDPO, consent.RoleOperator},
	"POST /dpo/erasures":             {consent.RolePlatformDPO},
	"GET /dpo/erasures/:id":          {consent.RolePlatformDPO, consent.RoleOperator},
	"POST /dpo/erasures/:id/approve": {consent.RolePlatformDPO, consent.RoleOperator},
}

// Every route of the room, asked by every role and by nobody.
func TestEachRoleOnEachRoute(t *testing.T) {
	w := newWorld(t)
	signIns := map[consent.Role]consent.AgentSignIn{everybody: {}}
	for _, role := range consent.Roles() {
		signIns[role] = consenttest.AgentOf(w.Invited(t, role))
	}
	target, err := w.Service.InviteAgent(t.Context(), consent.Console(), consent.AgentInvitation{Email: "target@lisiere.example", SIRET: string(consenttest.TownHall().SIRET), Role: consent.RoleDPO})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, route := range w.engine.Routes() {
		name := route.Method + " " + route.Path
		if route.Method == http.MethodHead || !strings.HasPrefix(route.Path, "/dpo") {
			continue
		}
		roles, known := allowed[name]
		if !known {
			t.Errorf("%s is not in the table", name)
		}
		for role, in := range signIns {
			asked++
			b, _ := w.as(in)
			got := ask(b, route.Method, w.base+strings.ReplaceAll(route.Path, ":id", string(target.ID)))
			refused := got.Status == http.StatusUnauthorized || got.Status == http.StatusForbidden
			if refused == slices.Contains(roles, role) {
				t.Errorf("%s as %q: %d", name, role, got.Status)
			}
			if refused && (role == everybody) != (got.Status == http.StatusUnauthorized) {
				t.Errorf("%s as %q is refused with %d", name, role, got.Status)
			}
		}
	}
	if asked != len(allowed)*len(signIns) {
		t.Errorf("%d questions, want %d", asked, len(allowed)*len(signIns))
	}
}

func ask(b *webtest.Browser, method, address string) webtest.Answer {
	if method == http.MethodPost {
		return b.Post(address, nil, webtest.Stop)
	}
	return b.Get(address, webtest.Stop)
}
