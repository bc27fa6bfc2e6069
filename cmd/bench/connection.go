package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// patience is how long one answer may take before it counts as an error.
const patience = 10 * time.Second

// connection is one keep-alive connection. net/http's client costs several times
// what it measures here, and the generator shares the machine with the servers.
type connection struct {
	host   string
	conn   net.Conn
	reader *bufio.Reader
	buffer []byte
}

type answer struct {
	Status int
	Header http.Header
	Body   string
}

func connect(base string) (*connection, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp4", u.Host)
	if err != nil {
		return nil, err
	}
	return &connection{host: u.Host, conn: conn, reader: bufio.NewReader(conn)}, nil
}

// do sends one request; headers are whole lines.
func (c *connection) do(method, path, headers, body string) (answer, error) {
	c.buffer = fmt.Appendf(c.buffer[:0], "%s %s HTTP/1.1\r\nHost: %s\r\n%s", method, path, c.host, headers)
	if method == http.MethodPost {
		c.buffer = fmt.Appendf(c.buffer, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(body))
	}
	c.buffer = append(append(c.buffer, "\r\n"...), body...)
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return answer{}, err
	}
	if _, err := c.conn.Write(c.buffer); err != nil {
		return answer{}, err
	}
	return c.read()
}

func (c *connection) read() (answer, error) {
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, err
}

// expect turns an unexpected status into an error that shows the answer.
func expect(a answer, err error, status int) (answer, error) {
	if err == nil && a.Status != status {
		err = fmt.Errorf("status %d instead of %d: %.300s", a.Status, status, a.Body)
	}
	return a, err
}
