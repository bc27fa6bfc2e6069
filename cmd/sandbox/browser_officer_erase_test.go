package main

import (
	"net/http"
	"net/url"
)

// holdAndErase: a hold stops an erasure; lifted, one agent proposes and another
// approves.
func (b *chromium) holdAndErase() {
	b.t.Helper()
	phone := b.phone("angela")
	b.submit(phone.Get(b.PortalURL+"/my-data/ask"), "/my-data/ask", url.Values{"right": {"erasure"}})
	b.agent("claire", operatorSIRET)
	b.press(`main a[href="/dpo/rights"]`)
	b.check("110-queue")
	b.press(`main a[href^="/dpo/rights/"]`)
	b.check("111-erasure-request")
	b.hold()
	b.press(`form[action="/dpo/erasures"] button`)
	b.says(wasDone)
	b.check("115-proposed")
	b.press(`main a[href^="/dpo/erasures/"]`)
	b.check("116-mine")
	b.leavesWork()
	b.approveAs("nadia")
	b.expect("the person is nobody", phone.Get(b.PortalURL+"/my-data/ask"), http.StatusUnauthorized)
}

// hold sets a hold, is stopped by it and lifts it.
func (b *chromium) hold() {
	b.t.Helper()
	b.press(`main a[href$="/holds"]`)
	b.write("#reason", " ")
	b.press(`form[action$="/holds"] button`)
	b.says(toMend)
	b.check("112-hold-problem")
	b.rewrite("#reason", "dossier 2026-12")
	b.press(`form[action$="/holds"] button`)
	b.says(wasDone)
	b.check("113-held")
	b.press(`main a[href^="/dpo/rights/"]`)
	b.press(`form[action="/dpo/erasures"] button`)
	b.check("114-stopped")
	b.open(b.PortalURL + "/dpo/rights")
	b.press(`main h2 a[href^="/dpo/rights/"]`)
	b.press(`main a[href$="/holds"]`)
	b.write(`input[name="why"]`, "affaire close")
	b.press(`form[action$="/lift"] button`)
	b.says(wasDone)
	b.press(`main a[href^="/dpo/rights/"]`)
}

// approveAs is the second agent, who has it on their home page.
func (b *chromium) approveAs(key string) {
	b.t.Helper()
	b.agent(key, operatorSIRET)
	b.check("117-second-agent")
	b.press(`main a[href="/dpo/erasures"]`)
	b.press(`main a[href^="/dpo/erasures/"]`)
	b.check("118-to-approve")
	b.press(`form[action$="/approve"] button`)
	b.says(wasDone)
	b.check("119-erased")
	b.leavesWork()
}
