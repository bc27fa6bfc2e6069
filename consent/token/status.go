package token

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// What a status list can say against a token.
var (
	ErrRevoked = errors.New("token: the consent behind it allows nothing any more")
	// ErrStatus means that the list could not be read or trusted: the token may be
	// good, and nothing may be released on the strength of that.
	ErrStatus = errors.New("token: the status list is not available")
)

const (
	maxList  = 4 << 20 // bytes of a list token, and of the list itself
	maxLists = 16      // lists kept: one is made each hour, and tokens live minutes

	listRetry = time.Second // how long a list that could not be read is not asked for again
)

// StatusConfig of StatusLists. Issuer and Keys are required.
type StatusConfig struct {
	Issuer string // lists are read from its origin only
	Keys   KeySet
	Client *http.Client     // ten seconds and no redirect when nil
	Now    func() time.Time // time.Now when nil
}

// StatusLists reads the issuer's status lists (Token Status List) and keeps each
// for the time it allows, so that a withdrawal is seen within a minute without
// asking anybody about each token. It is safe for concurrent use.
type StatusLists struct {
	cfg    StatusConfig
	parser *jwt.Parser

	mu       sync.Mutex
	lists    map[string]*statusList
	fetching sync.Mutex // one call of the issuer at a time: the others wait for its answer
}

type statusList struct {
	bits  int
	bytes []byte
	err   error // why there is no list
	until time.Time
}

// NewStatusLists checks its configuration.
func NewStatusLists(cfg StatusConfig) (*StatusLists, error) {
	if cfg.Issuer == "" || cfg.Keys == nil {
		return nil, errors.New("token: Issuer and Keys are required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: 10 * time.Second}
	}
	client := *cfg.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	cfg.Client = &client
	parser := jwt.NewParser(jwt.WithValidMethods([]string{Algorithm}), jwt.WithStrictDecoding(), jwt.WithIssuedAt(), jwt.WithTimeFunc(cfg.Now))
	return &StatusLists{cfg: cfg, parser: parser, lists: map[string]*statusList{}}, nil
}

// Check fails with ErrRevoked or ErrStatus.
func (s *StatusLists) Check(ctx context.Context, at StatusList) error {
	list, err := s.list(ctx, at.URI)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStatus, err)
	}
	value, ok := list.value(at.Index)
	switch {
	case !ok:
		return fmt.Errorf("%w: the list is shorter than the token's place", ErrStatus)
	case value != 0: // 1 is INVALID, 2 SUSPENDED, the rest unknown: none of them is VALID
		return ErrRevoked
	}
	return nil
}

// value is the status at an index; the lowest bits come first.
func (l *statusList) value(index int) (byte, bool) {
	perByte := 8 / l.bits
	if index < 0 || index/perByte >= len(l.bytes) {
		return 0, false
	}
	shift := index % perByte * l.bits
	return l.bytes[index/perByte] >> shift & (1<<l.bits - 1), true
}

// list is the kept list, or a new one. Callers of kept lists do not wait for those
// that fetch one, and many callers cause one fetch, whether it succeeds or not.
func (s *StatusLists) list(ctx context.Context, uri string) (*statusList, error) {
	if !strings.HasPrefix(uri, s.cfg.Issuer+"/") {
		return nil, errors.New("not a list of the issuer's")
	}
	if kept := s.kept(uri); kept != nil {
		return kept, kept.err
	}
	s.fetching.Lock()
	defer s.fetching.Unlock()
	if kept := s.kept(uri); kept != nil {
		return kept, kept.err
	}
	fresh, err := s.fetch(ctx, uri)
	if err != nil {
		fresh = &statusList{err: err, until: s.cfg.Now().Add(listRetry)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lists) >= maxLists {
		clear(s.lists)
	}
	s.lists[uri] = fresh
	return fresh, err
}

// kept is a list that may still be used; nil when there is none.
func (s *StatusLists) kept(uri string) *statusList {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list := s.lists[uri]; list != nil && s.cfg.Now().Before(list.until) {
		return list
	}
	return nil
}

// fetch outlives the caller that caused it: others wait for it too.
func (s *StatusLists) fetch(ctx context.Context, uri string) (*statusList, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keysTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/"+StatusListType)
	response, err := s.cfg.Client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxList))
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	return s.parse(ctx, string(raw), uri)
}

// parse checks the list as section 8.3 of the draft asks.
func (s *StatusLists) parse(ctx context.Context, raw, uri string) (*statusList, error) {
	var claims struct {
		jwt.RegisteredClaims
		TTL  int64          `json:"ttl"`
		List StatusListBits `json:"status_list"`
	}
	if _, err := s.parser.ParseWithClaims(raw, &claims, func(t *jwt.Token) (any, error) { return headerKey(ctx, t, StatusListType, s.cfg.Keys) }); err != nil {
		return nil, errors.New("not a list we can trust")
	}
	if claims.Subject != uri || claims.IssuedAt == nil || (claims.List.Bits != 1 && claims.List.Bits != 2 && claims.List.Bits != 4 && claims.List.Bits != 8) {
		return nil, errors.New("another list, or of a kind we do not know")
	}
	content, err := inflate(claims.List.List)
	if err != nil {
		return nil, err
	}
	// The time a list may be kept counts from its making, not from our fetching it.
	until := claims.IssuedAt.Add(time.Duration(max(0, min(claims.TTL, 3600))) * time.Second)
	if soon := s.cfg.Now().Add(time.Second); until.Before(soon) {
		until = soon
	}
	if claims.ExpiresAt != nil && claims.ExpiresAt.Before(until) {
		until = claims.ExpiresAt.Time
	}
	return &statusList{bits: claims.List.Bits, bytes: content, until: until}, nil
}

func inflate(encoded string) ([]byte, error) {
	compressed, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, errors.New("the list is not base64url")
	}
	reader, err := zlib.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, errors.New("the list is not zlib")
	}
	content, err := io.ReadAll(io.LimitReader(reader, maxList))
	if err != nil {
		return nil, errors.New("the list is not zlib")
	}
	return content, nil
}
