package apiparticulier

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Mischief is how the stand-in misbehaves; the zero value behaves.
type Mischief struct {
	Code        string        // answers this problem of the nomenclature
	Status      int           // answers this status with a page that is not JSON
	Latency     time.Duration // waits first
	RetryAfter  string        // adds this header
	SlowHeaders bool          // never answers: waits until the caller leaves
	SlowBody    bool          // stops in the middle of a good answer, and waits likewise
	Before      func()        // runs while the caller waits, then answers as usual
	Truncate    bool          // breaks off in the middle of a good answer
	Huge        bool          // never stops talking
	Garbage     bool          // 200, and not JSON
	Redirect    string        // sends the caller, and its token, elsewhere
	Reset       bool          // closes the connection without an answer
	WrongMonth  bool          // answers for the month before
	StaleMonth  bool          // the same, unless the caller goes past the cache
	Mask        bool          // leaves every key out, as for a habilitation without the scopes
	Body        string        // 200 with this body
	Type        string        // its Content-Type, when not the usual one
	ExtraGroups bool          // adds keys, and opens those the scopes mask
	Times       int           // for how many calls; 0 for all
}

// Misbehave makes the next calls misbehave; the zero Mischief ends it.
func (s *Server) Misbehave(m Mischief) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mischief = m
}

// take is the mischief of this call.
func (s *Server) take() Mischief {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.mischief
	if s.mischief.Times == 1 {
		s.mischief = Mischief{}
	} else if s.mischief.Times > 1 {
		s.mischief.Times--
	}
	return m
}

// misbehave answers in place of the real one; false when it left that to it.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, query url.Values, habilitation Habilitation) bool {
	ctx, m := r.Context(), s.take()
	if m.Latency > 0 {
		pause(ctx, m.Latency)
	}
	if m.Before != nil {
		m.Before()
	}
	if m.RetryAfter != "" {
		w.Header().Set("Retry-After", m.RetryAfter)
	}
	switch {
	case m.Reset:
		panic(http.ErrAbortHandler)
	case m.SlowHeaders:
		<-ctx.Done()
	case m.Redirect != "":
		w.Header().Set("Location", m.Redirect)
		w.WriteHeader(http.StatusFound)
	case m.Code != "":
		write(w, problems[m.Code])
	case m.WrongMonth, m.ExtraGroups, m.StaleMonth && r.Header.Get("Cache-Control") != "no-cache":
		s.distort(w, query, m, habilitation)
	default:
		return m.garble(ctx, w)
	}
	return true
}

// garble answers what is no answer; false when it left that to the real one.
func (m Mischief) garble(ctx context.Context, w http.ResponseWriter) bool {
	kind := "application/vnd.api+json; charset=utf-8"
	if m.Garbage || m.Status != 0 {
		kind = "text/html"
	} else if m.Type != "" {
		kind = m.Type
	}
	w.Header().Set("Content-Type", kind)
	switch {
	case m.Status != 0:
		w.WriteHeader(m.Status)
		_, _ = io.WriteString(w, "<html>Bad gateway</html>")
	case m.Garbage:
		_, _ = io.WriteString(w, "<html>Welcome</html>")
	case m.Mask:
		send(w, http.StatusOK, map[string]any{"data": map[string]any{}, "links": map[string]any{}, "meta": map[string]any{}})
	case m.Body != "":
		_, _ = io.WriteString(w, m.Body)
	case m.Huge:
		_, _ = io.WriteString(w, `{"data":{"quotient_familial":"`+strings.Repeat("x", 2<<20)+`"}}`)
	case m.Truncate, m.SlowBody:
		m.breakOff(ctx, w)
	default:
		return false
	}
	return true
}

// breakOff sends a part of what it announces.
func (m Mischief) breakOff(ctx context.Context, w http.ResponseWriter) {
	w.Header().Set("Content-Length", "4000")
	_, _ = io.WriteString(w, `{"data":{"quotient_familial":{"valeur":150`)
	if m.SlowBody {
		_ = http.NewResponseController(w).Flush()
		<-ctx.Done()
	}
}

// distort sends a household that is not what was asked.
func (s *Server) distort(w http.ResponseWriter, query url.Values, m Mischief, habilitation Habilitation) {
	p, ok := find(query)
	if !ok || p.problem != "" {
		write(w, problems["35560"])
		return
	}
	year, month, _ := s.asked(query)
	keys := opened(habilitation.Scopes)
	if m.WrongMonth || m.StaleMonth {
		before := time.Date(year, time.Month(month)-1, 1, 0, 0, 0, 0, time.UTC)
		year, month = before.Year(), int(before.Month())
	}
	data := p.data(year, month, s)
	for key := range data {
		if !keys[key] && !m.ExtraGroups {
			delete(data, key)
		}
	}
	if m.ExtraGroups {
		data["numero_allocataire"], data["nir"] = "0000354", "187060848000112"
	}
	send(w, http.StatusOK, map[string]any{"data": data, "links": map[string]any{}, "meta": map[string]any{"secret": "not for the caller"}})
}
