package export

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"portail.example/consent/ledger"
)

// entered is what of an entry and of its row is held against a report.
type entered struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Subject  string    `json:"subject"`
	Ref      string    `json:"ref"`
	Grant    string    `json:"grant"`
	TextHash string    `json:"text_hash"`
	Fact     string    `json:"fact"`
}

// entry holds an entry, and its row when it is shown, against what the report says.
func (c *proofCheck) entry(t told, p ledger.Proof) error {
	var e entered
	if json.Unmarshal([]byte(p.Entry), &e) != nil {
		return fmt.Errorf("%w: the entry is not JSON", ErrProofs)
	}
	if c.subject == "" {
		c.subject = e.Subject
	}
	same := []member{
		{"kind", e.Kind == t.kind}, {"ref", e.Ref == t.id}, {"subject", e.Subject == c.subject},
		{"at", e.At.Equal(t.at)}, {"grant", t.grant == "" || e.Grant == t.grant},
		{"text_hash", e.TextHash == t.text}, {"fact", p.Fact != "" || t.mayHide},
	}
	if p.Fact == "" {
		c.proved.Rowless++
		return firstOther(same)
	}
	sum := sha256.Sum256([]byte(p.Fact))
	same = append(same, member{"fact", e.Fact == hex.EncodeToString(sum[:])})
	if err := firstOther(same); err != nil {
		return err
	}
	return t.row([]byte(p.Fact))
}

// member is what two documents both say, and whether they say the same.
type member struct {
	name string
	same bool
}

func firstOther(list []member) error {
	if i := slices.IndexFunc(list, func(m member) bool { return !m.same }); i >= 0 {
		return fmt.Errorf("%w: %s", ErrProofs, list[i].name)
	}
	return nil
}

// rowTime is how rows write instants, in UTC.
const rowTime = "2006-01-02T15:04:05.999999"

// sameInstant compares a row's instant with the report's, which may be missing in both.
func sameInstant(row string, told time.Time) bool {
	if row == "" {
		return told.IsZero()
	}
	at, err := time.Parse(rowTime, row)
	return err == nil && at.Equal(told)
}
