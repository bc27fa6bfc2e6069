package consent

import "time"

// LedgerEntry is one line of evidence, written in the transaction of its fact.
// It holds pseudonyms, versions and hashes only.
type LedgerEntry struct {
	At       time.Time
	Kind     EntryKind
	Subject  SubjectID
	ClientID string
	// Ref is the identifier of the thing the entry is about: decision, token,
	// access or grant, by Kind.
	Ref       string
	RequestID string
	GrantID   string
	// TextHash is the statement's, for decisions.
	TextHash []byte
}

// EntryKind names a fact.
type EntryKind string

// The facts that are evidence.
const (
	EntryDecision  EntryKind = "decision"
	EntryGrant     EntryKind = "grant"
	EntryToken     EntryKind = "token"
	EntryRevoked   EntryKind = "tokens_revoked"
	EntryAccess    EntryKind = "access"
	EntryOutcome   EntryKind = "outcome"
	EntryReduced   EntryKind = "reduction"
	EntryWithdrawn EntryKind = "withdrawal"
	EntryPaused    EntryKind = "pause"
	EntryResumed   EntryKind = "resumption"
	EntryRights    EntryKind = "rights_request" // the citizen asked the data protection officer
	EntryExport    EntryKind = "export"         // the citizen took a copy of what is held
	// EntryPreview is the citizen looking at the data that RequestID asks, which is asked
	// of its provider in the operator's name (CRPA R. 114-9-7).
	EntryPreview EntryKind = "preview"
	// EntryEnding is the administration being told that a consent ends soon.
	EntryEnding EntryKind = "end_announced"
	// EntryRelinquished is the administration giving a consent up.
	EntryRelinquished EntryKind = "relinquishment"
	// EntryReplaced is a larger consent, which answers RequestID, taking the place of
	// this one.
	EntryReplaced     EntryKind = "replacement"
	EntryHold         EntryKind = "legal_hold"
	EntryHoldLifted   EntryKind = "legal_hold_lifted"
	EntryErasureAsked EntryKind = "erasure_asked"
	EntryErasure      EntryKind = "erasure"
	// EntryRightsErased is the words of a rights request going with their citizen.
	EntryRightsErased EntryKind = "rights_request_erased"
	// EntryPurge vouches for the rows that a batch removed because their time had come.
	EntryPurge EntryKind = "purge"
	// EntryHabilitation is DataPass revoking or approving a habilitation.
	EntryHabilitation EntryKind = "habilitation"
	// An agent invited, signing in for the first time, and ended.
	EntryAgentInvited  EntryKind = "agent_invited"
	EntryAgentAccepted EntryKind = "agent_accepted"
	EntryAgentRevoked  EntryKind = "agent_revoked"
	// EntryLookup is an agent searching a citizen; Subject is empty when nobody was found.
	EntryLookup        EntryKind = "lookup"
	EntryReport        EntryKind = "report"         // an agent ordered a report on the citizen
	EntryRightsMessage EntryKind = "rights_message" // the officer wrote about a rights request
	// EntryEvidenceTaken is an agent, Ref, taking the file of the whole evidence away.
	EntryEvidenceTaken EntryKind = "evidence_taken"
	// A restriction or an objection that begins to hold, that the citizen wants lifted, that
	// the officer refused to lift, and that ended.
	EntryRestriction       EntryKind = "restriction"
	EntryLiftAsked         EntryKind = "restriction_lift_asked"
	EntryLiftRefused       EntryKind = "restriction_lift_refused"
	EntryRestrictionLifted EntryKind = "restriction_lifted"
	EntryObjection         EntryKind = "objection"
	EntryObjectionLifted   EntryKind = "objection_lifted"
	// What a restriction does to one consent, and its end.
	EntryRestricted EntryKind = "consent_restricted"
	EntryFreed      EntryKind = "consent_freed"
)

// EntryKinds are all of them, in the order of a life: what citizens do and what is done
// to their consents first.
func EntryKinds() []EntryKind {
	return []EntryKind{
		EntryDecision, EntryGrant, EntryReduced, EntryPaused, EntryResumed, EntryWithdrawn, EntryRelinquished, EntryReplaced, EntryEnding,
		EntryRestriction, EntryRestricted, EntryLiftAsked, EntryLiftRefused, EntryRestrictionLifted, EntryFreed, EntryObjection, EntryObjectionLifted,
		EntryToken, EntryRevoked, EntryAccess, EntryOutcome, EntryPreview, EntryExport, EntryRights, EntryRightsMessage, EntryRightsErased,
		EntryErasureAsked, EntryErasure, EntryHold, EntryHoldLifted, EntryPurge, EntryHabilitation,
		EntryAgentInvited, EntryAgentAccepted, EntryAgentRevoked, EntryLookup, EntryReport, EntryEvidenceTaken,
	}
}
