package main

import (
	"net/url"
	"time"

	"github.com/chromedp/chromedp"
)

// answerALetter enters what came by post, gives news, takes more time and answers;
// the person reads it.
func (b *chromium) answerALetter() {
	b.t.Helper()
	b.phone("jeanne")
	b.agent("claire", operatorSIRET)
	b.enterALetter()
	b.writeAbout("message", "Votre lettre est arrivée.")
	b.writeAbout("extension", "Deux mois de plus : des archives sont à relire.")
	b.check("102-extended")
	b.press(`a[href*="template=access"]`)
	b.check("103-template")
	b.press(`form[action$="/messages"] button`) // what is to be written is not
	b.says(toMend)
	b.check("104-template-problem")
	b.writeAbout("answer", "Voici ce que nous gardons sur vous.")
	b.check("105-answered")
	b.open(b.PortalURL + "/dpo/rights?state=answered")
	b.check("106-answered-list")
	b.leavesWork()
	b.home()
	b.signIn("jeanne")
	b.press(`a[href*="/my-data/requests/"]`)
	b.reads("Votre lettre est arrivée.", "Deux mois de plus", "Voici ce que nous gardons sur vous.")
	b.check("107-citizen-reads")
	b.press(`a[href="/sign-out"]`)
}

// enterALetter finds whoever wrote, and enters what they asked. A right has to be
// chosen.
func (b *chromium) enterALetter() {
	b.t.Helper()
	b.press(`a[href="/dpo/people"]`)
	b.write("#family_name", "Roux")
	b.write("#birthdate", "06271987")
	b.write("#reason", "lettre reçue le 3 mars")
	b.press(`form[action="/dpo/people"] button`)
	b.press(`a[href*="/dpo/rights/new"]`)
	b.write("#received_on", b.clock.Now().AddDate(0, 0, -3).Format("01022006"))
	b.write("#message", "Que gardez-vous sur moi ?")
	b.press(`form[action="/dpo/rights/new"] button`)
	b.says(toMend)
	b.check("100-letter-problem")
	b.choose(`input[value="access"]`)
	b.press(`form[action="/dpo/rights/new"] button`)
	b.says(wasDone)
	b.reads("Que gardez-vous sur moi ?")
	b.check("101-letter")
}

// writeAbout sends a message of a kind, in the place of what the form holds.
func (b *chromium) writeAbout(kind, text string) {
	b.t.Helper()
	b.choose(`input[value="` + kind + `"]`)
	b.rewrite("#text", text)
	b.press(`form[action$="/messages"] button`)
	b.says(wasDone)
	b.reads(text)
}

// rewrite types in the place of what a field holds.
func (b *chromium) rewrite(selector, text string) {
	b.t.Helper()
	b.write(selector, "")
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(text))
}

// answerTooLate types for longer than the session lasts, signs in again and finds the
// answer as it was; nothing is sent before it is sent again.
func (b *chromium) answerTooLate() {
	b.t.Helper()
	phone := b.phone("pierre")
	b.submit(phone.Get(b.PortalURL+"/my-data/ask"), "/my-data/ask", url.Values{"right": {"objection"}})
	b.agent("claire", operatorSIRET)
	b.press(`main a[href="/dpo/rights"]`)
	b.press(`main h2 a[href^="/dpo/rights/"]`)
	b.choose(`input[value="answer"]`)
	b.write("#text", "Quarante minutes de travail.")
	b.clock.Advance(40 * time.Minute)
	b.press(`form[action$="/messages"] button`)
	b.check("108-answered-too-late")
	b.press(`main a[href="/dpo/sign-in"]`) // ProConnect remembers who it is
	b.says(`main .fr-alert--info[role="status"]`)
	b.check("109-answer-as-it-was")
	if left := ask[string](b, "document.querySelector('[name=kind]:checked').value + document.querySelector('#text').value"); left != "answerQuarante minutes de travail." {
		b.t.Errorf("the form holds %q", left)
	}
	b.press(`form[action$="/messages"] button`)
	b.says(wasDone)
	b.reads("Quarante minutes de travail.")
	b.leavesWork()
}
