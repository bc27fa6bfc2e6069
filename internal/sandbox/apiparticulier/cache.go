package apiparticulier

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"portail.example/consent"
)

// cacheLife is how long a success is kept: the quotient familial a day, another benefit an
// hour, what is said of students not at all.
func cacheLife(set consent.DataSet) time.Duration {
	switch {
	case !strings.HasPrefix(set.Upstream.FranceConnect, "/v3/dss/"):
		return 0
	case set.Month != "":
		return 24 * time.Hour
	}
	return time.Hour
}

// cached is a household's answer for the month that was asked first.
type cached struct {
	query url.Values
	until time.Time
}

// cacheKey is the operation and the identity, and nothing else: like the real one's in this mode it leaves
// out year and month, so the month that was asked first is what everybody gets who does
// not go past it.
func cacheKey(query url.Values, set consent.DataSet) string {
	return strings.Join([]string{set.Type, fold(query.Get("nomNaissance")), query.Get("anneeDateNaissance"), query.Get("codeCogInseeCommuneNaissance"), query.Get("codeCogInseePaysNaissance")}, "\x00")
}

// answerCached answers from the cache; false when it has nothing, or is gone past.
func (s *Server) answerCached(w http.ResponseWriter, r *http.Request, query url.Values, scopes []string, set consent.DataSet) bool {
	s.mu.Lock()
	known, ok := s.cache[cacheKey(query, set)]
	s.mu.Unlock()
	left := known.until.Sub(s.cfg.Now())
	if !ok || left <= 0 || r.Header.Get("Cache-Control") == "no-cache" {
		return false
	}
	w.Header().Set("X-Response-Cached", "true")
	w.Header().Set("X-Cache-Expires-in", strconv.Itoa(int(left.Seconds())))
	s.sendHeld(w, known.query, set, scopes, false)
	return true
}

// keep remembers a success; refusals of the funds are not kept.
func (s *Server) keep(query url.Values, set consent.DataSet) {
	if person, ok := find(query); !ok || person.problem != "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cache[cacheKey(query, set)] = cached{query, s.cfg.Now().Add(cacheLife(set))}
}

// admitAddress counts the calls of one address with FranceConnect's tokens, refused ones
// too.
func (s *Server) admitAddress(w http.ResponseWriter, r *http.Request) bool {
	perMinute, perHour := s.cfg.FranceConnect.PerMinute, s.cfg.FranceConnect.PerHour
	if perMinute == 0 {
		perMinute = 30
	}
	if perHour == 0 {
		perHour = 600
	}
	now, address := s.cfg.Now(), addressOf(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	var hour []time.Time
	minute := 0
	for _, at := range append(s.visits[address], now) {
		if now.Sub(at) < time.Hour {
			hour = append(hour, at)
		}
		if now.Sub(at) < time.Minute {
			minute++
		}
	}
	s.visits[address] = hour
	if minute > perMinute || len(hour) > perHour {
		w.Header().Set("Retry-After", "60")
		return false
	}
	return true
}
