package mail

import (
	"bytes"
	htmltemplate "html/template"
	"io/fs"
	"net/url"
	"slices"
	"text/template"

	"portail.example/consent"
)

// Words writes in one language.
type Words interface {
	T(key string, pairs ...any) string
}

// Letters puts mails in words.
type Letters struct {
	words func(lang string) Words
	base  string // public origin of the portal
	plain *template.Template
	html  *htmltemplate.Template
}

// NewLetters parses the templates; words gives a language, base is the portal's
// public origin.
func NewLetters(templates fs.FS, words func(lang string) Words, base string) (*Letters, error) {
	plain, err := template.ParseFS(templates, "mail/letter.txt.tmpl")
	if err != nil {
		return nil, err
	}
	html, err := htmltemplate.ParseFS(templates, "mail/letter.html.tmpl")
	return &Letters{words, base, plain, html}, err
}

// letter is templates/mail/letter.*.tmpl and the headers around it. It names
// administrations and nothing of the citizen.
type letter struct {
	ID, To, Language string
	Subject          string
	Greeting, Intro  string
	Lines            []string
	Button, Address  string // what to follow
	Why              string // why one gets this
	Stop, StopAddr   string // RFC 8058: no sign-in
	plain, html      string
}

func (l *Letters) write(mail consent.Mail) (letter, error) {
	w := l.words(mail.To.Language)
	out := letter{
		ID: mail.ID, To: mail.To.Address, Language: mail.To.Language, Greeting: w.T("mail.greeting"), Stop: w.T("mail.stop"),
		StopAddr: l.base + "/notices/unsubscribe?" + url.Values{"token": {mail.To.Unsubscribe}}.Encode(),
	}
	if mail.Token != "" {
		l.verification(&out, w, mail.Token)
	} else {
		l.digest(&out, w, mail.Notices)
	}
	return out, l.render(&out)
}

func (l *Letters) verification(out *letter, w Words, token string) {
	out.Subject, out.Intro, out.Button, out.Why = w.T("mail.verify.subject"), w.T("mail.verify.intro"), w.T("mail.verify.button"), w.T("mail.verify.why")
	out.Address = l.base + "/notices/verify?" + url.Values{"token": {token}}.Encode()
}

// digest says each thing once: two consultations of one administration, under two
// consents, read alike.
func (l *Letters) digest(out *letter, w Words, notices []consent.MailNotice) {
	out.Subject, out.Intro, out.Button, out.Why, out.Address = w.T("mail.digest.subject"), w.T("mail.digest.intro"), w.T("mail.digest.button"), w.T("mail.digest.why"), l.base+"/home"
	if len(notices) == 1 {
		out.Subject = w.T("mail.subject." + string(notices[0].Kind))
	}
	for _, n := range notices {
		if line := w.T("mail.line."+string(n.Kind), "Administration", n.Administration); !slices.Contains(out.Lines, line) {
			out.Lines = append(out.Lines, line)
		}
	}
}

func (l *Letters) render(out *letter) error {
	var plain, html bytes.Buffer
	if err := l.plain.Execute(&plain, out); err != nil {
		return err
	}
	if err := l.html.Execute(&html, out); err != nil {
		return err
	}
	out.plain, out.html = plain.String(), html.String()
	return nil
}
