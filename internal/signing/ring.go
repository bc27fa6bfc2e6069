package signing

import (
	"context"
	"crypto"
	"errors"
	"time"

	"portail.example/consent/token"
)

// Ring is the portal's keys with their lives: the newest whose time has come
// signs; all that are not retired are published, so that nobody meets a token whose
// key they cannot find.
type Ring struct {
	minter
	source source
	now    func() time.Time
}

// source gives the members of the moment.
type source interface{ members() []member }

// member is a key with its life.
type member struct {
	key     *Key
	from    time.Time // signs from here on; zero: always
	retired time.Time // published until here; zero: no end
}

// Opener finds a key in a security module by the labels of its token and of itself.
type Opener func(tokenLabel, keyLabel string) (crypto.Signer, error)

var _ token.KeySet = (*Ring)(nil)

// NewRing reads a ring from PEM; a lone private key, as openssl writes it, is a
// ring of one. open may be nil when no key is in a security module.
func NewRing(text []byte, open Opener, now func() time.Time) (*Ring, error) {
	list, err := parse(text, open)
	if err != nil {
		return nil, err
	}
	return newRing(fixed(list), now)
}

func newRing(from source, now func() time.Time) (*Ring, error) {
	r := &Ring{source: from, now: now}
	r.minter = minter{r.signing}
	_, err := r.signing()
	return r, err
}

// fixed is a source that never changes.
type fixed []member

func (f fixed) members() []member { return f }

// ErrNoKey means that no key may sign now.
var ErrNoKey = errors.New("signing: no key of the ring may sign now")

func (r *Ring) signing() (*Key, error) {
	if m := newest(r.source.members(), r.now()); m != nil {
		return m.key, nil
	}
	return nil, ErrNoKey
}

// newest is the member that signs at an instant; nil when there is none.
func newest(list []member, now time.Time) (found *member) {
	for i, m := range list {
		if m.live(now) && !now.Before(m.from) && (found == nil || m.from.After(found.from)) {
			found = &list[i]
		}
	}
	return found
}

func (m member) live(now time.Time) bool { return m.retired.IsZero() || now.Before(m.retired) }

// JWKS is the public key set (RFC 7517) of all keys that are not retired, the ones
// to come included.
func (r *Ring) JWKS() []byte {
	var keys []*Key
	for _, m := range r.source.members() {
		if m.live(r.now()) {
			keys = append(keys, m.key)
		}
	}
	return jwks(keys)
}

// Key finds a public key that is not retired.
func (r *Ring) Key(_ context.Context, kid string) (crypto.PublicKey, error) {
	for _, m := range r.source.members() {
		if m.key.kid == kid && m.live(r.now()) {
			return m.key.public.Key, nil
		}
	}
	return nil, token.ErrUnknownKey
}
