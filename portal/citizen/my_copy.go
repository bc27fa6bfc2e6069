package citizen

import (
	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// copied is a consent.Collector that puts what is held in words.
type copied struct {
	page     web.Page
	made     string
	sections []held.Section
}

// Begin tells who the copy is about.
func (x *copied) Begin(h consent.Holdings) error {
	x.made = x.page.T("citizen.my_copy.made", "Instant", x.page.Instant(h.At))
	x.sections = []held.Section{{Title: x.page.T("citizen.my_data.identity"), Items: []held.Item{held.Identity(x.page.Localizer, h)}}}
	return nil
}

// Part begins a kind.
func (x *copied) Part(part consent.Part) error {
	x.sections = append(x.sections, held.Section{Title: held.PartTitle(x.page.Localizer, part), Empty: x.page.T("citizen.my_copy.none")})
	return nil
}

// Request tells one question.
func (x *copied) Request(r consent.Request, who consent.Client) error {
	return x.add(held.Request(x.page.Localizer, r, who))
}

// Answer tells one decision with the text that was read.
func (x *copied) Answer(r consent.Receipt) error { return x.add(held.Answer(x.page.Localizer, r)) }

// Grant tells one consent.
func (x *copied) Grant(g consent.Grant, who consent.Client) error {
	return x.add(held.Grant(x.page.Localizer, g, who))
}

// Access tells one use of the data.
func (x *copied) Access(a consent.Access, who, provider consent.Client) error {
	return x.add(held.Access(x.page.Localizer, a, who, provider))
}

// Right tells one request to the data protection officer.
func (x *copied) Right(r consent.RightsRequest) error { return x.add(held.Right(x.page.Localizer, r)) }

// Message tells what the officer wrote about one.
func (x *copied) Message(m consent.RightsMessage, about consent.RightsRequest) error {
	return x.add(held.Message(x.page.Localizer, m, about))
}

// Measure tells one restriction or objection.
func (x *copied) Measure(m consent.Measure, about consent.Client) error {
	return x.add(held.Measure(x.page.Localizer, m, about))
}

// LookedUp tells one look-up.
func (x *copied) LookedUp(l consent.LookupTold) error {
	return x.add(held.LookedUp(x.page.Localizer, l))
}

// SignedIn tells one place where the citizen is signed in.
func (x *copied) SignedIn(s consent.Session) error { return x.add(held.SignedIn(x.page.Localizer, s)) }

// End has nothing to do.
func (x *copied) End() error { return nil }

func (x *copied) add(item held.Item) error {
	last := &x.sections[len(x.sections)-1]
	last.Items, last.Empty = append(last.Items, item), ""
	return nil
}
