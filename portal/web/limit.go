package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// What one address may ask for: far above a family or a town hall's software,
// far below what hurts. The data API is not counted here: one town hall asks for
// many families, and API Particulier has its own limit.
const (
	perSecond = 20
	burst     = 200
	// maxAddresses bounds the memory.
	maxAddresses = 50_000
)

// Limiter counts requests by address, in this instance. The address is the
// peer's, or the one a trusted proxy names.
type Limiter struct {
	now func() time.Time

	mu        sync.Mutex
	addresses map[string]*rate.Limiter
}

// NewLimiter starts with nobody counted.
func NewLimiter(now func() time.Time) *Limiter {
	return &Limiter{now: now, addresses: map[string]*rate.Limiter{}}
}

// Limit answers 429 to an address that asks too much, in the words of refuse.
func (l *Limiter) Limit(refuse gin.HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !counted(c.Request.URL.Path) {
			return
		}
		left, ok := l.take(network(c.ClientIP()))
		c.Header("RateLimit-Limit", strconv.Itoa(burst))
		c.Header("RateLimit-Remaining", strconv.Itoa(left))
		if ok {
			return
		}
		c.Header("Retry-After", "1")
		refuse(c)
		c.Abort()
	}
}

// counted leaves out what costs nothing, and the data API.
func counted(path string) bool {
	for _, prefix := range []string{"/assets/", "/data/", "/healthz", "/readyz"} {
		if strings.HasPrefix(path, prefix) {
			return false
		}
	}
	return true
}

func (l *Limiter) take(address string) (left int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.addresses) >= maxAddresses {
		l.forget()
	}
	limiter := l.addresses[address]
	if limiter == nil {
		limiter = rate.NewLimiter(perSecond, burst)
		l.addresses[address] = limiter
	}
	now := l.now()
	ok = limiter.AllowN(now, 1)
	return max(0, int(limiter.TokensAt(now))), ok
}

// forget drops those who have their whole burst again, which is what a stranger
// has; those who ask too much stay counted, unless they alone are too many.
func (l *Limiter) forget() {
	now := l.now()
	for address, limiter := range l.addresses {
		if limiter.TokensAt(now) >= burst {
			delete(l.addresses, address)
		}
	}
	if len(l.addresses) >= maxAddresses {
		clear(l.addresses)
	}
}

// network is who is counted: an IPv4 address, or the /64 that one IPv6 customer
// has to themselves.
func network(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || parsed.Unmap().Is4() {
		return address
	}
	prefix, err := parsed.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// Busy answers an address that asked too much: programs get JSON, people a page.
func (s *Site) Busy(c *gin.Context) {
	if forPrograms(c.Request.URL.Path) {
		JSON(c, http.StatusTooManyRequests, gin.H{"error": "temporarily_unavailable", "error_description": "too many requests from this address; see Retry-After"})
		return
	}
	s.writePage(c, http.StatusTooManyRequests, tooMany)
}
