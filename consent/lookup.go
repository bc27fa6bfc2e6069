package consent

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// LookupKind is what a citizen was searched by. What was typed is kept nowhere.
type LookupKind string

// The ways to search.
const (
	LookupByIdentity LookupKind = "identity" // names, birth date and place
	LookupByNumber   LookupKind = "number"   // of a request, consent or receipt
)

// LookupKinds are all of them.
func LookupKinds() []LookupKind { return []LookupKind{LookupByIdentity, LookupByNumber} }

// Limits of the reason for a look-up, in characters.
const (
	MinReason = 10
	MaxReason = 500
)

// Lookup is one search of a person by an agent, found or not.
type Lookup struct {
	ID      string
	Agent   AgentID
	At      time.Time
	By      LookupKind
	Reason  string    // the agent's words, encrypted at rest
	Subject SubjectID // empty when nobody was found
}

// String keeps the agent's words out of logs and error texts.
func (Lookup) String() string { return "[look-up]" }

// GoString keeps them out of %#v.
func (l Lookup) GoString() string { return l.String() }

// LookUp searches a citizen for an agent, and records who searched, when, why and by
// what. find reads and fails with NotFound when there is nobody; it is given whose
// data the agent acts on, and must find nobody outside. Without a record there is no
// answer: both commit together, or neither. It fails with RoleNotAllowed, with
// InvalidRequest, which names reason or by, and with NotFound, Namesakes and
// OtherAuthority of find's, which are recorded too.
func (s *Service) LookUp(ctx context.Context, agent Agent, by LookupKind, reason string, find func(context.Context, Reader, Scope) (SubjectID, error)) (Lookup, error) {
	scope, err := agent.May(DutySubjects)
	if err != nil {
		return Lookup{}, err
	}
	l := Lookup{ID: NewID(), Agent: agent.ID, At: s.Now(), By: by, Reason: strings.TrimSpace(reason)}
	if err := l.check(); err != nil {
		return Lookup{}, err
	}
	var missing error
	err = s.store.Transact(ctx, func(tx Tx) error {
		if l.Subject, missing = find(ctx, tx, scope); !recorded(missing) {
			return missing
		}
		if missing != nil {
			l.Subject = ""
		}
		if err := tx.RecordLookup(ctx, l); err != nil {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: l.At, Kind: EntryLookup, Subject: l.Subject, Ref: l.ID})
	})
	if err != nil {
		return Lookup{}, err // not recorded: nobody was found
	}
	return l, missing
}

// recorded: the outcomes of a search that its record is kept with. Nobody, several, and
// somebody outside the scope are told to the platform's officer too.
func recorded(outcome error) bool {
	return outcome == nil || slices.Contains([]Code{NotFound, Namesakes, OtherAuthority}, CodeOf(outcome))
}

func (l Lookup) check() error {
	if !slices.Contains(LookupKinds(), l.By) {
		return Refuse(InvalidRequest, "by", "not a way to search")
	}
	if n := utf8.RuneCountInString(l.Reason); n < MinReason || n > MaxReason {
		return Refuse(InvalidRequest, "reason", "between %d and %d characters", MinReason, MaxReason)
	}
	return nil
}

// Lookups are all agents' searches, newest first, at most limit; those that follow
// the one named after, when it is not empty. It fails with RoleNotAllowed.
func (s *Service) Lookups(ctx context.Context, by Agent, after string, limit int) ([]Lookup, error) {
	if _, err := by.May(DutyLookups); err != nil {
		return nil, err
	}
	return s.store.Lookups(ctx, after, limit)
}
