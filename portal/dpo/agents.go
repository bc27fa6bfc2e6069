package dpo

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// AgentsPage is templates/dpo/agents.html: who may sign in, and the form to invite.
type AgentsPage struct {
	web.Page
	Done         string // what was just done; may be empty
	Problem      string // why nothing was; may be empty
	ProblemField string
	Email, SIRET string // as they were typed
	Roles        []RoleChoice
	Agents       []AgentItem
}

// RoleChoice is one role that may be given.
type RoleChoice struct {
	Value, Name, Explain string
	Checked              bool
}

// AgentItem is one agent in the list.
type AgentItem struct {
	ID, Name, Email, Role, SIRET, Since string
	State                               Badge
	Revocable                           bool
}

// Badge is a state: a tone of the design system, and words.
type Badge struct{ Tone, Text string }

var agentTones = map[consent.AgentState]string{consent.AgentInvited: "info", consent.AgentLapsed: "warning", consent.AgentActive: "success", consent.AgentEnded: "warning"}

func (room *Room) agents(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page := AgentsPage{Page: room.page(c, "dpo.agents.title")}
	switch params.Get("done") {
	case "invited":
		page.Done = page.T("dpo.agents.invited")
	case "revoked":
		page.Done = page.T("dpo.agents.revoked")
	}
	form, _ := kept(c)
	page.Email, page.SIRET = form.Get("email"), form.Get("siret")
	return room.agentsPage(c, http.StatusOK, by, page, consent.Role(form.Get("role")))
}

func (room *Room) invite(c *gin.Context, by consent.Agent) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	in := consent.AgentInvitation{Email: form.Get("email"), SIRET: digits(form.Get("siret")), Role: consent.Role(form.Get("role"))}
	_, err = room.Service.InviteAgent(c.Request.Context(), by, in)
	if consent.CodeOf(err) == consent.InvalidRequest {
		page := AgentsPage{Page: room.page(c, "dpo.agents.title"), Email: form.Get("email"), SIRET: form.Get("siret")}
		page.ProblemField, page.Problem = consent.FieldOf(err), invitationProblem(page.Page, err)
		return room.agentsPage(c, http.StatusUnprocessableEntity, by, page, in.Role)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/agents?done=invited")
	return nil
}

// invitationProblem says what to mend.
func invitationProblem(p web.Page, err error) string {
	switch consent.FieldOf(err) {
	case "email":
		return p.T("dpo.agents.problem_email")
	case "siret":
		return p.T("dpo.agents.problem_siret")
	}
	return p.T("dpo.agents.problem_role")
}

// agentsPage completes a page that may hold a form to mend.
func (room *Room) agentsPage(c *gin.Context, status int, by consent.Agent, page AgentsPage, chosen consent.Role) error {
	known, err := room.Service.Agents(c.Request.Context(), by)
	if err != nil {
		return err
	}
	for _, role := range consent.Roles() {
		key := "dpo.role." + string(role)
		page.Roles = append(page.Roles, RoleChoice{Value: string(role), Name: page.T(key), Explain: page.T(key + "_explain"), Checked: role == chosen})
	}
	for _, a := range known {
		page.Agents = append(page.Agents, agentItem(page.Page, a, by, room.Now()))
	}
	return room.Site.Render(c, status, "dpo/agents", page)
}

// agentItem is an agent in words. Nobody ends their own registration.
func agentItem(p web.Page, a, by consent.Agent, now time.Time) AgentItem {
	state := a.State(now)
	since := map[consent.AgentState]string{
		consent.AgentInvited: p.T("dpo.agents.since_invited", "Instant", p.DateTime(a.InvitedAt), "Until", p.DateTime(a.InvitedUntil())),
		consent.AgentLapsed:  p.T("dpo.agents.since_lapsed", "Instant", p.DateTime(a.InvitedUntil())),
		consent.AgentActive:  p.T("dpo.agents.since_active", "Instant", p.DateTime(a.AcceptedAt)),
		consent.AgentEnded:   p.T("dpo.agents.since_revoked", "Instant", p.DateTime(a.RevokedAt)),
	}
	return AgentItem{
		ID: string(a.ID), Name: a.Name(), Email: a.Email, Role: p.T("dpo.role." + string(a.Role)), SIRET: p.T("dpo.home.for", "Siret", siret(a.SIRET)),
		Since: since[state], State: Badge{agentTones[state], p.T("dpo.agents.state." + string(state))}, Revocable: state != consent.AgentEnded && a.ID != by.ID,
	}
}

// digits forgives the spaces that people write in a SIRET.
func digits(s string) string {
	var out []rune
	for _, r := range s {
		if r != ' ' && r != '\u00a0' && r != '\u202f' {
			out = append(out, r)
		}
	}
	return string(out)
}
