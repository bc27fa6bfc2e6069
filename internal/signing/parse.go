package signing

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

// The blocks of a ring and their headers.
const (
	privateBlock = "PRIVATE KEY"    // PKCS #8
	sec1Block    = "EC PRIVATE KEY" // SEC 1
	moduleBlock  = "PKCS11 KEY"     // in a security module: the body is the kid
	fromHeader   = "Signs-From"
	endHeader    = "Retired-At"
	tokenHeader  = "Token-Label"
	keyHeader    = "Key-Label"
)

// parse reads a ring. Blocks that are no keys, such as EC PARAMETERS, are skipped.
func parse(text []byte, open Opener) ([]member, error) {
	var out []member
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != privateBlock && block.Type != sec1Block && block.Type != moduleBlock {
			continue
		}
		m, err := memberOf(block, open)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	if len(out) == 0 {
		return nil, errors.New("no private key in PEM")
	}
	return out, nil
}

func memberOf(block *pem.Block, open Opener) (m member, err error) {
	signer, err := signerOf(block, open)
	if err != nil {
		return m, err
	}
	if m.key, err = newKey(signer); err != nil {
		return m, err
	}
	if block.Type == moduleBlock && string(block.Bytes) != m.key.kid {
		return m, fmt.Errorf("the key %s of the security module is not the one of the ring", block.Headers[keyHeader])
	}
	if m.from, err = instant(block, fromHeader); err != nil {
		return m, err
	}
	m.retired, err = instant(block, endHeader)
	return m, err
}

func signerOf(block *pem.Block, open Opener) (crypto.Signer, error) {
	if block.Type == moduleBlock {
		if open == nil {
			return nil, errors.New("a key is in a security module and none is configured")
		}
		return open(block.Headers[tokenHeader], block.Headers[keyHeader])
	}
	if block.Type == sec1Block {
		private, err := x509.ParseECPrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("not an EC private key")
		}
		return private, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(crypto.Signer)
	if err != nil || !ok {
		return nil, errors.New("not an EC private key")
	}
	return private, nil
}

func instant(block *pem.Block, header string) (time.Time, error) {
	given := block.Headers[header]
	if given == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, given)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s is not an RFC 3339 instant", header)
	}
	return at.UTC(), nil
}
