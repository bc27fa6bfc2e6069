package main

import (
	"strconv"
	"time"

	"portail.example/consent"
	"portail.example/internal/sandbox/mailbox"
)

// beTold is a citizen who leaves an address, is told of a request by e-mail, answers
// nothing, and unsubscribes from the mail.
func (b *chromium) beTold() {
	b.t.Helper()
	b.home()
	b.signIn("marge")
	b.press(`a[href="/notices"]`)
	b.check("70-notices")
	b.write("#address", "marge@example.org")
	b.press(`form[action="/notices/address"] button`)
	b.check("71-notices-sent")
	b.read(b.mail(1))
	b.press(`a[href*="/notices/verify"]`)
	b.check("73-verify")
	b.press(`main form button`)
	b.check("74-verified")
	b.press(`main a[href="/notices"]`)
	b.check("75-notices-verified")
	b.file(marge)
	b.clock.Advance(consent.DigestWindow)
	digest := b.mail(2)
	b.read(digest)
	b.press(`main a[href^="` + b.PortalURL + `"]:not([href*="unsubscribe"])`)
	b.check("76-home-from-mail")
	b.reads("Syndicat des transports de la Source")
	b.read(digest)
	b.press(`a[href*="/notices/unsubscribe"]`)
	b.check("77-unsubscribe")
	b.press(`main form button`)
	b.check("78-unsubscribed")
	b.press(`main a[href="/notices"]`)
	if left := ask[bool](b, `!!document.querySelector('form[action="/notices/remove"]') || document.querySelector('#address').value !== ''`); left {
		b.t.Error("the address stays after unsubscribing")
	}
}

// mail waits for the n-th mail.
func (b *chromium) mail(n int) mailbox.Message {
	b.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if all := b.Mailbox.Messages(); len(all) >= n {
			return all[n-1]
		}
		if _, err := b.Portal.Mail.Round(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // another round may be under way
	}
	b.t.Fatalf("mail %d does not come", n)
	return mailbox.Message{}
}

// read opens a mail from the mailbox's list.
func (b *chromium) read(m mailbox.Message) {
	b.t.Helper()
	b.open(b.MailboxURL)
	b.check("72-mailbox")
	b.press(`a[href="/` + strconv.Itoa(m.Number) + `"]`)
	b.check("72-" + strconv.Itoa(m.Number) + "-mail")
}
