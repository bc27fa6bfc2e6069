package consenttest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
)

// WithAddress leaves and verifies an address that wants every kind of notice.
func (w *World) WithAddress(t testing.TB, store StoreWithClients, subject consent.SubjectID, address string) consent.Contact {
	t.Helper()
	must(t, w.Service.LeaveAddress(background, consent.Contact{Subject: subject, Address: address, Language: "fr", Kinds: consent.NoticeKinds()}))
	mails := claimed(t, store, w.Clock.Now())
	if len(mails) != 1 || mails[0].Token == "" {
		t.Fatalf("%d mails, want a verification", len(mails))
	}
	must(t, w.Service.VerifyAddress(background, mails[0].Token))
	must(t, store.MailSent(background, mails[0].ID))
	c, err := store.Contact(background, subject)
	must(t, err)
	return c
}

func claimed(t testing.TB, s StoreWithClients, now time.Time) []consent.Mail {
	t.Helper()
	mails, err := s.ClaimMails(background, now, now.Add(time.Minute), 10)
	must(t, err)
	return mails
}

func contactRoundTrip(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	_, err := s.Contact(background, w.Viewer.Subject)
	isNotFound(t, "contact", err)
	c := w.WithAddress(t, s, w.Viewer.Subject, "angela@example.org")
	same(t, c, consent.Contact{
		Subject: w.Viewer.Subject, Address: "angela@example.org", Language: "fr", Kinds: consent.NoticeKinds(), VerifiedAt: w.Clock.Now(), Unsubscribe: c.Unsubscribe,
	})
	must(t, w.Service.ChangeNotices(background, w.Viewer.Subject, "en", []consent.NoticeKind{consent.NoticeUse}))
	c, err = s.Contact(background, w.Viewer.Subject)
	must(t, err)
	if c.Language != "en" || len(c.Kinds) != 1 || !c.Verified() {
		t.Errorf("changed to %s %v, verified %v", c.Language, c.Kinds, c.Verified())
	}
	must(t, w.Service.Unsubscribe(background, "not-a-secret"))
	must(t, w.Service.Unsubscribe(background, c.Unsubscribe))
	must(t, w.Service.Unsubscribe(background, c.Unsubscribe))
	_, err = s.Contact(background, w.Viewer.Subject)
	isNotFound(t, "contact after the link", err)
	isNotFound(t, "change of no contact", w.Service.ChangeNotices(background, w.Viewer.Subject, "en", consent.NoticeKinds()))
}

func verificationLinks(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	leave := func(address string) error {
		return w.Service.LeaveAddress(background, consent.Contact{Subject: w.Viewer.Subject, Address: address, Language: "fr", Kinds: consent.NoticeKinds()})
	}
	link := func() string {
		t.Helper()
		mails := claimed(t, s, w.Clock.Now())
		if len(mails) != 1 {
			t.Fatalf("%d mails, want 1", len(mails))
		}
		return mails[0].Token
	}
	must(t, leave("angela@example.org"))
	first := link()
	must(t, leave("angela@example.com"))
	second := link()
	isNotFound(t, "the link of an address that was replaced", w.Service.VerifyAddress(background, first))
	must(t, w.Service.VerifyAddress(background, second))
	isNotFound(t, "a link used twice", w.Service.VerifyAddress(background, second))
	must(t, leave("angela@example.net"))
	late := link()
	w.Clock.Advance(consent.VerificationLifetime - time.Second)
	if err := leave("angela@example.net"); !errors.Is(err, consent.TooMany) {
		t.Errorf("a fourth mail within a day: %v", err)
	}
	other := w.SignIn(t, Pierre())
	w.Clock.Advance(time.Second)
	isNotFound(t, "a link of yesterday", w.Service.VerifyAddress(background, late))
	for range consent.MaxVerifications {
		must(t, leave("shared@example.net"))
	}
	err := w.Service.LeaveAddress(background, consent.Contact{Subject: other, Address: "shared@example.net", Language: "fr", Kinds: consent.NoticeKinds()})
	if !errors.Is(err, consent.TooMany) {
		t.Errorf("a fourth mail to one address, from somebody else: %v", err)
	}
}

func digest(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	w.WithAddress(t, s, w.Viewer.Subject, "angela@example.org")
	tell := func(kind consent.NoticeKind) {
		n := consent.Notice{At: w.Clock.Now(), Kind: kind, Subject: w.Viewer.Subject, ClientID: w.Client.ID, Recipient: w.Client.SIRET}
		inTx(t, s, func(tx consent.Tx) error { return tx.AppendNotice(background, n) })
	}
	tell(consent.NoticeUse)
	w.Clock.Advance(consent.DigestWindow - time.Second)
	tell(consent.NoticeEnding)
	if mails := claimed(t, s, w.Clock.Now()); len(mails) != 0 {
		t.Errorf("%d mails before the window ends", len(mails))
	}
	w.Clock.Advance(time.Second)
	mails := claimed(t, s, w.Clock.Now())
	if len(mails) != 1 || len(mails[0].Notices) != 2 || mails[0].Attempts != 1 || mails[0].Token != "" {
		t.Fatalf("got %+v, want one mail with two notices", mails)
	}
	same(t, mails[0].Notices[1], consent.MailNotice{Kind: consent.NoticeEnding, Administration: w.Client.LegalName, At: w.Clock.Now().Add(-time.Second)})
	if again := claimed(t, s, w.Clock.Now()); len(again) != 0 {
		t.Error("a mail that is lent out was lent again")
	}
	tell(consent.NoticeSuspended)
	w.Clock.Advance(time.Minute)
	again := claimed(t, s, w.Clock.Now())
	if len(again) != 1 || again[0].ID != mails[0].ID || len(again[0].Notices) != 2 || again[0].Attempts != 2 {
		t.Fatalf("after the lease: %+v, want the same mail with the same notices", again)
	}
	must(t, s.MailSent(background, again[0].ID))
	w.Clock.Advance(consent.DigestWindow)
	rest := claimed(t, s, w.Clock.Now())
	if len(rest) != 1 || rest[0].ID == mails[0].ID || len(rest[0].Notices) != 1 {
		t.Fatalf("got %+v, want the later notice in a mail of its own", rest)
	}
	must(t, s.MailFailed(background, rest[0].ID, "refused", time.Time{}))
	w.Clock.Advance(time.Hour)
	if dead := claimed(t, s, w.Clock.Now()); len(dead) != 0 {
		t.Error("a mail that was given up is sent")
	}
}

func noticesByFact(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	issued := w.Issued(t, w.Push())
	_, err := w.Service.FileRequest(background, w.Filing(Angela().Identity))
	must(t, err) // nobody left an address yet
	w.WithAddress(t, s, w.Viewer.Subject, "angela@example.org")
	expect := func(what string, want ...consent.NoticeKind) {
		t.Helper()
		w.Clock.Advance(consent.DigestWindow)
		var got []string
		for _, mail := range claimed(t, s, w.Clock.Now()) {
			for _, n := range mail.Notices {
				got = append(got, string(n.Kind))
			}
			must(t, s.MailSent(background, mail.ID))
		}
		var kinds []string
		for _, kind := range want {
			kinds = append(kinds, string(kind))
		}
		if strings.Join(got, " ") != strings.Join(kinds, " ") {
			t.Errorf("%s: notices %v, want %v", what, got, kinds)
		}
	}
	use := func(outcome consent.Outcome) {
		open, err := w.Service.AuthorizeAccess(background, w.Call(issued))
		must(t, err)
		must(t, w.Service.CompleteAccess(background, open.Access, outcome, ""))
	}
	expect("before anything")
	_, err = w.Service.FileRequest(background, w.Filing(Angela().Identity))
	must(t, err)
	_, err = w.Service.FileRequest(background, w.Filing(Pierre().Identity))
	must(t, err)
	expect("filed for Angela and for Pierre", consent.NoticeRequest)
	use(consent.TimedOut)
	expect("nothing left")
	use(consent.Released)
	use(consent.Released)
	expect("two consultations in a month", consent.NoticeUse)
	w.Clock.Advance(31 * 24 * time.Hour)
	use(consent.Released)
	expect("the month after", consent.NoticeUse)
	inTx(t, s, func(tx consent.Tx) error {
		return tx.AppendSuspension(background, w.Client.Habilitation, w.Clock.Now())
	})
	expect("a suspended administration", consent.NoticeSuspended)
	w.Clock.Advance(issued.Grant.ExpiresAt.Sub(w.Clock.Now()) - consent.ExpiryNotice)
	_, err = w.Service.AnnounceEnds(background)
	must(t, err)
	_, err = w.Service.AnnounceEnds(background)
	must(t, err)
	expect("two weeks before the end", consent.NoticeEnding)
}

func unwantedNotices(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	file := func() {
		t.Helper()
		_, err := w.Service.FileRequest(background, w.Filing(Angela().Identity))
		must(t, err)
		w.Clock.Advance(consent.DigestWindow)
	}
	must(t, w.Service.LeaveAddress(background, consent.Contact{Subject: w.Viewer.Subject, Address: "angela@example.org", Language: "fr", Kinds: consent.NoticeKinds()}))
	file()
	mails := claimed(t, s, w.Clock.Now())
	if len(mails) != 1 || mails[0].Token == "" {
		t.Fatalf("an address that was not verified gets %+v", mails)
	}
	must(t, w.Service.VerifyAddress(background, mails[0].Token))
	must(t, s.MailSent(background, mails[0].ID))
	must(t, w.Service.ChangeNotices(background, w.Viewer.Subject, "fr", []consent.NoticeKind{consent.NoticeUse}))
	file()
	if mails := claimed(t, s, w.Clock.Now()); len(mails) != 0 {
		t.Errorf("an unwanted kind is sent: %+v", mails)
	}
	must(t, w.Service.ChangeNotices(background, w.Viewer.Subject, "fr", consent.NoticeKinds()))
	file()
	must(t, w.Service.RemoveAddress(background, w.Viewer.Subject))
	if mails := claimed(t, s, w.Clock.Now()); len(mails) != 0 {
		t.Errorf("a removed address gets what waited: %+v", mails)
	}
}
