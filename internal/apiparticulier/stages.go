package apiparticulier

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Stages bound each part of a call, and the whole of it with its retry.
type Stages struct {
	Connect time.Duration // 3 s when zero
	TLS     time.Duration // 3 s when zero
	Headers time.Duration // from the request to the first line of the answer; 11 s when zero: API Particulier itself gives a fund ten
	Body    time.Duration // from there to the end of the answer; 3 s when zero
	Whole   time.Duration // 12 s when zero
}

func (s Stages) complete() Stages {
	for value, absent := range map[*time.Duration]time.Duration{
		&s.Connect: 3 * time.Second, &s.TLS: 3 * time.Second, &s.Headers: 11 * time.Second, &s.Body: 3 * time.Second, &s.Whole: 12 * time.Second,
	} {
		if *value == 0 {
			*value = absent
		}
	}
	return s
}

func transport(s Stages) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: s.Connect}).DialContext
	t.TLSHandshakeTimeout = s.TLS
	t.MaxResponseHeaderBytes = 64 << 10
	t.MaxIdleConnsPerHost = 32
	return t
}

// lateness ends a context when a stage takes too long. Stages follow each other: the
// next stops the clock of the one before.
type lateness struct {
	c      *Client
	cancel context.CancelCauseFunc
	stop   func() bool
}

// watch is a context for one call, with no stage begun.
func (c *Client) watch(ctx context.Context) (context.Context, *lateness) {
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, &lateness{c: c, cancel: cancel, stop: func() bool { return true }}
}

// after begins a stage.
func (l *lateness) after(d time.Duration) {
	l.stop()
	l.stop = l.c.cfg.After(d, func() { l.cancel(context.DeadlineExceeded) })
}

func (l *lateness) end() {
	l.stop()
	l.cancel(nil)
}
