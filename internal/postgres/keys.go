package postgres

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Keys are derived from the operator's master key, one per use (HKDF, RFC 5869).
type Keys struct {
	wrap    cipher.AEAD // wraps the key of each citizen
	session cipher.AEAD // seals what a session must remember
	given   cipher.AEAD // seals what is given with a request
	lookup  []byte      // hashes the identity provider's sub
	match   []byte      // hashes the identity a request was filed for
	address []byte      // hashes addresses that mails are counted by
	agent   []byte      // hashes addresses and accounts of agents
	search  []byte      // hashes names with birth dates
	value   []byte      // hashes values that are compared from month to month
}

const keySize = 32

// NewKeys derives the keys from a master key of 32 bytes.
func NewKeys(master []byte) (Keys, error) {
	if len(master) != keySize {
		return Keys{}, fmt.Errorf("the master key has %d bytes instead of %d", len(master), keySize)
	}
	var keys Keys
	var err error
	if keys.wrap, err = derived(master, "subject key wrapping"); err != nil {
		return Keys{}, err
	}
	if keys.session, err = derived(master, "session sealing"); err != nil {
		return Keys{}, err
	}
	if keys.given, err = derived(master, "request parameters"); err != nil {
		return Keys{}, err
	}
	if keys.lookup, err = hkdf.Key(sha256.New, master, nil, "subject lookup", keySize); err != nil {
		return Keys{}, err
	}
	if keys.match, err = hkdf.Key(sha256.New, master, nil, "identity match", keySize); err != nil {
		return Keys{}, err
	}
	if keys.agent, err = hkdf.Key(sha256.New, master, nil, "agent lookup", keySize); err != nil {
		return Keys{}, err
	}
	if keys.search, err = hkdf.Key(sha256.New, master, nil, "person search", keySize); err != nil {
		return Keys{}, err
	}
	if keys.value, err = hkdf.Key(sha256.New, master, nil, "watched value", keySize); err != nil {
		return Keys{}, err
	}
	keys.address, err = hkdf.Key(sha256.New, master, nil, "mail address", keySize)
	return keys, err
}

func derived(master []byte, use string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, master, nil, use, keySize)
	if err != nil {
		return nil, err
	}
	return newAEAD(key)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// matchOf is the keyed hash under which a filed request waits for its citizen.
func (k Keys) matchOf(matchKey string) []byte {
	mac := hmac.New(sha256.New, k.match)
	mac.Write([]byte(matchKey))
	return mac.Sum(nil)
}

// searchOf is the keyed hash by which an officer finds a person.
func (k Keys) searchOf(searchKey string) []byte {
	mac := hmac.New(sha256.New, k.search)
	mac.Write([]byte(searchKey))
	return mac.Sum(nil)
}

// addressOf is the keyed hash under which mails to an address are counted.
func (k Keys) addressOf(address string) []byte {
	mac := hmac.New(sha256.New, k.address)
	mac.Write([]byte(foldedAddress(address)))
	return mac.Sum(nil)
}

// valueOf is the keyed hash of a value under a consent: equal values of two families
// do not look alike, and without the key nobody can try all amounts.
func (k Keys) valueOf(grantID, value string) []byte {
	mac := hmac.New(sha256.New, k.value)
	fmt.Fprintf(mac, "%d:%s%s", len(grantID), grantID, value)
	return mac.Sum(nil)
}

// lookupOf is the keyed hash under which a citizen is found again. The lengths
// keep ("a", "bc") and ("ab", "c") apart.
func (k Keys) lookupOf(issuer, sub string) []byte {
	mac := hmac.New(sha256.New, k.lookup)
	fmt.Fprintf(mac, "%d:%s%d:%s", len(issuer), issuer, len(sub), sub)
	return mac.Sum(nil)
}

// agentEmailOf is the keyed hash under which an agent's invitation is found.
func (k Keys) agentEmailOf(folded string) []byte {
	mac := hmac.New(sha256.New, k.agent)
	mac.Write([]byte("email:" + folded))
	return mac.Sum(nil)
}

// agentAccountOf is the keyed hash of the ProConnect account an agent is bound to.
func (k Keys) agentAccountOf(issuer, sub string) []byte {
	mac := hmac.New(sha256.New, k.agent)
	fmt.Fprintf(mac, "account:%d:%s%d:%s", len(issuer), issuer, len(sub), sub)
	return mac.Sum(nil)
}

// keyOf opens a wrapped key, or draws one when there is none yet.
func (k Keys) keyOf(owner string, wrapped []byte) (cipher.AEAD, []byte, error) {
	if wrapped == nil {
		return k.newSubjectKey(owner)
	}
	key, err := k.openSubjectKey(owner, wrapped)
	return key, wrapped, err
}

// newSubjectKey draws the key of one citizen and wraps it for storage. The
// subject is bound as additional data: a row copied onto another does not open.
func (k Keys) newSubjectKey(subject string) (aead cipher.AEAD, wrapped []byte, err error) {
	key := make([]byte, keySize)
	rand.Read(key)
	if aead, err = newAEAD(key); err != nil {
		return nil, nil, err
	}
	return aead, k.wrap.Seal(nil, nil, key, []byte(subject)), nil
}

func (k Keys) openSubjectKey(subject string, wrapped []byte) (cipher.AEAD, error) {
	key, err := k.wrap.Open(nil, nil, wrapped, []byte(subject))
	if err != nil {
		return nil, errors.New("a person's key does not open: wrong MASTER_KEY?")
	}
	return newAEAD(key)
}

// sealSession encrypts a session's ID token; the token's hash binds it to its row.
func (k Keys) sealSession(plain string, row []byte) []byte {
	if plain == "" {
		return nil
	}
	return k.session.Seal(nil, nil, []byte(plain), row)
}

func (k Keys) openSession(sealed, row []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := k.session.Open(nil, nil, sealed, row)
	if err != nil {
		return "", errors.New("a session does not open: wrong MASTER_KEY?")
	}
	return string(plain), nil
}
