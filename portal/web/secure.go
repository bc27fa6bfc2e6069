package web

import (
	"strings"

	"github.com/gin-gonic/gin"
)

// policy lets a page use our own styles, fonts and pictures, and nothing else:
// no script at all, no frame around it, no form to another site.
var policy = strings.Join([]string{
	"default-src 'none'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
	"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}, "; ")

// secure puts the security headers on every answer, errors included.
func secure(https bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Content-Security-Policy", policy)
		// Not no-referrer: browsers would send "Origin: null" with our own forms.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
	}
}
