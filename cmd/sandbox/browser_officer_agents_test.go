package main

import (
	"net/http"
)

// beTurnedAway meets each page that refuses a sign-in, and the next step it offers.
func (b *chromium) beTurnedAway() {
	b.t.Helper()
	b.open(b.PortalURL + "/dpo")
	b.check("80-officer-entrance")
	b.press(`a[href="/dpo/sign-in"]`)
	b.check("81-proconnect")
	b.press(`a[href*="/abort"]`)
	b.check("82-cancelled")
	for _, c := range []struct{ key, siret, next string }{
		{"paul", townHallSIRET, `main a[href="/dpo/sign-in"]`},  // one factor
		{"lea", townHallSIRET, `main a[href^="/dpo/sign-out"]`}, // another authority than her own
		{"irene", townHallSIRET, `main a[href^="/dpo/sign-out"]`},
		{"zoe", townHallSIRET, `main a[href^="/dpo/sign-out"]`},
	} {
		b.agent(c.key, c.siret)
		b.check("83-refused-" + c.key)
		b.press(c.next)
	}
	b.check("84-signed-out")
}

// inviteAndRevoke: Zoé is invited, comes in, and is revoked while she works.
func (b *chromium) inviteAndRevoke() {
	b.t.Helper()
	b.agent("claire", operatorSIRET)
	b.press(`a[href="/dpo/agents"]`)
	b.check("120-agents")
	b.write("#email", "zoe.marchand@lisiere-sur-ource.example")
	b.write("#siret", townHallSIRET[:9])
	b.choose(`input[value="dpo"]`)
	b.press(`form[action="/dpo/agents"] button`)
	b.says(toMend)
	b.check("121-invitation-problem")
	b.rewrite("#siret", townHallSIRET)
	b.press(`form[action="/dpo/agents"] button`)
	b.says(wasDone)
	b.check("122-invited")
	b.leavesWork()
	b.agent("zoe", townHallSIRET)
	b.says(`main a[href="/dpo/people"]`)
	b.check("123-first-sign-in")
	b.leavesWork()
	b.revokeWhileAtWork()
	b.agent("zoe", townHallSIRET)
	b.says(`main a[href^="/dpo/sign-out"]`)
	b.check("127-revoked")
	b.leavesWork()
}

// revokeWhileAtWork ends Zoé's session in another browser from this one.
func (b *chromium) revokeWhileAtWork() {
	b.t.Helper()
	zoe, home := b.agentAt("zoe", townHallSIRET)
	b.expect("at work", home, http.StatusOK)
	b.agent("claire", operatorSIRET)
	b.press(`a[href="/dpo/agents"]`)
	b.check("124-active")
	id := ask[string](b, `[...document.querySelectorAll('.portal-item')].find((e) => e.innerText.includes('Zoé')).querySelector('a').getAttribute('href')`)
	b.press(`a[href="` + id + `"]`)
	b.check("125-revoke")
	b.press(`form[action$="/revoke"] button`)
	b.says(wasDone)
	b.check("126-ended")
	b.expect("at once", zoe.Get(b.PortalURL+"/dpo/people"), http.StatusUnauthorized)
	b.leavesWork()
}
