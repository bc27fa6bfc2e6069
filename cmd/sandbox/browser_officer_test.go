package main

import (
	"fmt"
	"testing"
	"time"

	"portail.example/portal/web/webtest"
)

// officerJourneys are the things agents come for. They are lived one after the other
// in one world and one browser: each ends signed out.
var officerJourneys = []journeyOf{
	{"be refused", (*chromium).beTurnedAway},
	{"find a person and produce a report", (*chromium).findAndReport},
	{"answer a letter", (*chromium).answerALetter},
	{"send an answer too late", (*chromium).answerTooLate},
	{"hold and erase", (*chromium).holdAndErase},
	{"invite and revoke", (*chromium).inviteAndRevoke},
	{"read figures", (*chromium).readFigures},
}

// The officers' journeys in a real browser: with a pointer on a small phone and on a
// desk in the dark, then by keyboard alone with JavaScript switched off.
func TestBrowserOfficers(t *testing.T) {
	for _, c := range []struct {
		language       string
		width          int64
		dark, keyboard bool
	}{
		{"fr", 320, false, false}, {"en", 1280, true, false}, {"fr", 320, false, true},
	} {
		t.Run(fmt.Sprintf("%s %d dark %v keyboard %v", c.language, c.width, c.dark, c.keyboard), func(t *testing.T) {
			t.Parallel()
			j := newJourney(t)
			b := newChromium(j, c.language, c.width)
			b.scheme(c.dark)
			if b.keyboard = c.keyboard; b.keyboard {
				b.unscript()
			}
			for _, told := range officerJourneys {
				t.Run(told.name, func(inner *testing.T) {
					j.t = inner
					defer func() { j.t = t }()
					told.live(b)
				})
			}
		})
	}
}

// agent signs in through ProConnect's stand-in, for one of their authorities.
func (b *chromium) agent(key, siret string) {
	b.t.Helper()
	b.open(b.PortalURL + "/dpo")
	b.press(`a[href="/dpo/sign-in"]`)
	b.press(`a[href*="agent=` + key + `&siret=` + siret + `"]`)
}

// leavesWork signs the agent out, here and at ProConnect.
func (b *chromium) leavesWork() {
	b.t.Helper()
	b.press(`a[href^="/dpo/sign-out"]`)
}

// phone is a citizen's own, signed in.
func (b *chromium) phone(citizen string) *webtest.Browser {
	b.t.Helper()
	b.journey.b = webtest.NewBrowser(b.t)
	b.identify(b.journey.b.Get(b.PortalURL), citizen)
	return b.journey.b
}

// says is what the page that is open must hold, by a selector.
func (b *chromium) says(selector string) {
	b.t.Helper()
	if ask[int](b, fmt.Sprintf("document.querySelectorAll(%q).length", selector)) == 0 {
		b.t.Errorf("%s is not on %s", selector, ask[string](b, "location.pathname + ' ' + document.querySelector('main').innerText"))
	}
}

// Parts of pages that say that a thing was done, or that the form is to be mended.
const (
	wasDone = `main .fr-alert--success[role="status"]`
	toMend  = `main #errors`
)

// findAndReport mends a search, finds Marge, orders a report and sees it made.
func (b *chromium) findAndReport() {
	b.t.Helper()
	b.phone("marge")
	b.agent("claire", operatorSIRET)
	b.check("90-officer-home")
	b.press(`a[href="/dpo/people"]`)
	b.write("#family_name", "Simpson")
	b.write("#reason", "demande d’accès du 3 mars")
	b.press(`form[action="/dpo/people"] button`)
	b.says(toMend)
	b.check("91-search-problem")
	b.write("#birthdate", "11151980")
	b.press(`form[action="/dpo/people"] button`)
	b.check("92-person")
	b.press("#produce")
	b.says(wasDone)
	b.check("93-reports-ordered")
	for tries := 0; tries < 100 && ask[int](b, `document.querySelectorAll('a[href$="/file"]').length`) < 1; tries++ {
		time.Sleep(100 * time.Millisecond)
		b.open(b.PortalURL + "/dpo/reports")
	}
	b.says(`a[href$="/file"]`)
	b.check("94-reports")
	b.open(b.PortalURL + "/dpo/lookups")
	b.reads("demande d’accès du 3 mars")
	b.check("95-lookups")
	b.leavesWork()
}

// readFigures opens the pages that are only read, and asks for other months.
func (b *chromium) readFigures() {
	b.t.Helper()
	b.agent("hugo", operatorSIRET)
	b.check("130-auditor-home")
	b.press(`main a[href="/dpo/statistics"]`)
	b.check("131-statistics-of-whom")
	b.press(`main a[href*="authority="]`)
	b.check("132-statistics")
	b.press(`form[action="/dpo/statistics"] button`)
	b.unfold()
	b.check("133-statistics-again")
	for name, path := range map[string]string{"134-register": "/dpo/register", "135-alerts": "/dpo/alerts", "136-another-role": "/dpo/people"} {
		b.open(b.PortalURL + path)
		b.unfold()
		b.check(name)
	}
	b.leavesWork()
}

// unfold opens everything that is folded away.
func (b *chromium) unfold() {
	b.t.Helper()
	ask[bool](b, "document.querySelectorAll('details').forEach((d) => { d.open = true }); true")
}
