package guard

import (
	"log/slog"
	"net/http"
	"time"

	"portail.example/consent/token"
)

// guard is what stands between callers and the API.
type guard struct {
	cfg    Config
	client *http.Client
	logger *slog.Logger
}

// New is the handler. Nothing is read from the portal before the first call, so that it
// starts while the portal is down, and lets nothing through.
func New(cfg Config, logger *slog.Logger, now func() time.Time) (http.Handler, error) {
	used := &once{until: map[string]time.Time{}, now: now}
	proofs, err := token.NewProofs(token.ProofConfig{BaseURL: cfg.URL, Once: used.use, Now: now})
	if err != nil {
		return nil, err
	}
	verifier, err := token.Discover(cfg.Portal, cfg.Audience, token.Discovery{Now: now, Proofs: proofs})
	if err != nil {
		return nil, err
	}
	g := &guard{cfg: cfg, logger: logger, client: &http.Client{
		Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	// One group is looked at offline, which refuses most strangers; the portal looks at all.
	return g.bounded(verifier.Middleware(cfg.Type, cfg.Datatypes[0], g.live(g.forward()))), nil
}

// bounded refuses what is too large, and what comes when too much is under way.
func (g *guard) bounded(next http.Handler) http.Handler {
	places := make(chan struct{}, g.cfg.MaxCalls)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > g.cfg.MaxBody {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			r.Body = http.MaxBytesReader(w, r.Body, g.cfg.MaxBody)
			next.ServeHTTP(w, r)
		default:
			unavailable(w)
		}
	})
}

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
}
