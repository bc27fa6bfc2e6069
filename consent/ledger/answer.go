package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"portail.example/consent"
	"portail.example/consent/token"
)

// answer is the row of a decision as it was hashed.
type answer struct {
	ID       string   `json:"id"`
	Subject  string   `json:"subject"`
	Client   string   `json:"client"`
	Allowed  bool     `json:"allowed"`
	Groups   []string `json:"groups"`
	EndsOn   string   `json:"ends_on"`
	TextHash string   `json:"text"`
	Version  int      `json:"version"`
	At       string   `json:"at"`
}

// answerTime is how rows write instants, in UTC.
const answerTime = "2006-01-02T15:04:05.999999"

// answers checks that the entry is about this row and the row says what the receipt
// says; it returns the entry's number.
func (b Bundle) answers(claims token.ReceiptClaims) (int64, error) {
	var entry leaf
	var row answer
	if json.Unmarshal([]byte(b.Entry), &entry) != nil || json.Unmarshal([]byte(b.Fact), &row) != nil {
		return 0, fmt.Errorf("%w: not JSON", ErrEntry)
	}
	sum := sha256.Sum256([]byte(b.Fact))
	differs := append([]member{
		{"kind", entry.Kind == string(consent.EntryDecision)},
		{"fact", entry.Fact == hex.EncodeToString(sum[:])},
		{"ref", entry.Ref == row.ID && entry.Subject == row.Subject && entry.Client == row.Client},
		{"text_hash", entry.TextHash == row.TextHash},
	}, row.differs(claims.ID, claims.Receipt)...)
	if i := slices.IndexFunc(differs, func(m member) bool { return !m.same }); i >= 0 {
		return 0, fmt.Errorf("%w: %s", ErrEntry, differs[i].name)
	}
	return entry.ID, nil
}

// member is what two documents both say, and whether they say the same.
type member struct {
	name string
	same bool
}

// differs holds a row against a receipt.
func (a answer) differs(id string, r token.Receipt) []member {
	state := "dpv:ConsentRefused"
	if a.Allowed {
		state = "dpv:ConsentGiven"
	}
	out := []member{
		{"record_id", a.ID == id},
		{"event_state", r.Events[0].State == state},
		{"event_time", sameSecond(a.At, r.Events[0])},
		{"privacy_notice", a.TextHash == r.Notice.Hash && a.Version == r.Notice.Version},
		{"pii_processing", len(r.Processing) == 1},
	}
	if len(r.Processing) == 1 {
		p := r.Processing[0]
		out = append(out, member{"pii_information", slices.Equal(a.Groups, p.Data)}, member{"consent_expiry", a.EndsOn == p.EndsOn})
	}
	return out
}

// sameSecond compares as claims can: they have whole seconds.
func sameSecond(at string, event token.RecordEvent) bool {
	instant, err := time.Parse(answerTime, at)
	return err == nil && event.Time != nil && event.Time.Equal(instant.Truncate(time.Second))
}
