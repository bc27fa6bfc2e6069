package export

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"portail.example/consent"
)

// factRow are the members of the hashed rows that a report says too.
type factRow struct {
	ID        string              `json:"id"`
	Request   string              `json:"request"`
	Grant     string              `json:"grant"`
	Allowed   bool                `json:"allowed"`
	Groups    []consent.DataGroup `json:"groups"`
	EndsOn    string              `json:"ends_on"`
	Text      string              `json:"text"`
	Version   int                 `json:"version"`
	ACR       string              `json:"acr"`
	AuthTime  string              `json:"auth_time"`
	At        string              `json:"at"`
	Sub       string              `json:"sub"`
	Purpose   string              `json:"purpose"`
	Recipient string              `json:"recipient"`
	Status    string              `json:"status"`
	Reason    string              `json:"reason"`
	Created   string              `json:"created"`
	Expires   string              `json:"expires"`
	Withdrawn string              `json:"withdrawn"`
	Year      int                 `json:"year"`
	Month     int                 `json:"month"`
	Opened    string              `json:"opened"`
	Closed    string              `json:"closed"`
	Outcome   string              `json:"outcome"`
}

// rowSays reads a row and compares it.
func rowSays(same func(factRow) []member) func([]byte) error {
	return func(fact []byte) error {
		var row factRow
		if json.Unmarshal(fact, &row) != nil {
			return fmt.Errorf("%w: the row is not JSON", ErrProofs)
		}
		return firstOther(same(row))
	}
}

// toldAnswer is a decision.
func toldAnswer(raw json.RawMessage) (*told, error) {
	var a struct {
		ID        string              `json:"id"`
		RequestID string              `json:"request_id"`
		Allowed   bool                `json:"allowed"`
		Kept      []consent.DataGroup `json:"kept"`
		EndsOn    string              `json:"ends_on"`
		Language  string              `json:"text_language"`
		Version   int                 `json:"text_version"`
		Hash      string              `json:"text_sha256"`
		Text      string              `json:"text"`
		ACR       string              `json:"sign_in_level"`
		AuthTime  time.Time           `json:"signed_in_at"`
		At        time.Time           `json:"at"`
	}
	err := json.Unmarshal(raw, &a)
	hash := sha256.Sum256([]byte(a.Language + "\n" + a.Text))
	return &told{kind: string(consent.EntryDecision), id: a.ID, at: a.At, text: hex.EncodeToString(hash[:]), row: rowSays(func(r factRow) []member {
		return []member{
			{"id", r.ID == a.ID}, {"request_id", r.Request == a.RequestID}, {"allowed", r.Allowed == a.Allowed}, {"kept", slices.Equal(r.Groups, a.Kept)},
			{"ends_on", r.EndsOn == a.EndsOn}, {"text_sha256", r.Text == a.Hash}, {"text_version", r.Version == a.Version}, {"sign_in_level", r.ACR == a.ACR},
			{"signed_in_at", sameInstant(r.AuthTime, a.AuthTime)}, {"at", sameInstant(r.At, a.At)},
		}
	})}, err
}

// toldWithdrawal is a consent that was withdrawn; nil for another.
func toldWithdrawal(raw json.RawMessage) (*told, error) {
	var g struct {
		ID        string `json:"id"`
		RequestID string `json:"request_id"`
		Sub       string `json:"pseudonym"`
		Granted   struct {
			Groups    []consent.DataGroup `json:"datatypes"`
			Purpose   string              `json:"purpose"`
			Recipient string              `json:"recipient"`
		} `json:"granted"`
		Status    string    `json:"status"`
		CreatedAt time.Time `json:"created_at"`
		ExpiresAt time.Time `json:"expires_at"`
		EndedAt   time.Time `json:"ended_at"`
		Reason    string    `json:"withdrawal_reason"`
	}
	if err := json.Unmarshal(raw, &g); err != nil || g.Status != string(consent.GrantTakenBack) {
		return nil, err
	}
	return &told{kind: string(consent.EntryWithdrawn), id: g.ID, at: g.EndedAt, row: rowSays(func(r factRow) []member {
		return []member{
			{"id", r.ID == g.ID}, {"request_id", r.Request == g.RequestID}, {"pseudonym", r.Sub == g.Sub}, {"datatypes", slices.Equal(r.Groups, g.Granted.Groups)},
			{"purpose", r.Purpose == g.Granted.Purpose}, {"recipient", r.Recipient == g.Granted.Recipient}, {"status", r.Status == g.Status},
			{"created_at", sameInstant(r.Created, g.CreatedAt)}, {"expires_at", sameInstant(r.Expires, g.ExpiresAt)},
			{"ended_at", sameInstant(r.Withdrawn, g.EndedAt)}, {"withdrawal_reason", r.Reason == g.Reason},
		}
	})}, nil
}

// toldAccess is a use of the data: its outcome, or that it began. Its row may be hidden,
// since it may say which agent consulted.
func toldAccess(raw json.RawMessage) (*told, error) {
	var a struct {
		ID      string `json:"id"`
		GrantID string `json:"consent_id"`
		By      struct {
			SIRET string `json:"siret"`
		} `json:"by"`
		Data     []consent.DataGroup `json:"data"`
		Year     int                 `json:"year"`
		Month    int                 `json:"month"`
		Outcome  string              `json:"outcome"`
		OpenedAt time.Time           `json:"opened_at"`
		ClosedAt time.Time           `json:"closed_at"`
	}
	err := json.Unmarshal(raw, &a)
	kind, at := consent.EntryOutcome, a.ClosedAt
	if a.Outcome == string(consent.Open) {
		kind, at = consent.EntryAccess, a.OpenedAt
	}
	return &told{kind: string(kind), id: a.ID, at: at, grant: a.GrantID, mayHide: true, row: rowSays(func(r factRow) []member {
		return []member{
			{"id", r.ID == a.ID}, {"consent_id", r.Grant == a.GrantID}, {"siret", r.Recipient == a.By.SIRET}, {"data", slices.Equal(r.Groups, a.Data)},
			{"year", r.Year == a.Year}, {"month", r.Month == a.Month}, {"outcome", r.Outcome == a.Outcome},
			{"opened_at", sameInstant(r.Opened, a.OpenedAt)}, {"closed_at", sameInstant(r.Closed, a.ClosedAt)},
		}
	})}, err
}
