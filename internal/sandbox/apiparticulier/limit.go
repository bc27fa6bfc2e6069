package apiparticulier

import (
	"crypto/rand"
	"net/http"
	"strconv"
)

// window is one second of one token.
type window struct {
	second int64
	count  int
}

// admit counts a call against its token's limit and writes the headers that tell.
func (s *Server) admit(w http.ResponseWriter, token string, habilitation Habilitation) bool {
	limit := habilitation.PerSecond
	if limit == 0 {
		limit = 20
	}
	second := s.cfg.Now().Unix()
	s.mu.Lock()
	current := s.windows[token]
	if current.second != second {
		current = window{second: second}
	}
	current.count++
	s.windows[token] = current
	s.mu.Unlock()
	w.Header().Set("RateLimit-Limit", strconv.Itoa(limit))
	w.Header().Set("RateLimit-Remaining", strconv.Itoa(max(limit-current.count, 0)))
	w.Header().Set("RateLimit-Reset", strconv.FormatInt(second+1, 10))
	if current.count > limit {
		w.Header().Set("Retry-After", "1")
		return false
	}
	return true
}

// requestID is the number support asks for.
func requestID() string { return rand.Text() }
