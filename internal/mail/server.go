package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Server is the SMTP server that takes our mails, and the address they come from.
type Server struct {
	host    string
	options []gomail.Option
	from    *netmail.Address
}

// ParseServer reads smtp://user:password@host:port, or smtps:// for TLS from the
// first byte. Without it STARTTLS is required, but on this very machine. from may
// have a name: "Portail <nobody@portal.example>".
func ParseServer(raw, from string) (Server, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		return Server{}, errors.New("smtp://user:password@host:port or smtps:// is expected") // never the error: it quotes the password
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil || strings.ContainsAny(from, "\r\n") {
		return Server{}, errors.New("the sender is not an e-mail address")
	}
	s := Server{host: u.Hostname(), from: sender, options: []gomail.Option{gomail.WithTimeout(20 * time.Second), gomail.WithHELO(domain(sender))}}
	s.security(u)
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

func (s *Server) security(u *url.URL) {
	port, policy := 587, gomail.TLSMandatory
	if ip := net.ParseIP(s.host); s.host == "localhost" || ip != nil && ip.IsLoopback() {
		policy = gomail.TLSOpportunistic
	}
	if u.Scheme == "smtps" {
		port = 465
		s.options = append(s.options, gomail.WithSSL())
	} else {
		s.options = append(s.options, gomail.WithTLSPolicy(policy))
	}
	if given, err := strconv.Atoi(u.Port()); err == nil {
		port = given
	}
	s.options = append(s.options, gomail.WithPort(port))
}

func domain(a *netmail.Address) string { return a.Address[strings.LastIndex(a.Address, "@")+1:] }

// refusal is why the server did not take a mail, in our words and SMTP's code: its
// own text may quote the address.
type refusal struct {
	reason string
	final  bool // this address will not be taken later either
}

// send hands a letter to the server; nil when it took it.
func (s Server) send(ctx context.Context, l letter) *refusal {
	message, err := s.message(l)
	if err != nil {
		return &refusal{"the letter is not a message", true}
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return &refusal{"the settings are not usable", false}
	}
	if err = client.DialAndSendWithContext(ctx, message); err == nil {
		return nil
	}
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return &refusal{"no connection", false}
	}
	return &refusal{fmt.Sprintf("refused with code %d", failed.ErrorCode()), failed.Reason == gomail.ErrSMTPRcptTo && !failed.IsTemp()}
}

// message is a letter with its headers: automatic (RFC 3834), and to unsubscribe
// from in one click (RFC 8058).
func (s Server) message(l letter) (*gomail.Msg, error) {
	m := gomail.NewMsg()
	m.FromMailAddress(s.from)
	if err := m.To(l.To); err != nil {
		return nil, err
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID + "@" + domain(s.from))
	m.SetDate()
	m.SetGenHeader("Content-Language", l.Language)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+l.StopAddr+">")
	m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	m.SetUserAgent("portail")
	m.SetBodyString(gomail.TypeTextPlain, l.plain)
	m.AddAlternativeString(gomail.TypeTextHTML, l.html)
	return m, nil
}
