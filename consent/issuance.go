package consent

import "time"

// AuthorizationCode hands a grant over to its client once (RFC 6749 section 4.1).
type AuthorizationCode struct {
	Hash          Hash
	RequestID     string
	GrantID       string
	Subject       SubjectID
	ClientID      string
	RedirectURI   string
	CodeChallenge string
	JKT           string // key the redeemer must prove; empty when none was announced
	ExpiresAt     time.Time
	// Family is the token family its redemption started; empty until used.
	Family string
}

// RefreshToken renews access tokens (RFC 6749 section 6). Each is used once; its
// successor joins the same family.
type RefreshToken struct {
	Hash      Hash
	Family    string
	GrantID   string
	Subject   SubjectID
	ClientID  string
	ExpiresAt time.Time
	// JKT is the key that was proved when it was given; empty without DPoP.
	JKT  string
	Used bool
	// UsedAt is when, and Superseded tells that a later one of the family was used.
	UsedAt     time.Time
	Superseded bool
	// FamilyRevoked tells that a code or refresh token of the family was replayed.
	FamilyRevoked bool
}

// AccessToken is the record of a consent token; the token itself is never stored.
type AccessToken struct {
	ID        string // jti
	Family    string
	GrantID   string
	Subject   SubjectID
	Status    StatusRef
	IssuedAt  time.Time
	ExpiresAt time.Time
	// Revoked tells that it was, or its family.
	Revoked bool
}

// StatusRef is a token's place in a status list.
type StatusRef struct {
	List  int64
	Index int
}

// StatusListSize is the number of places in one status list. A list takes the
// tokens issued within one StatusListSpan, at random places: a place tells
// nothing about who or when.
const (
	StatusListSize = 1 << 20
	StatusListSpan = time.Hour
)

// StatusListAt is the list that takes the tokens issued at t.
func StatusListAt(t time.Time) int64 { return t.Unix() / int64(StatusListSpan/time.Second) }

// Issuance is a consent token that is recorded and may now be signed.
type Issuance struct {
	Token        AccessToken
	Grant        Grant
	RefreshToken string // empty for once grants
	Audience     string // the data provider's; empty for our own data API
	JKT          string // key the token is bound to; empty without DPoP
}
