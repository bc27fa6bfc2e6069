package consent

import (
	"log/slog"
	"net/mail"
	"strings"
	"time"
)

// How addresses are verified.
const (
	VerificationLifetime = 24 * time.Hour
	// MaxVerifications is how many verification mails one citizen may cause, and one
	// address may get, within VerificationLifetime: nobody's mailbox is a target.
	MaxVerifications = 3
)

// Contact is where a citizen wants notices, and which. Only a verified one gets any.
type Contact struct {
	Subject    SubjectID
	Address    string // personal data, encrypted at rest
	Language   string // what notices are written in
	Kinds      []NoticeKind
	VerifiedAt time.Time // zero until the link mailed to the address was followed
	// Unsubscribe is the secret of the link that ends notices without signing in,
	// the same in every mail; encrypted at rest beside its hash.
	Unsubscribe string
}

// Verified reports whether the address was shown to be the citizen's.
func (c Contact) Verified() bool { return !c.VerifiedAt.IsZero() }

// String hides the address from logs and error texts.
func (Contact) String() string { return "[contact]" }

// GoString hides the address from %#v.
func (c Contact) GoString() string { return c.String() }

// LogValue hides the address from slog.
func (c Contact) LogValue() slog.Value { return slog.StringValue(c.String()) }

// AddressCheck is a link on its way to an address.
type AddressCheck struct {
	Subject   SubjectID
	Address   string // kept as a keyed hash, to count
	Token     string // kept as a hash, and encrypted until it is mailed
	CreatedAt time.Time
}

// maxAddress is the longest address that SMTP can carry (RFC 5321 section 4.5.3.1.3).
const maxAddress = 254

// checkAddress accepts what SMTP carries as it is: ASCII, no display name, no
// comment, no quotes, nothing that could start another line or header.
func checkAddress(address string) error {
	bad := Refuse(InvalidRequest, "address", "not an e-mail address")
	if len(address) > maxAddress || strings.ContainsAny(address, " \t\r\n\"<>(),;:\\[]") {
		return bad
	}
	for _, r := range address {
		if r <= 0x20 || r >= 0x7f {
			return bad
		}
	}
	parsed, err := mail.ParseAddress(address)
	_, domain, _ := strings.Cut(address, "@")
	if err != nil || parsed.Address != address || !strings.Contains(domain, ".") {
		return bad
	}
	return nil
}

// String hides the address and its link from logs and error texts.
func (AddressCheck) String() string { return "[address check]" }

// GoString hides them from %#v.
func (c AddressCheck) GoString() string { return c.String() }
