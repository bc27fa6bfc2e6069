package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// Lines is an answer that goes on for as long as it has something to say: one JSON
// value a line (NDJSON), each sent at once.
type Lines struct {
	c     *gin.Context
	reach *http.ResponseController
}

// lineTimeout is how long a reader may leave a line unread.
const lineTimeout = 30 * time.Second

// connectionKey is where deadline leaves the context it shortened.
const connectionKey = "connection"

// NewLines begins the answer. The context is the connection's: it ends when the reader
// leaves, and not when an ordinary answer would be late.
func NewLines(c *gin.Context) (*Lines, context.Context) {
	l := &Lines{c: c, reach: http.NewResponseController(c.Writer)}
	_ = l.reach.SetReadDeadline(time.Time{}) // the server's own would end the connection
	c.Header("Content-Type", "application/x-ndjson; charset=utf-8")
	c.Header("Cache-Control", "no-store")
	c.Header("X-Accel-Buffering", "no") // nginx would keep lines back
	ctx, ok := c.Value(connectionKey).(context.Context)
	if !ok {
		ctx = c.Request.Context()
	}
	return l, ctx
}

// Send writes a line and sees that it leaves. A reader that takes nothing for
// lineTimeout is given up.
func (l *Lines) Send(v any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_ = l.reach.SetWriteDeadline(time.Now().Add(lineTimeout))
	if _, err := l.c.Writer.Write(line.Bytes()); err != nil {
		return err
	}
	return l.reach.Flush()
}
