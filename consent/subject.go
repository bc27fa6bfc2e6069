package consent

import (
	"log/slog"
	"time"
)

// SubjectID is the portal's own random name for a citizen. It never leaves the
// portal: administrations see a pairwise sub (OIDC Core section 8.1).
type SubjectID string

// Citizen is somebody who signed in, as the portal knows them.
type Citizen struct {
	Subject    SubjectID
	LastSignIn time.Time // before the one that is being made; zero at the first
}

// BrowserID names one browser's stay with us across the rotation of its session.
type BrowserID string

// PivotIdentity is who FranceConnect says the citizen is (identité pivot). It
// keeps FranceConnect's spellings; codes are strings (leading zeros, 2A, 2B).
type PivotIdentity struct {
	FamilyName   string   `json:"family_name"` // birth name
	GivenNames   []string `json:"given_names"` // given_name_array: never split given_name on spaces
	Birthdate    string   `json:"birthdate"`   // YYYY-MM-DD; unknown parts were completed with 01
	Gender       string   `json:"gender"`      // female, male, unspecified
	Birthplace   string   `json:"birthplace"`  // INSEE commune code, empty when born abroad
	Birthcountry string   `json:"birthcountry"`
	// PreferredName is the nom d'usage (preferred_username), often empty.
	PreferredName string `json:"preferred_name,omitempty"`
}

// String hides the identity from logs and error texts.
func (PivotIdentity) String() string { return "[identity]" }

// GoString hides the identity from %#v.
func (p PivotIdentity) GoString() string { return p.String() }

// LogValue hides the identity from slog.
func (p PivotIdentity) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Complete reports whether the identity is enough to ask a fund about it.
func (p PivotIdentity) Complete() bool {
	return p.FamilyName != "" && len(p.GivenNames) > 0 && p.Birthdate != "" && p.Birthcountry != ""
}

// SignIn is what a completed sign-in proved.
type SignIn struct {
	Issuer   string
	Subject  string // the provider's sub; stored as a keyed hash only
	Identity PivotIdentity
	ACR      string
	AuthTime time.Time
	IDToken  string // kept for the end-session hint
	Live     LiveToken
}

// String hides who signed in from logs and error texts.
func (SignIn) String() string { return "[sign-in]" }

// GoString hides who signed in from %#v.
func (s SignIn) GoString() string { return s.String() }

// LogValue hides who signed in from slog.
func (s SignIn) LogValue() slog.Value { return slog.StringValue(s.String()) }
