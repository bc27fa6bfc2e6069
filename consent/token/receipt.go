package token

import (
	"context"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// ReceiptType is the `typ` of a signed consent receipt.
const ReceiptType = "consent-receipt+jwt"

// ReceiptSchema names the structure of a receipt's record: ISO/IEC TS 27560:2023,
// with the terms of the W3C Data Privacy Vocabulary (DPV 2).
const ReceiptSchema = "https://w3id.org/dpv/schema/dpv-27560"

// ReceiptClaims are those of a signed consent receipt: pseudonyms, the names of
// public bodies and a hash of the text that was read. None of them names the
// citizen. A receipt proves an answer and opens nothing.
type ReceiptClaims struct {
	Issuer   string           `json:"iss"`
	ID       string           `json:"jti"` // the answer, or the consent that was withdrawn
	IssuedAt *jwt.NumericDate `json:"iat"`
	Receipt  Receipt          `json:"consent_receipt"`
}

// Receipt is the record of one answer, or of one withdrawal.
type Receipt struct {
	SchemaVersion string        `json:"schema_version"`
	RecordID      string        `json:"record_id"`
	PIIPrincipal  string        `json:"pii_principal_id,omitempty"` // pairwise: as the administration knows the citizen
	Parties       []Party       `json:"party_identification"`
	Processing    []Processing  `json:"pii_processing"`
	Events        []RecordEvent `json:"event"`
	// Notice is what was read; absent from a withdrawal, which answers no text.
	Notice Notice `json:"privacy_notice,omitzero"`
}

// Party is who takes part, under its role in the DPV.
type Party struct {
	Role    string `json:"party_role"` // dpv:DataController, dpv:Recipient
	Name    string `json:"party_name"`
	ID      string `json:"party_id"` // SIRET
	Contact string `json:"party_contact,omitempty"`
}

// Processing is what was asked and what was chosen.
type Processing struct {
	Purpose         string   `json:"purpose"`
	LawfulBasis     string   `json:"lawful_basis"` // dpv-gdpr:A6-1-e
	LegalSource     string   `json:"legal_source"`
	Data            []string `json:"pii_information"` // empty after a refusal; what is no longer shared, when the record is a withdrawal's
	Asked           []string `json:"pii_requested"`
	RetentionMonths int      `json:"retention_period_months,omitempty"`
	EndsOn          string   `json:"consent_expiry,omitempty"` // YYYY-MM-DD, inclusive
	Withdrawal      string   `json:"withdrawal_method"`        // where the citizen takes it back
}

// RecordEvent is one moment of the consent's life.
type RecordEvent struct {
	State string           `json:"event_state"` // dpv:ConsentGiven, dpv:ConsentRefused, dpv:ConsentWithdrawn
	Time  *jwt.NumericDate `json:"event_time"`
}

// At writes an instant as claims do, in whole seconds (RFC 7519 section 2).
func At(t time.Time) *jwt.NumericDate { return jwt.NewNumericDate(t) }

// Notice identifies a text without repeating it.
type Notice struct {
	Language string `json:"language"`
	Version  int    `json:"version"`
	Hash     string `json:"sha256"` // hexadecimal, of the language, a line feed and the text
}

// VerifyReceipt returns the claims of a receipt that an issuer signed, or one of
// this package's errors. Receipts do not expire.
func VerifyReceipt(ctx context.Context, keys KeySet, issuer, raw string) (ReceiptClaims, error) {
	if len(raw) > maxSize {
		return ReceiptClaims{}, ErrMalformed
	}
	if issuer == "" { // golang-jwt would take any
		return ReceiptClaims{}, ErrIssuer
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{Algorithm}), jwt.WithIssuer(issuer), jwt.WithStrictDecoding())
	var claims receiptClaims
	parsed, err := parser.ParseWithClaims(raw, &claims, func(t *jwt.Token) (any, error) { return headerKey(ctx, t, ReceiptType, keys) })
	if err != nil {
		return ReceiptClaims{}, classify(parsed, err)
	}
	if claims.ID == "" || claims.Receipt.RecordID != claims.ID || len(claims.Receipt.Events) == 0 {
		return ReceiptClaims{}, ErrMissingClaim
	}
	return ReceiptClaims(claims), nil
}

// receiptClaims makes ReceiptClaims a jwt.Claims.
type receiptClaims ReceiptClaims

func (receiptClaims) GetExpirationTime() (*jwt.NumericDate, error) { return nil, nil }
func (receiptClaims) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (receiptClaims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c receiptClaims) GetIssuer() (string, error)                 { return c.Issuer, nil }
func (receiptClaims) GetSubject() (string, error)                  { return "", nil }
func (receiptClaims) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
