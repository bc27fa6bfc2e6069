package held

import (
	"strings"
	"time"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/internal/i18n"
)

// Section is one kind of what is held.
type Section struct {
	Title, Empty string // Empty is said when there is none
	Items        []Item
}

// Item is one thing that is held.
type Item struct {
	Title string
	Facts []Fact
	Text  Text // of an answer; has no lines otherwise
}

// Identity is whom it is about, as their last sign-in said.
func Identity(p i18n.Localizer, h consent.Holdings) Item {
	who := h.Identity
	facts := []Fact{
		{p.T("citizen.my_copy.family_name"), who.FamilyName},
		{p.T("citizen.my_copy.preferred_name"), who.PreferredName},
		{p.T("citizen.my_copy.given_names"), strings.Join(who.GivenNames, p.T("common.comma"))},
		{p.T("citizen.my_copy.birthdate"), who.Birthdate},
		{p.T("citizen.my_copy.gender"), who.Gender},
		{p.T("citizen.my_copy.birthplace"), strings.TrimSpace(who.Birthplace + " " + who.Birthcountry)},
		{p.T("citizen.my_copy.address"), h.Address},
	}
	if !h.Session.SignedInAt.IsZero() {
		facts = append(facts, Fact{p.T("citizen.my_copy.signed_in"), p.Instant(h.Session.SignedInAt)})
	}
	return Item{Title: p.T("citizen.my_copy.identity"), Facts: Known(facts)}
}

// PartTitle names a list of an export.
func PartTitle(p i18n.Localizer, part consent.Part) string {
	return p.T("citizen.my_copy." + string(part))
}

// Request is one question.
func Request(p i18n.Localizer, r consent.Request, who consent.Client) Item {
	return lasting(p, r, Item{Title: p.DateTime(r.CreatedAt) + " – " + who.LegalName, Facts: []Fact{
		{p.T("citizen.receipt.data"), Data(p, r.Details.Groups)},
		{p.T("citizen.receipt.purpose"), p.T("purpose." + r.Details.Purpose + ".name")},
	}})
}

// Answer is one decision with the text that was read.
func Answer(p i18n.Localizer, r consent.Receipt) Item {
	return lasting(p, r, Item{
		Title: p.DateTime(r.Decision.At) + " – " + r.Client.LegalName, Facts: Receipt(p, r), Text: TextOf(r.Decision.Statement),
	})
}

// Grant is one consent.
func Grant(p i18n.Localizer, g consent.Grant, who consent.Client) Item {
	list := []Fact{
		{p.T("citizen.receipt.data"), Data(p, g.Details.Groups)},
		{p.T("citizen.receipt.until"), Period(p, g)},
		{p.T("citizen.my_copy.state"), p.T("state." + string(g.Status))},
	}
	if !g.WithdrawnAt.IsZero() {
		list = append(list, Fact{p.T("citizen.my_copy.ended"), p.Instant(g.WithdrawnAt)})
	}
	if g.Reason != consent.Unsaid {
		list = append(list, Fact{p.T("citizen.my_copy.reason"), Reason(p, g.Reason)})
	}
	return lasting(p, g, Item{Title: who.LegalName + " – " + p.T("purpose."+g.Details.Purpose+".name"), Facts: list})
}

// Access is one use of the data: who used them, whence they came.
func Access(p i18n.Localizer, a consent.Access, who, provider consent.Client) Item {
	source := Source(p, a.Groups)
	if provider.LegalName != "" {
		source = p.T("citizen.request.source_provider", "Provider", provider.LegalName)
	}
	return lasting(p, a, Item{Title: p.DateTime(a.OpenedAt) + " – " + who.LegalName, Facts: []Fact{
		{p.T("citizen.receipt.recipient"), Service(p, who, a.Recipient)},
		{p.T("citizen.receipt.data"), AccessData(p, a)},
		{p.T("citizen.my_copy.outcome"), AccessOutcome(p, a, provider)},
		{p.T("citizen.my_copy.source"), source},
	}})
}

// setOf is the data set of groups: a group's name is one's alone.
func setOf(of []consent.DataGroup) (set consent.DataSet) {
	if len(of) > 0 {
		set, _ = consent.DataSetOfGroup(of[0])
	}
	return set
}

// Source says where data come from, through us.
func Source(p i18n.Localizer, of []consent.DataGroup) string {
	return p.T("data_set." + setOf(of).Type + ".source")
}

// AccessData are what a use of the data asked for; our own looks are told apart.
func AccessData(p i18n.Localizer, a consent.Access) string {
	if a.Way == consent.ToCompare {
		return p.T("citizen.accesses.comparison", "Data", Data(p, a.Groups), "Month", p.Month(a.Period))
	}
	return Of(p, a.Groups, a.Period)
}

// Of are groups of data, of which month when they have one.
func Of(p i18n.Localizer, of []consent.DataGroup, month consent.Period) string {
	if setOf(of).Month == "" {
		return Data(p, of)
	}
	return p.T("citizen.accesses.data", "Data", Data(p, of), "Month", p.Month(month))
}

// AccessOutcome is how a use of the data ended.
func AccessOutcome(p i18n.Localizer, a consent.Access, provider consent.Client) string {
	return Outcome(p, a.Groups, a.Outcome, a.Attested(), provider)
}

// outcomeKey: that nothing was found is said of who was asked.
func outcomeKey(of []consent.DataGroup, o consent.Outcome) string {
	if o == consent.NoFile || o == consent.NotIdentified {
		return "data_set." + setOf(of).Type + "." + string(o)
	}
	return "outcome." + string(o)
}

// Outcome is how a use of the data ended, and whether a paper was made of them.
func Outcome(p i18n.Localizer, of []consent.DataGroup, o consent.Outcome, attested bool, provider consent.Client) string {
	said := p.T(outcomeKey(of, o), "Provider", provider.LegalName)
	if attested {
		return p.T("citizen.accesses.attested", "Outcome", said)
	}
	return said
}

// Right is one request to the data protection officer.
func Right(p i18n.Localizer, r consent.RightsRequest) Item {
	asked := p.T("citizen.rights.asked_on", "Date", p.Date(consent.DateOf(r.AskedAt)))
	return lasting(p, r, Item{Title: asked + " " + p.T("citizen.rights."+r.Asks()), Facts: Known([]Fact{
		{p.T("citizen.my_copy.state"), p.T("citizen.rights.state." + string(r.State))}, {p.T("citizen.my_copy.message"), r.Message},
	})})
}

// Message is what the officer wrote about one.
func Message(p i18n.Localizer, m consent.RightsMessage, about consent.RightsRequest) Item {
	asked := p.T("citizen.rights.asked_on", "Date", p.Date(consent.DateOf(about.AskedAt)))
	return lasting(p, about, Item{Title: p.DateTime(m.At) + " – " + p.T("citizen.right.kind."+string(m.Kind)), Facts: []Fact{
		{p.T("citizen.my_copy.about"), asked + " " + p.T("citizen.rights."+about.Asks())},
		{p.T("citizen.my_copy.message"), m.Text},
	}})
}

// Measure is one restriction or objection, of one administration or of all.
func Measure(p i18n.Localizer, m consent.Measure, about consent.Client) Item {
	name := about.LegalName
	if m.Of == (consent.Party{}) {
		name = p.T("citizen.measures.all")
	}
	return lasting(p, m, Item{Title: p.DateTime(m.SetAt) + " – " + p.T("citizen.rights."+string(m.Right)), Facts: Known([]Fact{
		{p.T("citizen.my_copy.authority"), name}, {p.T("citizen.my_copy.lifted"), instantOf(p, m.LiftedAt)},
	})})
}

// instantOf is empty for none.
func instantOf(p i18n.Localizer, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return p.Instant(at)
}

// LookedUp is one look-up by an agent: of which authority, not which agent.
func LookedUp(p i18n.Localizer, l consent.LookupTold) Item {
	authority, why := strings.TrimSpace(l.Name+" "+p.T("citizen.my_copy.siret", "SIRET", l.Authority)), l.Reason
	if why == "" {
		why = p.T("citizen.my_copy.reason_withheld")
	}
	return lasting(p, l, Item{Title: p.DateTime(l.At) + " – " + p.T("dpo.lookups.by."+string(l.By)), Facts: []Fact{
		{p.T("citizen.my_copy.authority"), authority},
		{p.T("citizen.my_copy.role"), p.T("dpo.role." + string(l.Role))},
		{p.T("citizen.my_copy.look_up_reason"), why},
	}})
}

// SignedIn is one place where the citizen is signed in.
func SignedIn(p i18n.Localizer, s consent.Session) Item {
	return lasting(p, s, Item{Title: Device(p, s.Device), Facts: []Fact{
		{p.T("citizen.my_copy.signed_in"), p.Instant(s.SignedInAt)}, {p.T("citizen.my_copy.seen"), p.Instant(s.SeenAt)},
	}})
}

// lasting ends an item with the day it goes.
func lasting(p i18n.Localizer, line consent.Retained, item Item) Item {
	item.Facts = append(item.Facts, Known([]Fact{until(p, line)})...)
	return item
}

// Write puts a section in a PDF.
func (s Section) Write(d *export.Document) {
	d.Heading(2, s.Title)
	if s.Empty != "" {
		d.Paragraph(s.Empty)
	}
	for _, item := range s.Items {
		item.Write(d)
	}
}

// Write puts an item in a PDF.
func (item Item) Write(d *export.Document) {
	d.Heading(3, item.Title)
	d.Facts(Lines(item.Facts))
	if InLatin(item.Text.Lang) {
		for _, line := range item.Text.Lines {
			d.Paragraph(line)
		}
	}
}

// Lines are facts as a PDF takes them.
func Lines(facts []Fact) (out [][2]string) {
	for _, fact := range facts {
		out = append(out, [2]string{fact.Name, fact.Value})
	}
	return out
}
