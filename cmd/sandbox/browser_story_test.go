package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// journeyOf is a thing people come for, from its first page to its last.
type journeyOf struct {
	name string
	live func(*chromium)
}

var journeys = []journeyOf{
	{"share and withdraw", (*chromium).shareAndWithdraw},
	{"choose an end", (*chromium).chooseAnEnd},
	{"refuse", (*chromium).refuse},
	{"answer a filed request", (*chromium).answerFiled},
	{"keep a receipt and ask", (*chromium).keepAndAsk},
	{"withdraw all", (*chromium).withdrawAll},
	{"be told by e-mail", (*chromium).beTold},
	{"sign out elsewhere", (*chromium).signOutElsewhere},
	{"send a form too late", (*chromium).sendTooLate},
	{"change the language", (*chromium).changeLanguage},
	{"go wrong", (*chromium).goWrong},
}

// The journeys in a real browser, on a small phone and on a desk: every page is in
// the design system and has no accessibility violation.
func TestBrowserJourneys(t *testing.T) {
	for _, c := range []struct {
		language string
		width    int64
		dark     bool
	}{
		{"fr", 320, false}, {"en", 1280, true},
	} {
		for _, told := range journeys {
			t.Run(fmt.Sprintf("%s %s %d dark %v", told.name, c.language, c.width, c.dark), func(t *testing.T) {
				t.Parallel()
				b := newChromium(newJourney(t), c.language, c.width)
				b.scheme(c.dark)
				told.live(b)
			})
		}
	}
}

// begin goes from the town hall's button to the request, as one of its citizens.
func (b *chromium) begin(citizen string) {
	b.t.Helper()
	b.open(b.TownHallURL)
	b.press(`a[href="/start"]`)
	b.signIn(citizen)
}

// signIn goes through FranceConnect and comes back.
func (b *chromium) signIn(citizen string) {
	b.t.Helper()
	b.press(`a[href*="/sign-in"]`)
	b.press(`a[href*="citizen=` + citizen + `"]`)
	b.press(`a[href*="/confirm"]`)
}

// home is read by its address; a person may keep it.
func (b *chromium) home() {
	b.t.Helper()
	b.open(b.PortalURL + "/home")
}

func (b *chromium) shareAndWithdraw() {
	b.t.Helper()
	b.open(b.TownHallURL)
	b.check("01-town-hall")
	b.press(`a[href="/start"]`)
	b.check("02-arrival")
	b.press(`a[href*="/sign-in"]`)
	b.check("03-franceconnect")
	b.press(`a[href*="citizen=jeanne"]`)
	b.check("04-franceconnect-information")
	b.press(`a[href*="/confirm"]`)
	b.check("05-request")
	b.tick(`input[value="quotient_familial"]`) // now nothing is ticked
	b.press(`button[value="allow"]`)
	b.check("06-request-problem")
	b.tick(`input[value="quotient_familial"]`)
	b.tick(`input[value="enfants"]`)
	b.press(`button[value="allow"]`)
	b.check("07-done")
	b.press(`a[href*="/return"]`)
	b.check("08-tariff")
	b.reads("Tranche A", "ALEXIS")
	b.home()
	b.check("09-home")
	b.pauseReduceWithdraw()
	b.open(b.TownHallURL + "/tariff")
	b.check("13-no-longer")
	b.reads("Nous n’avons plus accès")
	b.home()
	b.check("14-home-after")
	b.press(`a[href="/sign-out"]`)
	b.check("15-signed-out")
}

func (b *chromium) pauseReduceWithdraw() {
	b.t.Helper()
	b.press(`a[href*="/consents/"]`)
	b.check("10-consent")
	b.press(`form[action$="/pause"] button`)
	b.check("10-paused")
	b.press(`form[action$="/resume"] button`)
	b.press(`a[href$="/reduce"]`)
	b.check("10-reduce")
	b.press(`main button[type="submit"]`) // nothing is less yet
	b.check("10-reduce-problem")
	b.tick(`input[value="enfants"]`)
	b.press(`main button[type="submit"]`)
	b.check("10-reduced")
	b.press(`a[href$="/withdraw"]`)
	b.check("11-withdraw")
	b.press(`form[action$="/withdraw"] button[type="submit"]`)
	b.check("12-withdrawn")
	b.press(`a[href$="/withdrawal"]`)
	b.check("12-withdrawal-receipt")
}

// chooseAnEnd answers once, and another time until a day of one's own.
func (b *chromium) chooseAnEnd() {
	b.t.Helper()
	b.begin("sophie")
	b.choose(`input[value="once"]`)
	b.press(`button[value="allow"]`)
	b.check("16-done-once")
	b.press(`a[href*="/return"]`)
	b.reads(`"access": "once"`)
	b.open(b.TownHallURL)
	b.press(`a[href="/start"]`)
	b.choose(`input[value="date"]`)
	b.write("#ends_on", b.clock.Now().AddDate(0, 1, 0).Format("01022006"))
	b.press(`button[value="allow"]`)
	b.check("17-done-until-a-day")
	b.press(`a[href*="/return"]`)
	b.reads(b.clock.Now().AddDate(0, 1, 0).Format(`"expires_at": "2006-01-02"`))
}

// refuse says no before signing in, and another time with the question in view.
func (b *chromium) refuse() {
	b.t.Helper()
	b.open(b.TownHallURL)
	b.press(`a[href="/start"]`)
	b.press(`form[action*="/decline"] button`)
	b.check("20-refused")
	b.press(`a[href*="/return"]`)
	b.check("21-town-hall-refused")
	b.begin("pierre")
	b.press(`button[value="refuse"]`)
	b.check("22-refused")
	b.press(`a[href*="/return"]`)
	b.reads("access_denied")
}

// answerFiled answers a request filed at the counter, from the home page.
func (b *chromium) answerFiled() {
	b.t.Helper()
	filed := b.file(marge)
	b.open(filed["consent_uri"].(string))
	b.check("50-invitation")
	b.signIn("marge")
	b.check("51-filed-request")
	b.home()
	b.check("52-home-waiting")
	b.open(b.PortalURL + "/requests")
	b.check("53-waiting")
	b.press(`a[href*="/requests/"]`)
	b.press(`button[value="allow"]`)
	b.check("54-filed-done")
	for name, path := range map[string]string{"55-none-waiting": "/requests", "56-consents": "/consents", "57-none-ended": "/consents?state=ended", "58-home": "/home"} {
		b.open(b.PortalURL + path)
		b.check(name)
	}
}

// marge is whom the transports authority knows.
const marge = `"family_name":"SIMPSON","given_name":"Marge","gender":"female","birthdate":"1980-11-15","birthcountry":"99404"`

// keepAndAsk is what a citizen keeps and may ask: the receipt of an answer, the copy
// of all that is held, a request to the data protection officer.
func (b *chromium) keepAndAsk() {
	b.t.Helper()
	b.begin("jeanne")
	b.press(`button[value="allow"]`)
	b.press(`a[href*="/receipts/"]`)
	b.check("60-receipt")
	b.home()
	b.press(`a[href="/my-data"]`)
	b.check("61-my-data")
	b.press(`button[value="html"]`)
	b.check("62-my-copy")
	b.open(b.PortalURL + "/my-data")
	b.press(`a[href="/my-data/ask"]`)
	b.press(`form[action="/my-data/ask"] button`)
	b.check("63-rights-problem")
	b.choose(`input[value="erasure"]`)
	b.write("#message", "Merci.")
	b.press(`form[action="/my-data/ask"] button`)
	b.check("64-rights")
}

// withdrawAll begins on the page of one consent.
func (b *chromium) withdrawAll() {
	b.t.Helper()
	b.begin("jeanne")
	b.press(`button[value="allow"]`)
	b.home()
	b.press(`a[href*="/consents/"]`)
	b.press(`a[href$="/withdraw"]`)
	b.press(`a[href^="/administrations/"]`)
	b.check("65-withdraw-from-one")
	b.open(b.PortalURL + "/withdraw-all")
	b.write("#reason", kb.ArrowDown)
	b.check("66-withdraw-all")
	b.press(`main button[type="submit"]`)
	b.check("67-withdrawn-all")
	b.open(b.PortalURL + "/withdraw-all")
	b.check("68-nothing-to-withdraw")
}

// signOutElsewhere ends, from here, the session on a lost phone.
func (b *chromium) signOutElsewhere() {
	b.t.Helper()
	phone := b.journey.b
	phone.Header.Set("User-Agent", "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0")
	b.identify(phone.Get(b.PortalURL), "sophie")
	b.open(b.PortalURL)
	b.signIn("sophie")
	b.check("80-home-last-sign-in")
	b.press(`main ul a[href="/sessions"], main p a[href="/sessions"]`)
	b.check("81-sessions")
	b.press(`form[action="/sessions/end"] button`)
	b.check("82-session-ended")
	b.expect("the phone", phone.Get(b.PortalURL+"/sessions"), 401)
}

// sendTooLate sends a form after the phone ended this session, and finds it again.
func (b *chromium) sendTooLate() {
	b.t.Helper()
	b.home()
	b.signIn("sophie")
	b.open(b.PortalURL + "/my-data/ask")
	b.choose(`input[value="erasure"]`)
	b.write(`#message`, "Mes mots")
	phone := b.journey.b
	b.identify(phone.Get(b.PortalURL), "sophie")
	phone.Post(b.PortalURL+"/sessions/end-others", nil)
	b.press(`form[action="/my-data/ask"] button`)
	b.check("83-sent-too-late")
	b.press(`a[href*="/sign-in"]`) // FranceConnect remembers who it is
	b.press(`a[href*="/confirm"]`)
	b.check("84-resumed")
	if left := ask[string](b, "document.querySelector('[name=right]:checked').value + document.querySelector('[name=message]').value"); left != "erasureMes mots" {
		b.t.Errorf("the form holds %q", left)
	}
}

// changeLanguage: empty lists say what will appear, in one language and the next.
func (b *chromium) changeLanguage() {
	b.t.Helper()
	b.home()
	b.signIn("camille")
	b.check("40-empty-home")
	for _, to := range []string{"es", "ar", "fr", "en"} {
		if to == b.language {
			continue
		}
		b.press(`a[hreflang="` + to + `"]`)
		b.language = to
		b.check("41-empty-home-in-another-language")
	}
}

func (b *chromium) goWrong() {
	b.t.Helper()
	b.open(b.PortalURL)
	b.check("30-start")
	b.press(`a[href*="/sign-in"]`)
	b.press(`a[href*="/abort"]`)
	b.check("31-cancelled")
	b.press(`a[href*="/sign-in"]`)
	b.press(`a[href*="citizen=lou"]`)
	b.check("32-franceconnect-error")
	b.press(`a[href*="/return"]`)
	b.check("33-franceconnect-failed")
	for name, path := range map[string]string{
		"34-missing": "/nowhere", "35-unknown-client": "/oauth/authorize?client_id=nobody&request_uri=x",
		"36-unknown-request": "/requests/AAAAAAAAAAAAAAAAAAAAAA", "37-stale-callback": "/franceconnect/callback?state=x&code=y",
	} {
		b.open(b.PortalURL + path)
		b.check(name)
	}
}

// reads is what the page that is open must say, folded away or not.
func (b *chromium) reads(parts ...string) {
	b.t.Helper()
	if text := ask[string](b, "document.querySelector('main').textContent"); !contains(text, parts...) {
		b.t.Errorf("%q is not all in\n%s", parts, text)
	}
}
