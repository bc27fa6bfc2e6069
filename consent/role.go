package consent

import "slices"

// Role is what an agent is to the portal.
type Role string

// The roles.
const (
	RolePlatformDPO Role = "platform_dpo" // the portal's data protection officer: everything
	RoleDPO         Role = "dpo"          // an authority's officer: that authority only
	RoleOperator    Role = "operator"     // runs the portal: no identity
	RoleAuditor     Role = "auditor"      // reads the evidence: no identity
)

// Roles are all of them.
func Roles() []Role { return []Role{RolePlatformDPO, RoleDPO, RoleOperator, RoleAuditor} }

// Duty is a part of the agents' work that a page or a use case belongs to.
type Duty string

// The duties.
const (
	DutyAgents   Duty = "agents"   // invite, list and revoke agents
	DutyLookups  Duty = "lookups"  // read who looked whom up
	DutySubjects Duty = "subjects" // look a citizen up, answer them
	DutyRights   Duty = "rights"   // answer what citizens ask of the portal's officer
	DutyErasures Duty = "erasures" // approve erasures, which name nobody
	DutyRegister Duty = "register" // the register and statistics, which name nobody
	DutyEvidence Duty = "evidence" // the ledger, which names nobody
	// DutyConsultations is to read which of its agents an administration says consulted.
	DutyConsultations Duty = "consultations"
)

// Duties are all of them.
func Duties() []Duty {
	return []Duty{DutyAgents, DutyLookups, DutySubjects, DutyRights, DutyErasures, DutyRegister, DutyEvidence, DutyConsultations}
}

// duties of each role. The one place that decides.
var duties = map[Role][]Duty{
	RolePlatformDPO: {DutyAgents, DutyLookups, DutySubjects, DutyRights, DutyErasures, DutyRegister, DutyEvidence},
	RoleDPO:         {DutySubjects, DutyRegister, DutyConsultations},
	RoleOperator:    {DutyErasures, DutyRegister},
	RoleAuditor:     {DutyRegister, DutyEvidence},
}

// May is whose data the agent acts on in a duty. It fails with RoleNotAllowed when the
// duty is not the role's.
func (a Agent) May(duty Duty) (Scope, error) {
	if !slices.Contains(duties[a.Role], duty) {
		return Scope{}, Refuse(RoleNotAllowed, "", "this is not the work of a %s", a.Role)
	}
	return Scope{all: a.Role != RoleDPO, authority: a.SIRET}, nil
}

// Scope is whose data an agent acts on: every authority's, or one's. The zero Scope is
// nobody's.
type Scope struct {
	all       bool
	authority SIRET
}

// Authority is the only one of the scope; empty when it is all of them.
func (s Scope) Authority() SIRET {
	if s.all {
		return ""
	}
	return s.authority
}

// Covers fails with OtherAuthority when an authority's data are outside the scope.
func (s Scope) Covers(authority SIRET) error {
	if s.all || authority != "" && authority == s.authority {
		return nil
	}
	return Refuse(OtherAuthority, "", "these are another authority's data")
}
