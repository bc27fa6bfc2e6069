package web

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// Rate is what one caller may ask for: so many requests a second in the long run,
// and Burst at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// RateOf allows ten seconds' worth at once.
func RateOf(perSecond int) Rate { return Rate{PerSecond: float64(perSecond), Burst: 10 * perSecond} }

// maxCallers bounds the memory.
const maxCallers = 50_000

// Limiter counts requests by caller, in this instance.
type Limiter struct {
	rate Rate
	now  func() time.Time

	mu      sync.Mutex
	callers map[string]*rate.Limiter
}

// NewLimiter starts with nobody counted.
func NewLimiter(r Rate, now func() time.Time) *Limiter {
	return &Limiter{rate: r, now: now, callers: map[string]*rate.Limiter{}}
}

// knownKey marks a request whose caller proved who it is.
const knownKey = "web.known"

// Known says that the caller proved who it is: it is counted in its own name, not in
// that of an address it may share with many.
func Known(c *gin.Context) { c.Set(knownKey, true) }

// Limit answers 429 to an address that asks too much, in the words of refuse. The
// address is the peer's, or the one a trusted proxy names. Programs count only while
// nobody vouches for them. The data API is not counted: one town hall asks for many
// families, and API Particulier has its own limit.
func (l *Limiter) Limit(refuse gin.HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		path, caller := c.Request.URL.Path, network(c.ClientIP())
		switch {
		case !counted(path):
		case forPrograms(path):
			l.program(c, caller, refuse)
		case !l.Allow(c, caller):
			l.stop(c, refuse)
		}
	}
}

// program counts a program before anything is done for it, or many strangers who come at
// once would all be let in; and gives it back its request when it proved who it is.
func (l *Limiter) program(c *gin.Context, caller string, refuse gin.HandlerFunc) {
	if _, ok := l.take(caller); !ok {
		l.stop(c, refuse)
		return
	}
	c.Next()
	if c.GetBool(knownKey) {
		l.giveBack(caller)
	}
}

func (l *Limiter) stop(c *gin.Context, refuse gin.HandlerFunc) {
	l.tell(c, 0, false)
	refuse(c)
	c.Abort()
}

// AllowAddress counts one request of the address it came from.
func (l *Limiter) AllowAddress(c *gin.Context) bool { return l.Allow(c, network(c.ClientIP())) }

// Allow counts one request of a caller and tells it where it stands: RateLimit
// headers, and Retry-After when it asked too much.
func (l *Limiter) Allow(c *gin.Context, caller string) bool {
	left, ok := l.take(caller)
	l.tell(c, left, ok)
	return ok
}

func (l *Limiter) tell(c *gin.Context, left int, ok bool) {
	c.Header("RateLimit-Limit", strconv.Itoa(l.rate.Burst))
	c.Header("RateLimit-Remaining", strconv.Itoa(left))
	c.Header("RateLimit-Reset", strconv.Itoa(int(math.Ceil(float64(l.rate.Burst-left)/l.rate.PerSecond))))
	if !ok {
		c.Header("Retry-After", strconv.Itoa(busyWait))
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

func (l *Limiter) take(caller string) (left int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, limiter := l.now(), l.of(caller)
	ok = limiter.AllowN(now, 1)
	return max(0, int(limiter.TokensAt(now))), ok
}

// giveBack undoes take.
func (l *Limiter) giveBack(caller string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of(caller).AllowN(l.now(), -1)
}

func (l *Limiter) of(caller string) *rate.Limiter {
	if len(l.callers) >= maxCallers {
		l.forget()
	}
	limiter := l.callers[caller]
	if limiter == nil {
		limiter = rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
		l.callers[caller] = limiter
	}
	return limiter
}

// forget drops those who have their whole burst again, which is what a stranger
// has; those who ask too much stay counted, unless they alone are too many.
func (l *Limiter) forget() {
	now := l.now()
	for caller, limiter := range l.callers {
		if limiter.TokensAt(now) >= float64(l.rate.Burst) {
			delete(l.callers, caller)
		}
	}
	if len(l.callers) >= maxCallers {
		clear(l.callers)
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
	s.write(c, busyAddress)
}
