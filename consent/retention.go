package consent

import (
	"slices"
	"time"
)

// Record is a kind of thing the portal keeps.
type Record string

// What is kept. The words in brackets are the instant that retention runs from.
const (
	RecordIdentity      Record = "identity"       // who the citizen is, and their keys (last sign-in)
	RecordAddress       Record = "address"        // where notices go (last sign-in)
	RecordConsent       Record = "consent"        // with the answers and requests it came from (end)
	RecordRefusal       Record = "refusal"        // an answer “no”, with its request (answer)
	RecordRequest       Record = "request"        // seen by its citizen, never answered (end)
	RecordUnseen        Record = "unseen_request" // nobody identified (end)
	RecordConsultation  Record = "consultation"   // an access (when it was opened)
	RecordToken         Record = "token"          // that a consent token was issued, not the token (issue)
	RecordReceipt       Record = "receipt"        // made from the answer at each download: kept like it
	RecordRightsRequest Record = "rights_request" // (answer)
	RecordMeasure       Record = "measure"        // a restriction or an objection (lifting)
	RecordSession       Record = "session"        // (first page)
	RecordSignIn        Record = "sign_in"        // one under way (start)
	RecordMail          Record = "mail"           // that could not be sent (last attempt)
	RecordEvent         Record = "event"          // told to an administration (when it was written)
	RecordSecret        Record = "secret"         // codes and refresh tokens, as hashes (expiry)
	RecordExport        Record = "export"         // that a copy was taken, or the data looked at: an entry of the ledger
	RecordReport        Record = "report"         // that an agent had one made; the archive itself goes within days (order)
	RecordLookup        Record = "look_up"        // an agent looked a person up, and why (when)
	RecordAgent         Record = "agent"          // who an agent is, and their key (revocation)
	RecordAgentSession  Record = "agent_session"  // of an agent (first page); it goes when it ends
	RecordLedger        Record = "ledger"         // entries: pseudonyms, versions and hashes
	RecordText          Record = "text"           // statements that were read: nobody's data
)

// ObjectionMonths is how long an objection is kept once it is lifted: CRPA article
// R. 114-9-7 has 12 to 24 months.
const ObjectionMonths = 24

// EvidenceMonths is how long what proves and traces is kept: CRPA article R. 114-9-7.
const EvidenceMonths = 36

// Short lives of what proves nothing.
const (
	SecretMemory = 24 * time.Hour      // after its expiry, so that a late replay is noticed
	MailMemory   = 30 * 24 * time.Hour // for the operator, who mends what refused it
	logMonths    = 12                  // CNIL recommendation on logging of October 2021: six to twelve months
)

// RetentionRule says how long a kind of record is kept, and why.
type RetentionRule struct {
	Record Record
	Months int           // of the calendar; zero when Lasts says it
	Lasts  time.Duration // zero with Months zero: no end
	Law    string
}

// RetentionRules are all of them. Nothing is kept that is not among them.
func RetentionRules() []RetentionRule {
	return []RetentionRule{
		{RecordIdentity, EvidenceMonths, 0, "GDPR 5(1)(e): as long as there is something to show its citizen"},
		{RecordAddress, EvidenceMonths, 0, "GDPR 6(1)(a): until its citizen takes it back, and no longer than the identity"},
		{RecordConsent, EvidenceMonths, 0, "GDPR 7(1) and 17(3)(b): proof of the consent"},
		{RecordRefusal, EvidenceMonths, 0, "GDPR 5(2) and 17(3)(b): proof of the refusal"},
		{RecordRequest, EvidenceMonths, 0, "GDPR 5(2): who asked, shown to their citizen"},
		{RecordUnseen, logMonths, 0, "GDPR 5(1)(e), CNIL on logging: it speaks of nobody"},
		{RecordConsultation, EvidenceMonths, 0, "CRPA R. 114-9-7: trace of each exchange"},
		{RecordToken, EvidenceMonths, 0, "CRPA R. 114-9-7: what an exchange was allowed by"},
		{RecordReceipt, EvidenceMonths, 0, "GDPR 7(1): proof of the answer"},
		{RecordRightsRequest, EvidenceMonths, 0, "GDPR 5(2) and 12: proof that it was answered"},
		{RecordMeasure, ObjectionMonths, 0, "CRPA R. 114-9-7: objections 12 to 24 months; while it holds, GDPR 18 and 21(3)"},
		{RecordSession, 0, SessionAbsolute, "GDPR 5(1)(e)"},
		{RecordSignIn, 0, SignInLifetime, "GDPR 5(1)(e)"},
		{RecordMail, 0, MailMemory, "GDPR 5(1)(e)"},
		{RecordEvent, logMonths, 0, "GDPR 5(1)(e), CNIL on logging"},
		{RecordSecret, 0, SecretMemory, "GDPR 5(1)(f): a late replay is noticed"},
		{RecordExport, 0, 0, "GDPR 5(2): in the ledger"},
		{RecordReport, EvidenceMonths, 0, "GDPR 5(2) and 12: proof of what was answered"},
		{RecordLookup, EvidenceMonths, 0, "GDPR 5(1)(f) and 32: who looked, shown to the platform's officer"},
		{RecordAgent, EvidenceMonths, 0, "GDPR 5(1)(e) and 5(2): who did what, no longer than what they did is kept"},
		{RecordAgentSession, 0, SessionAbsolute, "GDPR 5(1)(e): what an agent did is in the ledger, the session proves nothing"},
		{RecordLedger, 0, 0, "GDPR 5(2): a proof that can be cut proves nothing; it names nobody"},
		{RecordText, 0, 0, "GDPR 7(1): answers refer to it; it speaks of nobody"},
	}
}

// RetentionOf is the rule for a kind.
func RetentionOf(record Record) RetentionRule {
	rules := RetentionRules()
	return rules[slices.IndexFunc(rules, func(r RetentionRule) bool { return r.Record == record })]
}

// Ends reports whether what the rule is for is ever removed.
func (r RetentionRule) Ends() bool { return r.Months > 0 || r.Lasts > 0 }

// Until is the first instant at which something is due whose retention runs from an
// instant; zero when that is zero, or when there is no end.
func (r RetentionRule) Until(from time.Time) time.Time {
	if from.IsZero() || !r.Ends() {
		return time.Time{}
	}
	return from.UTC().AddDate(0, r.Months, 0).Add(r.Lasts)
}

// Before is the instant before which retention must have begun for a thing to be due
// at now. What began on a 29th of February and the day after would end on one day:
// then the former goes first, and the latter a day late.
func (r RetentionRule) Before(now time.Time) time.Time {
	before := now.UTC().AddDate(0, -r.Months, 0).Add(-r.Lasts)
	if eve := before.AddDate(0, 0, -1); r.Months > 0 && r.Until(eve).Equal(now) {
		return eve
	}
	return before
}

// Retained is one line of what the portal keeps about a citizen.
type Retained interface {
	// retention is what the line is and from when it is kept; zero when that is not
	// known yet.
	retention() (Record, time.Time)
}

// KeptUntil is when a line goes at the latest, unless a legal hold keeps it; zero
// when that is not known yet.
func KeptUntil(line Retained) time.Time {
	record, from := line.retention()
	return RetentionOf(record).Until(from)
}

// End is when the consent ended, or will.
func (g Grant) End() time.Time {
	if !g.WithdrawnAt.IsZero() {
		return g.WithdrawnAt
	}
	return g.ExpiresAt
}

// A consent outlasts its own date when it was still tried afterwards: until the last
// of its consultations goes.
func (g Grant) retention() (Record, time.Time) { return RecordConsent, g.End() }

func (a Access) retention() (Record, time.Time) { return RecordConsultation, a.OpenedAt }

func (r Receipt) retention() (Record, time.Time) {
	if r.Decision.Allowed {
		return r.Grant.retention()
	}
	return RecordRefusal, r.Decision.At
}

// A granted request is kept like the consent it led to, which ends when it was asked
// to at the latest.
func (r Request) retention() (Record, time.Time) {
	if r.Status == RequestGranted {
		return RecordConsent, GrantExpiry(r.Details, r.ExpiresAt)
	}
	return RecordRequest, r.ExpiresAt
}

func (r RightsRequest) retention() (Record, time.Time) { return RecordRightsRequest, r.ClosedAt }

func (l LookupTold) retention() (Record, time.Time) { return RecordLookup, l.At }

func (m Measure) retention() (Record, time.Time) { return RecordMeasure, m.LiftedAt }

func (s Session) retention() (Record, time.Time) { return RecordSession, s.CreatedAt }
