package web

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// Handler answers a request, or returns why it could not: a consent.Error that
// an ErrorWriter turns into an answer, or a fault that shows as an incident.
type Handler func(c *gin.Context) error

// ErrorWriter turns an error into an answer for one audience.
type ErrorWriter func(c *gin.Context, err error)

// Handle runs a Handler and hands its error, or its panic, to the writer. An answer
// that had begun is broken off: what was cut short must not look whole. The error is
// logged once, by the access log.
func Handle(h Handler, write ErrorWriter) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := guarded(c, h)
		if err == nil {
			return
		}
		_ = c.Error(err)
		c.Abort()
		if c.Writer.Written() {
			panic(http.ErrAbortHandler)
		}
		forgetFile(c)
		write(c, err)
	}
}

// panicError keeps where it happened. The value is told by type only: it may
// hold anything.
type panicError struct {
	kind  string
	stack []byte
}

func (p *panicError) Error() string { return "panic: " + p.kind }

func guarded(c *gin.Context, h Handler) error { return Guard(func() error { return h(c) }) }

// Guard runs something and returns its panic as an error that tells where it happened and
// nothing it held. What a handler starts beside itself needs it: a panic there would end
// the process.
func Guard(do func() error) (err error) {
	defer func() {
		switch value := recover().(type) {
		case nil:
		case error:
			if errors.Is(value, http.ErrAbortHandler) {
				panic(value)
			}
			err = &panicError{kind: kindOf(value), stack: debug.Stack()}
		default:
			err = &panicError{kind: fmt.Sprintf("%T", value), stack: debug.Stack()}
		}
	}()
	return do()
}

// kindOf tells a runtime error in full, since it speaks of code, and any other by
// its type only.
func kindOf(value error) string {
	var fault runtime.Error
	if errors.As(value, &fault) {
		return fault.Error()
	}
	return fmt.Sprintf("%T", value)
}

// JSON answers with JSON that nothing may keep.
func JSON(c *gin.Context, status int, v any) {
	c.Header("Cache-Control", "no-store")
	c.JSON(status, v)
}
