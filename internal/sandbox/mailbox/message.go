package mailbox

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
)

// Message is one mail as its reader sees it.
type Message struct {
	Number              int
	From, To            string // the envelope
	ID, Subject         string
	Language            string
	Unsubscribe, OneTap string // List-Unsubscribe without <>, List-Unsubscribe-Post
	Header              mail.Header
	Text, HTML          string
}

var link = regexp.MustCompile(`https?://\S+`)

// Links are the addresses in the text, in order.
func (m Message) Links() []string { return link.FindAllString(m.Text, -1) }

// Lines are the text, to be shown line by line.
func (m Message) Lines() []Line {
	var out []Line
	for _, text := range strings.Split(strings.TrimSpace(m.Text), "\n") {
		text = strings.TrimSpace(text)
		out = append(out, Line{Text: text, Link: link.MatchString(text)})
	}
	return out
}

// Line is a line of text; a link of ours has one to itself.
type Line struct {
	Text string
	Link bool
}

// parse reads a message of two alternatives, plain and HTML, as the portal writes
// them; anything else is refused.
func parse(raw string) (Message, error) {
	read, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return Message{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
	if err != nil || subject == "" || read.Header.Get("Message-Id") == "" || read.Header.Get("From") == "" {
		return Message{}, errors.New("mailbox: no subject, sender or identifier")
	}
	m := Message{
		ID: read.Header.Get("Message-Id"), Subject: subject, Language: read.Header.Get("Content-Language"), Header: read.Header,
		Unsubscribe: strings.Trim(read.Header.Get("List-Unsubscribe"), "<>"), OneTap: read.Header.Get("List-Unsubscribe-Post"),
	}
	return m, m.read(read)
}

func (m *Message) read(message *mail.Message) error {
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return errors.New("mailbox: not multipart/alternative")
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return err
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			m.HTML = string(body)
		} else {
			m.Text = string(body)
		}
	}
}
