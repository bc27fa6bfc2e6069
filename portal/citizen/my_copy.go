package citizen

import (
	"slices"
	"strings"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web"
)

// CopySection is one kind of what is held.
type CopySection struct {
	Title, Empty string // Empty is said when there is none
	Items        []CopyItem
}

// CopyItem is one thing that is held.
type CopyItem struct {
	Title string
	Facts []Fact
	Text  ReceiptText // of an answer; has no lines otherwise
}

// copied is a consent.Collector that puts what is held in words.
type copied struct {
	page     web.Page
	made     string
	sections []CopySection
}

// Begin tells who the copy is about.
func (x *copied) Begin(h consent.Holdings) error {
	p, who := x.page, h.Identity
	x.made = p.T("citizen.my_copy.made", "Instant", p.Instant(h.At))
	x.sections = []CopySection{{Title: p.T("citizen.my_data.identity"), Items: []CopyItem{{Title: p.T("citizen.my_copy.identity"), Facts: known([]Fact{
		{p.T("citizen.my_copy.family_name"), who.FamilyName},
		{p.T("citizen.my_copy.preferred_name"), who.PreferredName},
		{p.T("citizen.my_copy.given_names"), strings.Join(who.GivenNames, p.T("common.comma"))},
		{p.T("citizen.my_copy.birthdate"), who.Birthdate},
		{p.T("citizen.my_copy.gender"), who.Gender},
		{p.T("citizen.my_copy.birthplace"), strings.TrimSpace(who.Birthplace + " " + who.Birthcountry)},
		{p.T("citizen.my_copy.address"), h.Address},
		{p.T("citizen.my_copy.signed_in"), p.Instant(h.Session.SignedInAt)},
	})}}}}
	return nil
}

// known leaves out what the citizen does not have, such as a name in use.
func known(facts []Fact) []Fact {
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

// Part begins a kind.
func (x *copied) Part(part consent.Part) error {
	key := "citizen.my_copy." + string(part)
	x.sections = append(x.sections, CopySection{Title: x.page.T(key), Empty: x.page.T("citizen.my_copy.none")})
	return nil
}

// Request tells one question.
func (x *copied) Request(r consent.Request, who consent.Client) error {
	p := x.page
	return x.add(CopyItem{Title: p.DateTime(r.CreatedAt) + " – " + who.LegalName, Facts: []Fact{
		{p.T("citizen.receipt.data"), strings.Join(groupNames(p, r.Details.Groups), p.T("common.comma"))},
		{p.T("citizen.receipt.purpose"), p.T("purpose." + r.Details.Purpose + ".name")},
	}}, r)
}

// Answer tells one decision with the text that was read.
func (x *copied) Answer(r consent.Receipt) error {
	return x.add(CopyItem{
		Title: x.page.DateTime(r.Decision.At) + " – " + r.Client.LegalName, Facts: facts(x.page, r), Text: textOf(r.Decision.Statement),
	}, r)
}

// Grant tells one consent.
func (x *copied) Grant(g consent.Grant, who consent.Client) error {
	p := x.page
	list := []Fact{
		{p.T("citizen.receipt.data"), strings.Join(groupNames(p, g.Details.Groups), p.T("common.comma"))},
		{p.T("citizen.receipt.until"), period(p, g)},
		{p.T("citizen.my_copy.state"), p.T("state." + string(g.Status))},
	}
	if !g.WithdrawnAt.IsZero() {
		list = append(list, Fact{p.T("citizen.my_copy.ended"), p.Instant(g.WithdrawnAt)})
	}
	if g.Reason != consent.Unsaid {
		list = append(list, Fact{p.T("citizen.my_copy.reason"), reasonName(p, g.Reason)})
	}
	return x.add(CopyItem{Title: who.LegalName + " – " + p.T("purpose."+g.Details.Purpose+".name"), Facts: list}, g)
}

// Access tells one use of the data.
func (x *copied) Access(a consent.Access, who, provider consent.Client) error {
	p := x.page
	named := func(party consent.Party) consent.Client {
		if party == a.Asker() {
			return provider
		}
		return who
	}
	row := accessRows(p, []consent.Access{a}, named)[0]
	return x.add(CopyItem{Title: row.When + " – " + row.Who, Facts: []Fact{
		{p.T("citizen.receipt.data"), row.What}, {p.T("citizen.my_copy.outcome"), row.Outcome},
	}}, a)
}

// Right tells one request to the data protection officer.
func (x *copied) Right(r consent.RightsRequest) error {
	p, asked := x.page, askedRight(x.page, r)
	return x.add(CopyItem{Title: asked.When + " " + asked.Name, Facts: known([]Fact{
		{p.T("citizen.my_copy.state"), asked.State.Text}, {p.T("citizen.my_copy.message"), r.Message},
	})}, r)
}

// SignedIn tells one place where the citizen is signed in.
func (x *copied) SignedIn(s consent.Session) error {
	p := x.page
	return x.add(CopyItem{Title: deviceName(p, s.Device), Facts: []Fact{
		{p.T("citizen.my_copy.signed_in"), p.Instant(s.SignedInAt)}, {p.T("citizen.my_copy.seen"), p.Instant(s.SeenAt)},
	}}, s)
}

// End has nothing to do.
func (x *copied) End() error { return nil }

// add ends an item with the day it goes.
func (x *copied) add(item CopyItem, line consent.Retained) error {
	item.Facts = append(item.Facts, known([]Fact{until(x.page, line)})...)
	last := &x.sections[len(x.sections)-1]
	last.Items, last.Empty = append(last.Items, item), ""
	return nil
}

// write puts a section in a PDF.
func (s CopySection) write(d *export.Document) {
	d.Heading(2, s.Title)
	if s.Empty != "" {
		d.Paragraph(s.Empty)
	}
	for _, item := range s.Items {
		d.Heading(3, item.Title)
		var lines [][2]string
		for _, fact := range item.Facts {
			lines = append(lines, [2]string{fact.Name, fact.Value})
		}
		d.Facts(lines)
		if inLatin(item.Text.Lang) {
			for _, line := range item.Text.Lines {
				d.Paragraph(line)
			}
		}
	}
}
