package report

import (
	"portail.example/consent"
	"portail.example/internal/i18n"
	"portail.example/portal/web/held"
)

// pages takes a report in words, piece by piece: a page or a document.
type pages interface {
	begin(section, title string) error
	item(held.Item) error
	// end closes a section: it had so many items.
	end(items int) error
}

// told is a consent.Collector that puts what is held in words and keeps none of it.
type told struct {
	words i18n.Localizer
	to    pages
	items int
	open  bool
	begun bool
}

// Begin tells who it is about, once, however many parts are collected one by one.
func (t *told) Begin(h consent.Holdings) error {
	if t.begun {
		return nil
	}
	t.begun = true
	if err := t.section("identity", t.words.T("dpo.report.identity")); err != nil {
		return err
	}
	return t.add(held.Identity(t.words, h))
}

// Part begins a list.
func (t *told) Part(part consent.Part) error {
	return t.section(string(part), held.PartTitle(t.words, part))
}

func (t *told) section(name, title string) error {
	if err := t.End(); err != nil {
		return err
	}
	t.items, t.open = 0, true
	return t.to.begin(name, title)
}

// Request tells one question.
func (t *told) Request(r consent.Request, who consent.Client) error {
	return t.add(held.Request(t.words, r, who))
}

// Answer tells one decision with the text that was read.
func (t *told) Answer(r consent.Receipt) error { return t.add(held.Answer(t.words, r)) }

// Grant tells one consent.
func (t *told) Grant(g consent.Grant, who consent.Client) error {
	return t.add(held.Grant(t.words, g, who))
}

// Access tells one use of the data.
func (t *told) Access(a consent.Access, who, provider consent.Client) error {
	return t.add(held.Access(t.words, a, who, provider))
}

// Right tells one request to the data protection officer.
func (t *told) Right(r consent.RightsRequest) error { return t.add(held.Right(t.words, r)) }

// Message tells what the officer wrote about one.
func (t *told) Message(m consent.RightsMessage, about consent.RightsRequest) error {
	return t.add(held.Message(t.words, m, about))
}

// Measure tells one restriction or objection.
func (t *told) Measure(m consent.Measure, about consent.Client) error {
	return t.add(held.Measure(t.words, m, about))
}

// LookedUp tells one look-up.
func (t *told) LookedUp(l consent.LookupTold) error { return t.add(held.LookedUp(t.words, l)) }

// SignedIn tells one place where the person is signed in.
func (t *told) SignedIn(s consent.Session) error { return t.add(held.SignedIn(t.words, s)) }

// End closes the last list.
func (t *told) End() error {
	if !t.open {
		return nil
	}
	t.open = false
	return t.to.end(t.items)
}

func (t *told) add(item held.Item) error {
	t.items++
	return t.to.item(item)
}
