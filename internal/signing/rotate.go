package signing

import (
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

// How a rotation goes.
const (
	// Notice is how long a new key is published before it signs: key sets are kept
	// for five minutes.
	Notice = 10 * time.Minute
	// Overlap is how long a former key is published after it signed last: no token
	// lives longer than fifteen minutes.
	Overlap = 30 * time.Minute
)

// State is a key of a ring at an instant, for the operator.
type State struct {
	KID           string
	What          string // next, signing, former or retired
	From, Retired time.Time
}

// States tells each key of a ring.
func States(text []byte, open Opener, now time.Time) ([]State, error) {
	list, err := parse(text, open)
	if err != nil {
		return nil, err
	}
	signing := newest(list, now)
	var out []State
	for i, m := range list {
		what := "former"
		switch {
		case !m.live(now):
			what = "retired"
		case signing == &list[i]:
			what = "signing"
		case now.Before(m.from):
			what = "next"
		}
		out = append(out, State{KID: m.key.kid, What: what, From: m.from, Retired: m.retired})
	}
	return out, nil
}

// Maker adds a key to a ring: it returns the block that stands for it.
type Maker func() (*pem.Block, error)

// InMemory draws a key that lives in the ring itself.
func InMemory() (*pem.Block, error) {
	_, text, err := Generate()
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	return block, nil
}

// Rotate returns the ring with one more key, which signs after Notice, and the
// others retired Overlap later; retired ones are left out. It refuses to start a
// rotation while one is under way.
func Rotate(text []byte, open Opener, create Maker, now time.Time) ([]byte, error) {
	list, err := States(text, open, now)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if s.What == "next" || s.What == "former" {
			return nil, fmt.Errorf("a rotation is under way: %s is %s", s.KID, s.What)
		}
	}
	return renew(text, create, now.Add(Notice), func(_ string, b *pem.Block) bool {
		if b.Headers[endHeader] == "" {
			b.Headers[endHeader] = now.Add(Notice + Overlap).UTC().Format(time.RFC3339)
		}
		return live(b, now)
	}, list)
}

// Revoke returns the ring without one key: what it signed is worth nothing from
// the moment the portal reads the ring. When it is the one that signs, a fresh one
// takes its place at once.
func Revoke(text []byte, open Opener, kid string, create Maker, now time.Time) ([]byte, error) {
	list, err := States(text, open, now)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(s State) bool { return s.KID == kid })
	if i < 0 {
		return nil, errors.New("no key of the ring has this kid")
	}
	if list[i].What != "signing" {
		create = nil
	}
	return renew(text, create, now, func(other string, _ *pem.Block) bool { return other != kid }, list)
}

// renew writes a ring again: the blocks that are kept, then the new one.
func renew(text []byte, create Maker, from time.Time, keep func(kid string, b *pem.Block) bool, list []State) ([]byte, error) {
	var out []byte
	i := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != privateBlock && block.Type != sec1Block && block.Type != moduleBlock {
			continue
		}
		if block.Headers == nil {
			block.Headers = map[string]string{}
		}
		if keep(list[i].KID, block) {
			out = append(out, pem.EncodeToMemory(block)...)
		}
		i++
	}
	if create == nil {
		return out, nil
	}
	block, err := create()
	if err != nil {
		return nil, err
	}
	if block.Headers == nil {
		block.Headers = map[string]string{}
	}
	block.Headers[fromHeader] = from.UTC().Format(time.RFC3339)
	return append(out, pem.EncodeToMemory(block)...), nil
}

func live(block *pem.Block, now time.Time) bool {
	end, err := instant(block, endHeader)
	return err == nil && (end.IsZero() || now.Before(end))
}
