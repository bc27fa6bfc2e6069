package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"
)

// EngineConfig configures what all rooms share.
type EngineConfig struct {
	Logger *slog.Logger
	// TrustedProxies may set X-Forwarded-For; none by default: gin would trust all.
	TrustedProxies []string
	HTTPS          bool // adds HSTS
	Now            func() time.Time
}

// requestTimeout ends what a caller has stopped waiting for.
const requestTimeout = 25 * time.Second

// NewEngine is a gin engine with logs, recovery and security headers.
func NewEngine(cfg EngineConfig) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.ContextWithFallback = true
	engine.RedirectTrailingSlash = false // a redirect would lose a form
	if err := engine.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, fmt.Errorf("TRUSTED_PROXIES: %w", err)
	}
	engine.Use(identify, accessLog(cfg.Logger, cfg.Now), secure(cfg.HTTPS), deadline, recovery)
	return engine, nil
}

const requestIDKey = "request_id"

// identify numbers the request: what a citizen reads on an error page is what
// the operator finds in the log.
func identify(c *gin.Context) {
	id := rand.Text()[:12]
	c.Set(requestIDKey, id)
	c.Header("X-Request-ID", id)
}

// RequestID is the request's number, the incident number of error pages.
func RequestID(c *gin.Context) string { return c.GetString(requestIDKey) }

func deadline(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), requestTimeout)
	defer cancel()
	c.Set(connectionKey, c.Request.Context())
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// recovery is the last net, under handlers and middleware that are not wrapped
// by Handle.
func recovery(c *gin.Context) {
	err := guarded(c, func(c *gin.Context) error { c.Next(); return nil })
	if err == nil {
		return
	}
	_ = c.Error(err)
	c.Abort()
	if !c.Writer.Written() {
		c.String(500, "incident %s\n", RequestID(c))
	}
}
