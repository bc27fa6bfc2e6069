package dpo

import (
	"strings"

	"portail.example/consent"
	"portail.example/portal/web"
)

func (room *Room) registerBody(p web.Page, c consent.Client) RegisterBody {
	body := RegisterBody{Name: c.LegalName, State: Badge{"success", p.T("dpo.register.running")}, Facts: []Fact{
		{p.T("dpo.register.controller"), controller(p, c)}, {p.T("dpo.register.contact"), c.DPOContact},
		{p.T("dpo.register.processor"), room.processors(p, c)}, {p.T("dpo.register.done"), p.T("dpo.register.relay")},
		{p.T("dpo.register.habilitation"), c.Habilitation},
	}}
	if c.Usable() != nil {
		body.State = Badge{"warning", p.T("dpo.register.stopped")}
	}
	for _, line := range c.Processings() {
		body.Activities = append(body.Activities, Activity{p.T("purpose." + line.Purpose.ID + ".name"), activityFacts(p, line)})
	}
	return body
}

// activityFacts are what differs from one purpose to another, in article 30(1)'s order.
func activityFacts(p web.Page, line consent.Processing) []Fact {
	return []Fact{
		{p.T("dpo.register.ground"), p.T("dpo.register.body_ground", "Source", line.Purpose.LegalSource)},
		{p.T("dpo.register.persons"), persons(p, line)}, {p.T("dpo.register.data"), dataOf(p, line.Groups)},
		{p.T("dpo.register.recipients"), p.T("dpo.register.service", "Service", line.Client.ServiceName)},
		{p.T("dpo.register.transfers"), p.T("dpo.register.no_transfers")},
		{p.T("dpo.register.retention"), p.T("dpo.register.months", "Count", line.Months)},
		{p.T("dpo.register.security"), p.T("dpo.register.body_security")},
	}
}

func controller(p web.Page, c consent.Client) string {
	return p.T("dpo.register.named", "Name", c.LegalName, "Siret", siret(c.SIRET))
}

// processors act for the controller (GDPR article 30(2)): the portal, and the editor of
// the software it uses.
func (room *Room) processors(p web.Page, c consent.Client) string {
	if c.Through != "" {
		return p.T("dpo.register.through", "Operator", room.Operator.Name, "Editor", c.Through)
	}
	return p.T("dpo.register.direct", "Operator", room.Operator.Name)
}

func persons(p web.Page, line consent.Processing) string {
	if line.AboutOthers() {
		return p.T("dpo.register.household")
	}
	return p.T("dpo.register.self")
}

// dataOf are groups by name, under the name of their data set when there are several.
func dataOf(p web.Page, groups []consent.DataGroup) string {
	var of []string
	for _, set := range consent.DataSets() {
		var names []string
		for _, g := range set.InOrder(groups) {
			names = append(names, p.T("group."+string(g)+".register"))
		}
		if len(names) > 0 {
			of = append(of, p.T("dpo.register.of_set", "Name", p.T("data_set."+set.Type+".name"), "Data", strings.Join(names, p.T("common.comma"))))
		}
	}
	return strings.Join(of, " ")
}
