package mail_test

import (
	"bytes"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/i18n"
	"portail.example/internal/mail"
	"portail.example/internal/sandbox/mailbox"
	"portail.example/locales"
	"portail.example/templates"
)

const address = "angela@example.org"

// post is a citizen with an address, a deliverer, and a real SMTP server.
type post struct {
	*consenttest.World
	*mail.Deliverer
	box *mailbox.Server
	log *bytes.Buffer
	t   *testing.T
}

func newPost(t *testing.T) *post {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{World: consenttest.NewWorld(t), box: mailbox.New(), log: &bytes.Buffer{}, t: t}
	go func() { _ = p.box.Serve(listener) }()
	t.Cleanup(func() { _ = p.box.Close() })
	server, err := mail.ParseServer("smtp://"+listener.Addr().String(), "Mes autorisations <nobody@portal.example>")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	letters, err := mail.NewLetters(templates.FS, func(lang string) mail.Words { return bundle.Localizer(lang, nil) }, "https://portal.example")
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(p.log, nil))
	p.Deliverer = mail.New(mail.Config{Outbox: p.Memory, Server: server, Letters: letters, Logger: logger, Now: p.Clock.Now})
	return p
}

// round sends what is due and returns how many mails arrived since the start.
func (p *post) round() []mailbox.Message {
	p.t.Helper()
	if _, err := p.Round(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	return p.box.Messages()
}

// file files a request for the citizen and lets the digest's window pass.
func (p *post) file() {
	p.t.Helper()
	if _, err := p.Service.FileRequest(p.t.Context(), p.Filing(consenttest.Angela().Identity)); err != nil {
		p.t.Fatal(err)
	}
	p.Clock.Advance(consent.DigestWindow)
}

func TestAnAddressIsVerifiedByTheLinkMailedToIt(t *testing.T) {
	p := newPost(t)
	contact := consent.Contact{Subject: p.Viewer.Subject, Address: address, Language: "en", Kinds: consent.NoticeKinds()}
	if err := p.Service.LeaveAddress(t.Context(), contact); err != nil {
		t.Fatal(err)
	}
	arrived := p.round()
	if len(arrived) != 1 || arrived[0].To != address || arrived[0].Subject != "Confirm your address" || arrived[0].Language != "en" {
		t.Fatalf("arrived: %+v", arrived)
	}
	token, found := strings.CutPrefix(arrived[0].Links()[0], "https://portal.example/notices/verify?token=")
	if !found || p.Service.VerifyAddress(t.Context(), token) != nil {
		t.Errorf("the link %s does not verify", arrived[0].Links()[0])
	}
	if len(p.round()) != 1 {
		t.Error("sent twice")
	}
}

func TestADigestSaysWhatChangedAndNothingOfTheCitizen(t *testing.T) {
	p := newPost(t)
	p.WithAddress(t, p.Memory, p.Viewer.Subject, address)
	issued := p.Issued(t, p.Push())
	open, err := p.Service.AuthorizeAccess(t.Context(), p.Call(issued))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Service.CompleteAccess(t.Context(), open.Access, consent.Released, ""); err != nil {
		t.Fatal(err)
	}
	p.file()
	arrived := p.round()
	if len(arrived) != 1 {
		t.Fatalf("%d mails, want one digest", len(arrived))
	}
	m := arrived[0]
	for _, want := range []string{p.Client.LegalName + " vous demande des données", p.Client.LegalName + " a consulté vos données", "https://portal.example/home"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the text lacks %q:\n%s", want, m.Text)
		}
	}
	if strings.Contains(m.Subject, p.Client.LegalName) {
		t.Errorf("the subject names the administration: %s", m.Subject)
	}
	angela := consenttest.Angela().Identity
	for _, personal := range []string{angela.FamilyName, angela.GivenNames[0], angela.Birthdate, string(p.Viewer.Subject), issued.Grant.ID, "2026-117"} {
		if strings.Contains(strings.ToLower(m.Text+m.HTML+m.Subject), strings.ToLower(personal)) {
			t.Errorf("the mail holds %q", personal)
		}
	}
}

// RFC 8058: both headers, one address, which needs no sign-in.
func TestEveryMailIsUnsubscribedFromInOneClick(t *testing.T) {
	p := newPost(t)
	contact := p.WithAddress(t, p.Memory, p.Viewer.Subject, address)
	p.file()
	m := p.round()[0]
	want := "https://portal.example/notices/unsubscribe?token=" + contact.Unsubscribe
	if m.Unsubscribe != want || m.OneTap != "List-Unsubscribe=One-Click" || !strings.Contains(m.Text, want) {
		t.Errorf("List-Unsubscribe %q, List-Unsubscribe-Post %q", m.Unsubscribe, m.OneTap)
	}
	if m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Error("an automatic mail does not say so: an absent reader's program may answer")
	}
}

func TestAMailIsTriedAgainUnderTheSameIdentifier(t *testing.T) {
	p := newPost(t)
	p.WithAddress(t, p.Memory, p.Viewer.Subject, address)
	p.file()
	lost, err := p.Memory.ClaimMails(t.Context(), p.Clock.Now(), p.Clock.Now().Add(time.Minute), 1) // an instance that dies
	if err != nil || len(lost) != 1 {
		t.Fatal(len(lost), err)
	}
	p.Clock.Advance(time.Minute)
	p.box.Busy(1)
	if arrived := p.round(); len(arrived) != 0 {
		t.Fatal("taken by a server that was busy")
	}
	if arrived := p.round(); len(arrived) != 0 {
		t.Error("tried again at once")
	}
	p.Clock.Advance(time.Minute)
	arrived := p.round()
	if len(arrived) != 1 || arrived[0].ID != "<"+lost[0].ID+"@portal.example>" {
		t.Fatalf("arrived %d, identifier %q, want %q", len(arrived), arrived[0].ID, lost[0].ID)
	}
	p.Clock.Advance(mail.Patience)
	if len(p.round()) != 1 {
		t.Error("sent again after it was taken")
	}
}

func TestAnAddressThatIsRefusedIsGivenUpAndNotLogged(t *testing.T) {
	p := newPost(t)
	p.WithAddress(t, p.Memory, p.Viewer.Subject, address)
	p.box.Bar(address, 550)
	p.file()
	p.round()
	p.box.Bar(address, 0)
	p.Clock.Advance(mail.Patience)
	if len(p.round()) != 0 {
		t.Error("an address that does not exist was tried again")
	}
	log := p.log.String()
	if !strings.Contains(log, "mail given up") || !strings.Contains(log, "refused with code 550") {
		t.Errorf("the operator is not told: %s", log)
	}
	if strings.Contains(log, "angela") || strings.Contains(log, "example.org") {
		t.Errorf("the log holds the address: %s", log)
	}
}

func TestAMailIsGivenUpAfterPatience(t *testing.T) {
	p := newPost(t)
	p.WithAddress(t, p.Memory, p.Viewer.Subject, address)
	p.file()
	p.box.Busy(2)
	p.round()
	if strings.Contains(p.log.String(), "given up") {
		t.Fatal("given up at the first attempt")
	}
	p.Clock.Advance(mail.Patience)
	p.round()
	if !strings.Contains(p.log.String(), "refused with code 451") {
		t.Errorf("not given up: %s", p.log)
	}
}

func TestANameCannotWriteHeaders(t *testing.T) {
	p := newPost(t)
	p.Client.LegalName = "Mairie\r\nBcc: all@example.com\r\n\r\n<script>x</script>"
	if err := p.Memory.PutClient(t.Context(), p.Client); err != nil {
		t.Fatal(err)
	}
	p.WithAddress(t, p.Memory, p.Viewer.Subject, address)
	p.file()
	m := p.round()[0]
	if m.Header.Get("Bcc") != "" || m.To != address || strings.Contains(m.HTML, "<script>") {
		t.Errorf("the name got out of its place: %v\n%s", m.Header, m.HTML)
	}
}

func TestAServerIsAnAddressWithoutSurprises(t *testing.T) {
	for _, c := range []struct{ url, from string }{
		{"", "a@example.org"}, {"http://u:hunter2@mail.example", "a@example.org"}, {"smtp://u:hunter2@", "a@example.org"}, {"smtp://u:hunter2@mail.example:port", "a@example.org"},
		{"smtp://u:hunter2@mail.example", "nobody"}, {"smtp://u:hunter2@mail.example", "a@example.org\r\nBcc: b@example.org"}, {"smtp://u:hunter2@mail.example/path", "a@example.org"},
	} {
		if _, err := mail.ParseServer(c.url, c.from); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q from %q: %v", c.url, c.from, err)
		}
	}
	for _, url := range []string{"smtp://mail.example", "smtps://user:password@mail.example", "smtp://127.0.0.1:2525"} {
		if _, err := mail.ParseServer(url, "Portail <a@example.org>"); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
