package consent

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"strings"
)

// codeAlphabet is Crockford's: digits and letters without I, L and O, which are read as
// digits, and without U.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeDigits are drawn, five bits each: 95 bits, which nobody guesses. One more checks
// them; codeLength are printed, in groups of codeGroup.
const (
	codeDigits = 19
	codeLength = codeDigits + 1
	codeGroup  = 4
)

// AttestationCode is printed on an attestation and typed by whoever checks it. It is not
// stored: what is derived from it finds the attestation, and tests what is printed.
type AttestationCode string

// NewAttestationCode draws a code.
func NewAttestationCode() AttestationCode {
	drawn := make([]byte, codeDigits)
	rand.Read(drawn)
	var digits []byte
	for _, b := range drawn {
		digits = append(digits, b%32)
	}
	return codeOf(append(digits, checkDigit(digits)))
}

func codeOf(digits []byte) AttestationCode {
	out := make([]byte, len(digits))
	for i, d := range digits {
		out[i] = codeAlphabet[d]
	}
	return AttestationCode(out)
}

// ParseAttestationCode reads what was typed: in any case, with or without separators,
// with the letters that are taken for digits. False is a mistake of typing: one wrong
// character, and two that changed places, are always found.
func ParseAttestationCode(typed string) (AttestationCode, bool) {
	var digits []byte
	for _, r := range strings.ToUpper(latinDigits(typed)) {
		switch r {
		case ' ', '\u00a0', '\u202f', '-', '\u2010', '\u2011', '\u2013', '.', '\t':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		d := strings.IndexRune(codeAlphabet, r)
		if d < 0 || len(digits) == codeLength {
			return "", false
		}
		digits = append(digits, byte(d))
	}
	if len(digits) != codeLength || checkDigit(digits[:codeDigits]) != digits[codeDigits] {
		return "", false
	}
	return codeOf(digits), true
}

// checkDigit is the digits' sum in GF(32), each with another power of a primitive
// element as its weight: a changed digit, or two that changed places, change it.
func checkDigit(digits []byte) (sum byte) {
	for _, d := range digits {
		if sum = (sum ^ d) << 1; sum >= 32 {
			sum ^= 0b100101 // x⁵ + x² + 1
		}
	}
	return sum
}

// Printed is the code as people read it.
func (c AttestationCode) Printed() string {
	var groups []string
	for i := 0; i < len(c); i += codeGroup {
		groups = append(groups, string(c[i:min(i+codeGroup, len(c))]))
	}
	return strings.Join(groups, "-")
}

// String keeps the code out of logs.
func (AttestationCode) String() string { return "[code]" }

// Hash finds the attestation.
func (c AttestationCode) Hash() Hash { return Hash(c.key("attestation code")) }

// key is derived from the code alone (RFC 5869): who has the database has none.
func (c AttestationCode) key(use string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(string(c)), nil, use, sha256.Size)
	if err != nil {
		panic(err) // the length is a constant
	}
	return key
}

// latinDigits writes the digits of an Arabic keyboard as the paper does.
func latinDigits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		}
		return r
	}, text)
}
