// Package mailbox is everybody's mailbox in the demo: a real SMTP server on
// loopback, and pages to read what it took.
package mailbox

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// maxMessage is the largest message taken, in bytes.
const maxMessage = 256 << 10

// Server takes every mail to an address that is not barred. It is safe for
// concurrent use.
type Server struct {
	smtp *smtp.Server

	mu       sync.Mutex
	messages []Message // oldest first
	barred   map[string]int
	rounds   int // refusals left to everybody
}

// New builds a server; Serve runs it.
func New() *Server {
	s := &Server{barred: map[string]int{}}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.smtp.Domain, s.smtp.MaxMessageBytes, s.smtp.MaxRecipients = "localhost", maxMessage, 1
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = 10*time.Second, 10*time.Second
	return s
}

// Serve speaks SMTP on a listener until Close.
func (s *Server) Serve(l net.Listener) error {
	if err := s.smtp.Serve(l); !errors.Is(err, smtp.ErrServerClosed) {
		return err
	}
	return nil
}

// Close ends Serve.
func (s *Server) Close() error { return s.smtp.Close() }

// Bar refuses an address with an SMTP code from now on.
func (s *Server) Bar(address string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.barred[address] = code
}

// Busy refuses the next mails for now (451).
func (s *Server) Busy(next int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rounds = next
}

// Messages are those taken so far, oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message{}, s.messages...)
}

// session is one SMTP conversation.
type session struct {
	server   *Server
	from, to string
}

// Mail is MAIL FROM.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return nil
}

// Rcpt is RCPT TO.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.rounds > 0 {
		c.server.rounds--
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later, " + to}
	}
	if code := c.server.barred[to]; code != 0 {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no mailbox " + to}
	}
	c.to = to
	return nil
}

// Data takes the message, or refuses one that is none.
func (c *session) Data(r io.Reader) error {
	var raw strings.Builder
	if _, err := io.Copy(&raw, r); err != nil {
		return err
	}
	m, err := parse(raw.String())
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "not a message"}
	}
	m.From, m.To = c.from, c.to
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	m.Number = len(c.server.messages) + 1
	c.server.messages = append(c.server.messages, m)
	return nil
}

// Reset forgets the envelope.
func (c *session) Reset() { c.from, c.to = "", "" }

// Logout ends the conversation.
func (c *session) Logout() error { return nil }
