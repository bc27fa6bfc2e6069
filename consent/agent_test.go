package consent_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// What each role may do, duty by duty, and on whose data.
func TestWhatEachRoleMayDo(t *testing.T) {
	own, other := consenttest.TownHall().SIRET, consenttest.Transports().SIRET
	may := map[consent.Role][]consent.Duty{
		consent.RolePlatformDPO: slices.DeleteFunc(consent.Duties(), func(d consent.Duty) bool { return d == consent.DutyConsultations }),
		consent.RoleDPO:         {consent.DutySubjects, consent.DutyRegister, consent.DutyConsultations},
		consent.RoleOperator:    {consent.DutyErasures, consent.DutyRegister},
		consent.RoleAuditor:     {consent.DutyRegister, consent.DutyEvidence},
		"":                      nil,
		"king":                  nil,
	}
	for role, duties := range may {
		for _, duty := range consent.Duties() {
			scope, err := consent.Agent{Role: role, SIRET: own}.May(duty)
			if allowed := slices.Contains(duties, duty); allowed != (err == nil) || !allowed && consent.CodeOf(err) != consent.RoleNotAllowed {
				t.Errorf("%s, %s: %v", role, duty, err)
			}
			if err != nil {
				if scope.Covers(own) == nil {
					t.Errorf("%s is refused %s, and given somebody's data", role, duty)
				}
				continue
			}
			elsewhere := scope.Covers(other)
			if scope.Covers(own) != nil || (elsewhere == nil) == (role == consent.RoleDPO) || (scope.Authority() == own) != (role == consent.RoleDPO) {
				t.Errorf("%s, %s: elsewhere %v, authority %q", role, duty, elsewhere, scope.Authority())
			}
		}
	}
	if (consent.Scope{}).Covers("") == nil || (consent.Scope{}).Covers(own) == nil {
		t.Error("the zero scope is somebody's")
	}
}

func TestWhoSignsInAsAnAgent(t *testing.T) {
	w := consenttest.NewWorld(t)
	invited := w.Invited(t, consent.RoleDPO)
	good := consenttest.AgentOf(invited)
	refused := func(what string, code consent.Code, change func(*consent.AgentSignIn)) {
		t.Helper()
		in := good
		change(&in)
		if _, err := w.Service.SignInAgent(t.Context(), in); consent.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", what, err, code)
		}
	}
	none := func(*consent.AgentSignIn) {}
	rebind := func(in *consent.AgentSignIn) { in.Subject = "thief" }
	refused("another address", consent.AgentUnknown, func(in *consent.AgentSignIn) { in.Email = "x@lisiere.example" })
	refused("another authority", consent.OtherAuthority, func(in *consent.AgentSignIn) { in.SIRET = consenttest.Transports().SIRET })
	refused("one factor", consent.SingleFactor, func(in *consent.AgentSignIn) { in.ACR = "eidas1" })
	refused("no account", consent.SignInFailed, func(in *consent.AgentSignIn) { in.Subject = "" })
	if a, _ := w.Store.Agent(t.Context(), invited.ID); a.State(w.Clock.Now()) != consent.AgentInvited {
		t.Fatal("a refusal accepted the invitation")
	}
	refused("the person invited", "", none)
	refused("the same address from another account", consent.AgentOtherAccount, rebind)
	refused("the same account at another issuer", consent.AgentOtherAccount, func(in *consent.AgentSignIn) { in.Issuer = "https://elsewhere.example" })
	refused("the person, in capitals", "", func(in *consent.AgentSignIn) { in.Email = strings.ToUpper(in.Email) })
	if err := w.Service.RevokeAgent(t.Context(), consent.Console(), invited.ID); err != nil {
		t.Fatal(err)
	}
	refused("the person, revoked", consent.AgentRevoked, none)
	w.Invited(t, consent.RoleDPO)
	refused("another account accepts the new invitation", "", rebind)
	refused("the account of the old one", consent.AgentOtherAccount, none)
	var kinds []string
	for _, e := range w.Memory.Ledger() {
		kinds = append(kinds, string(e.Kind))
	}
	if got, want := strings.Join(kinds, " "), "agent_invited agent_accepted agent_revoked agent_invited agent_accepted"; got != want {
		t.Errorf("the evidence says %s, want %s", got, want)
	}
}

func TestOnlyAPlatformOfficerKeepsTheRegister(t *testing.T) {
	w := consenttest.NewWorld(t)
	target := w.Invited(t, consent.RoleAuditor)
	for _, role := range append(consent.Roles()[1:], "") {
		by := consent.Agent{ID: "by", Role: role, SIRET: consenttest.TownHall().SIRET}
		_, invite := w.Service.InviteAgent(t.Context(), by, consent.AgentInvitation{Email: "x@lisiere.example", SIRET: string(by.SIRET), Role: consent.RolePlatformDPO})
		_, list := w.Service.Agents(t.Context(), by)
		_, one := w.Service.Agent(t.Context(), by, target.ID)
		_, searches := w.Service.Lookups(t.Context(), by, "", 1)
		for what, err := range map[string]error{"invite": invite, "list": list, "one": one, "searches": searches, "revoke": w.Service.RevokeAgent(t.Context(), by, target.ID)} {
			if consent.CodeOf(err) != consent.RoleNotAllowed {
				t.Errorf("%s as %q: %v", what, role, err)
			}
		}
	}
}

// No answer without a record: whatever fails, nobody is found and nothing is written.
func TestASearchWithoutARecordFindsNobody(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer, auditor := w.Agent(t, consent.RoleDPO), w.Agent(t, consent.RoleAuditor)
	called := false
	find := func(_ context.Context, _ consent.Reader, scope consent.Scope) (consent.SubjectID, error) {
		called = true
		return w.Viewer.Subject, scope.Covers(officer.SIRET)
	}
	search := func(by consent.Agent, kind consent.LookupKind, reason string) (consent.SubjectID, error) {
		called = false
		found, err := w.Service.LookUp(t.Context(), by, kind, reason, find)
		return found.Subject, err
	}
	for what, c := range map[string]struct {
		by     consent.Agent
		kind   consent.LookupKind
		reason string
		code   consent.Code
	}{
		"no reason":           {officer, consent.LookupByNumber, "", consent.InvalidRequest},
		"spaces for a reason": {officer, consent.LookupByNumber, strings.Repeat(" ", 20), consent.InvalidRequest},
		"a short reason":      {officer, consent.LookupByNumber, "parce que", consent.InvalidRequest},
		"a long reason":       {officer, consent.LookupByNumber, strings.Repeat("é", 501), consent.InvalidRequest},
		"another way":         {officer, "guess", "demande d’accès", consent.InvalidRequest},
		"another role":        {auditor, consent.LookupByNumber, "demande d’accès", consent.RoleNotAllowed},
	} {
		got, err := search(c.by, c.kind, c.reason)
		if consent.CodeOf(err) != c.code || got != "" || called {
			t.Errorf("%s: %v, searched %v", what, err, called)
		}
	}
	w.Memory.Fail(consent.Unavailable)
	if got, err := search(officer, consent.LookupByNumber, "demande d’accès"); consent.CodeOf(err) != consent.Unavailable || got != "" {
		t.Errorf("while nothing can be recorded: %q, %v", got, err)
	}
	w.Memory.Fail(nil)
	if list, err := w.Store.Lookups(t.Context(), "", 10); err != nil || len(list) != 0 {
		t.Errorf("%d searches are recorded, %v", len(list), err)
	}
	for _, reason := range []string{strings.Repeat("é", 10), strings.Repeat("é", 500)} {
		if got, err := search(officer, consent.LookupByIdentity, reason); err != nil || got != w.Viewer.Subject {
			t.Errorf("a good search: %q, %v", got, err)
		}
	}
	list, err := w.Store.Lookups(t.Context(), "", 10)
	last := w.Memory.Ledger()[len(w.Memory.Ledger())-1]
	if err != nil || len(list) != 2 || list[0].Subject != w.Viewer.Subject || last.Kind != consent.EntryLookup || last.Subject != w.Viewer.Subject {
		t.Errorf("%d searches are recorded, %v; the evidence says %s", len(list), err, last.Kind)
	}
}

// What a search refuses to show is recorded as nobody found.
func TestASearchThatFindsNobodyIsRecordedToo(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RoleDPO)
	for _, reason := range []error{consent.NotFound, consent.OtherAuthority, consent.Namesakes} {
		find := func(context.Context, consent.Reader, consent.Scope) (consent.SubjectID, error) {
			return w.Viewer.Subject, reason
		}
		if got, err := w.Service.LookUp(t.Context(), officer, consent.LookupByNumber, "demande d’accès", find); consent.CodeOf(err) != consent.CodeOf(reason) || got.Subject != "" {
			t.Errorf("%v: %q, %v", reason, got.Subject, err)
		}
	}
	list, err := w.Store.Lookups(t.Context(), "", 10)
	if err != nil || len(list) != 3 || slices.ContainsFunc(list, func(l consent.Lookup) bool { return l.Subject != "" }) {
		t.Errorf("%d searches are recorded, %v", len(list), err)
	}
}

func TestAgentsAreInNoErrorTextAndNoLog(t *testing.T) {
	w := consenttest.NewWorld(t)
	a := w.Agent(t, consent.RoleDPO)
	l := consent.Lookup{Reason: "words of an agent"}
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", a, a, a), fmt.Sprintf("%v %+v %#v", l, l, l), fmt.Sprintf("%v %#v", consenttest.AgentOf(a), consenttest.AgentOf(a))} {
		if strings.Contains(shown, "@") || strings.Contains(shown, "EXEMPLE") || strings.Contains(shown, "words") {
			t.Error(shown)
		}
	}
}
