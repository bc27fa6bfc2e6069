package consent

import "time"

// HistoryMonths is how far back a history is shown, in months: as far as things are kept.
const HistoryMonths = EvidenceMonths

// HistoryKind is what happened, as a citizen is told of it.
type HistoryKind string

// What a history tells. Consents come from the evidence, under its names.
const (
	HistoryRequest    HistoryKind = "request"        // an administration asked
	HistoryLapsed     HistoryKind = "request_lapsed" // it asked, and nobody answered in time: computed
	HistoryClosed     HistoryKind = "request_closed" // it asked, and the request was closed without an answer
	HistoryRefusal    HistoryKind = "refusal"        // the citizen refused
	HistoryAccess     HistoryKind = "access"         // a consultation
	HistoryComparison HistoryKind = "comparison"     // our own look, whether the value changed
	HistoryPreview                = HistoryKind(EntryPreview)
	HistoryExpiry     HistoryKind = "expiry" // a consent reached its end: computed
	HistoryGrant                  = HistoryKind(EntryGrant)
	HistoryReduction              = HistoryKind(EntryReduced)
	HistoryPause                  = HistoryKind(EntryPaused)
	HistoryResumption             = HistoryKind(EntryResumed)
	HistoryWithdrawal             = HistoryKind(EntryWithdrawn)
	HistoryGivenUp                = HistoryKind(EntryRelinquished)
	HistoryReplaced               = HistoryKind(EntryReplaced)
	HistoryRestricted             = HistoryKind(EntryRestricted)
	HistoryFreed                  = HistoryKind(EntryFreed)
)

// HistoryOfConsents are the kinds that are read from the evidence.
func HistoryOfConsents() []HistoryKind {
	return []HistoryKind{HistoryGrant, HistoryReduction, HistoryPause, HistoryResumption, HistoryWithdrawal, HistoryGivenUp, HistoryReplaced, HistoryRestricted, HistoryFreed}
}

// HistoryKinds are all of them.
func HistoryKinds() []HistoryKind {
	return append([]HistoryKind{HistoryRequest, HistoryLapsed, HistoryClosed, HistoryRefusal, HistoryAccess, HistoryPreview, HistoryComparison, HistoryExpiry}, HistoryOfConsents()...)
}

// HistoryFact is one thing that happened to a citizen.
type HistoryFact struct {
	HistoryPlace
	Kind    HistoryKind
	Party   Party
	Purpose string
	// Ref is what tells more: a request's identifier (of a look, too), a refusal's
	// decision, otherwise a consent's.
	Ref    string
	Groups []DataGroup // asked, looked at or consulted; none for the rest
	Until  time.Time   // when an unanswered request was over
	// Of consultations only, as in Access.
	Period     Period
	Outcome    Outcome
	ProviderID string
	Attested   bool
}

// Asker is the data provider that checked the consent; empty for our data API.
func (f HistoryFact) Asker() Party { return Party{ClientID: f.ProviderID} }

// HistoryOfRequest is what a citizen is told of a request at now.
func HistoryOfRequest(r Request, now time.Time) HistoryKind {
	switch r.StatusAt(now) {
	case RequestExpired:
		return HistoryLapsed
	case RequestCancelled:
		return HistoryClosed
	}
	return HistoryRequest
}

// HistoryQuery is one page of a citizen's history, newest first. Days are in Paris
// and inclusive.
type HistoryQuery struct {
	Subject     SubjectID
	Party       Party // only with this client, only for this recipient; each unless empty
	First, Last Date  // none for as far as the history goes
	From        HistoryPlace
	Back        bool // the page before From, instead of the one after
	// The service sets these: the instant of reading, the span, and how much of it.
	At, Since, Until time.Time
	Limit            int
}

// Holds reports whether a fact belongs to the history, on whichever page.
func (q HistoryQuery) Holds(f HistoryFact) bool {
	return !f.At.Before(q.Since) && f.At.Before(q.Until) && q.Party.covers(f.Party)
}

// HistoryStart is the first day that is shown on a day.
func HistoryStart(today Date) Date { return today.AddMonths(-HistoryMonths) }

// span sets the instants between which the history is read. It fails with
// InvalidEndDate when the last day comes before the first.
func (q *HistoryQuery) span(now time.Time) error {
	if !q.First.IsZero() && !q.Last.IsZero() && q.First.After(q.Last) {
		return Refuse(InvalidEndDate, "to", "the last day comes before the first")
	}
	today := DateOf(now)
	first, last := HistoryStart(today), today
	if !q.First.IsZero() && q.First.After(first) {
		first = q.First
	}
	if !q.Last.IsZero() && last.After(q.Last) {
		last = q.Last
	}
	q.At, q.Since, q.Until = now, first.Start(), last.End()
	return nil
}
