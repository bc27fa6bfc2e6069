package web

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// accessLog writes one line a request. It names the route, never the path, the
// query, the address or anything a caller sent: those may be personal data.
func accessLog(logger *slog.Logger, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := now()
		defer func() { logLine(c, logger, now().Sub(start)) }() // also of an answer that is broken off
		c.Next()
	}
}

func logLine(c *gin.Context, logger *slog.Logger, took time.Duration) {
	route := c.FullPath()
	if route == "" {
		route = "unmatched"
	}
	attrs := []slog.Attr{
		slog.String("request_id", RequestID(c)), slog.String("method", c.Request.Method), slog.String("route", route),
		slog.Int("status", c.Writer.Status()), slog.Duration("took", took),
	}
	level := slog.LevelInfo
	for _, e := range c.Errors {
		level = max(level, levelOf(e.Err))
		attrs = append(attrs, slog.String("error", e.Err.Error()))
		attrs = append(attrs, upstreamOf(e.Err)...)
		attrs = append(attrs, stackOf(e.Err)...)
	}
	logger.LogAttrs(c.Request.Context(), level, "request", attrs...)
}

// levelOf keeps refusals, which are ordinary, from waking anybody.
func levelOf(err error) slog.Level {
	var fault *consent.ProviderFault
	switch {
	case errors.As(err, &fault):
		return levelOfFault(fault.Outcome)
	case errors.Is(err, context.Canceled): // the caller hung up
		return slog.LevelInfo
	}
	switch consent.CodeOf(err) {
	case "", consent.Unavailable:
		return slog.LevelError
	case consent.SignInUnavailable, consent.SignInFailed:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// levelOfFault keeps a person without a file apart from a provider in trouble.
func levelOfFault(outcome consent.Outcome) slog.Level {
	if outcome == consent.NoFile || outcome == consent.NotIdentified {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// upstreamOf is the provider's own number for the call, which its support asks for.
func upstreamOf(err error) []slog.Attr {
	var fault *consent.ProviderFault
	if !errors.As(err, &fault) {
		return nil
	}
	return []slog.Attr{slog.String("upstream_request_id", fault.RequestID)}
}

func stackOf(err error) []slog.Attr {
	var p *panicError
	if !errors.As(err, &p) {
		return nil
	}
	return []slog.Attr{slog.String("stack", string(p.stack))}
}
