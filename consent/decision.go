package consent

import (
	"crypto/sha256"
	"time"
)

// Decision is the answer a citizen gave (GDPR articles 4(11) and 7(1)): what
// was shown, what was chosen, when. It is never changed.
type Decision struct {
	ID        string
	RequestID string
	ClientID  string
	Subject   SubjectID // empty when refused before signing in
	Allowed   bool
	Groups    []DataGroup // kept; empty on refusal
	EndsOn    Date        // zero on refusal
	Statement Statement
	ACR       string
	AuthTime  time.Time
	At        time.Time
}

// Statement is the exact text a citizen decided on.
type Statement struct {
	Language string
	Version  int // of the purpose's texts
	Text     string
	Own      bool // it names the file of whoever read it: nobody else reads it
}

// Hash identifies the text: decisions refer to it.
func (s Statement) Hash() Hash { return sha256.Sum256([]byte(s.Language + "\n" + s.Text)) }
