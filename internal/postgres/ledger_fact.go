package postgres

import (
	"slices"

	"portail.example/consent"
)

// fact is a table whose rows the ledger speaks of, and what of a row it vouches for.
// An expression never changes: rows that were hashed with it must hash alike. A member
// that came later is left out of rows that say nothing by it.
type fact struct {
	table, key string // key compares a row with the entry's subject and ref
	row        string // the JSON that is hashed
	kinds      []consent.EntryKind
}

// digest hashes a row.
func (f fact) digest() string { return `sha256(convert_to(` + f.row + `, 'UTF8'))` }

// months is how long its rows are kept at least: what a purge must wait for.
func (f fact) months() int {
	if f.table == "measure" {
		return consent.ObjectionMonths
	}
	return consent.EvidenceMonths
}

const utcText = `, 'YYYY-MM-DD"T"HH24:MI:SS.US')`

// at writes an instant alike in every session.
func at(column string) string { return `to_char(r.` + column + ` AT TIME ZONE 'UTC'` + utcText }

func rowOf(members string, later ...string) string {
	row := `jsonb_build_object(` + members + `)`
	for _, more := range later {
		row += ` || ` + more
	}
	return `(` + row + `)::text`
}

// notEmpty is a later member that only rows with something in the column have.
func notEmpty(name, column string) string {
	return `CASE r.` + column + ` WHEN '' THEN '{}' ELSE jsonb_build_object('` + name + `', r.` + column + `) END`
}

// happened is a later member that only rows with an instant in the column have.
func happened(name, column string) string {
	return `CASE WHEN r.` + column + ` IS NULL THEN '{}' ELSE jsonb_build_object('` + name + `', ` + at(column) + `) END`
}

// attested is a later member that only accesses with an attestation have.
const attested = `CASE WHEN r.attestation_code IS NULL THEN '{}' ELSE jsonb_build_object('attestation', encode(sha256(r.attestation_code || r.attestation_lines), 'hex')) END`

// bound is a later member that only consents bound to parameters have. Those of a citizen
// who was forgotten leave what was hashed; nobody else's may be missing.
const bound = `CASE WHEN r.parameters_hash IS NULL AND r.parameters IS NULL THEN '{}'
	WHEN r.parameters IS NULL AND EXISTS (SELECT FROM subject s WHERE s.id = r.subject_id) THEN '{"parameters": "missing"}'
	ELSE jsonb_build_object('parameters', encode(coalesce(sha256(r.parameters), r.parameters_hash), 'hex')) END`

// isTrue is a later member of rows where the column is true.
func isTrue(column string) string {
	return `CASE WHEN r.` + column + ` THEN jsonb_build_object('` + column + `', true) ELSE '{}' END`
}

const bySubject = `r.subject_id = e.subject_id AND r.id = e.ref`

var facts = []fact{
	{"decision", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'request', r.request_id, 'client', r.client_id, 'allowed', r.allowed, 'groups', r.data_groups,
		'ends_on', to_char(r.ends_on, 'YYYY-MM-DD'), 'text', encode(r.text_hash, 'hex'), 'version', r.text_version, 'acr', r.acr, 'auth_time', ` + at("auth_time") + `, 'at', ` + at("at")),
		[]consent.EntryKind{consent.EntryDecision}},
	{"consent_grant", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'client', r.client_id, 'sub', r.sub, 'request', r.request_id, 'type', r.data_type, 'location', r.location,
		'groups', r.data_groups, 'purpose', r.purpose, 'recipient', r.recipient, 'access', r.access_mode, 'ends_on', to_char(r.ends_on, 'YYYY-MM-DD'), 'status', r.status, 'acr', r.acr,
		'auth_time', `+at("auth_time")+`, 'created', `+at("created_at")+`, 'expires', `+at("expires_at")+`, 'withdrawn', `+at("withdrawn_at")+`, 'paused', `+at("paused_at"), notEmpty("reason", "withdrawal_reason"), happened("restricted", "restricted_at"), isTrue("watch"), bound),
		[]consent.EntryKind{consent.EntryGrant, consent.EntryReduced, consent.EntryWithdrawn, consent.EntryPaused, consent.EntryResumed, consent.EntryRelinquished, consent.EntryReplaced,
			consent.EntryRestricted, consent.EntryFreed}},
	{"access_token", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'family', r.family, 'grant', r.grant_id, 'list', r.status_list, 'index', r.status_index,
		'issued', ` + at("issued_at") + `, 'expires', ` + at("expires_at")),
		[]consent.EntryKind{consent.EntryToken}},
	{"access", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'grant', r.grant_id, 'client', r.client_id, 'recipient', r.recipient, 'token', r.token_id, 'provider', r.provider_id,
		'set', r.data_set, 'groups', r.data_groups, 'year', r.year, 'month', r.month, 'opened', `+at("opened_at")+`, 'closed', `+at("closed_at")+`,
		'outcome', r.outcome, 'upstream', r.provider_request_id`, notEmpty("by", "agent_ref"), notEmpty("service", "agent_service"), attested, notEmpty("way", "way")),
		[]consent.EntryKind{consent.EntryAccess, consent.EntryOutcome}},
	{"habilitation", `r.number = e.ref`, rowOf(`'number', r.number, 'revoked', r.revoked, 'fired', ` + at("fired_at")),
		[]consent.EntryKind{consent.EntryHabilitation}},
	{"report", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'agent', r.agent_id, 'authority', r.authority, 'since', to_char(r.since, 'YYYY-MM-DD'),
		'until', to_char(r.until, 'YYYY-MM-DD'), 'asked', ` + at("asked_at")), []consent.EntryKind{consent.EntryReport}},
	{"rights_request", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'kind', r.kind, 'message', encode(sha256(r.message), 'hex'), 'state', r.state,
		'asked', `+at("asked_at")+`, 'due', to_char(r.due_on, 'YYYY-MM-DD'), 'closed', `+at("closed_at"), notEmpty("by", "entered_by"), happened("extended", "extended_at"), notEmpty("lifts", "lifts")),
		[]consent.EntryKind{consent.EntryRights, consent.EntryRightsErased}},
	{"legal_hold", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'grant', r.grant_id, 'reason', r.reason, 'set_by', r.set_by, 'set', `+at("set_at")+`,
		'lifted_by', r.lifted_by, 'lifted', `+at("lifted_at"), notEmpty("why", "lifted_why")),
		[]consent.EntryKind{consent.EntryHold, consent.EntryHoldLifted}},
	{"erasure", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'rights', r.rights_id, 'asked_by', r.asked_by, 'asked', ` + at("asked_at") + `,
		'approved_by', r.approved_by, 'done', ` + at("done_at")),
		[]consent.EntryKind{consent.EntryErasureAsked, consent.EntryErasure}},
	{"purge_batch", `r.id = e.ref`, rowOf(`'id', r.id, 'run', r.run_id, 'record', r.record, 'at', ` + at("at") + `, 'before', ` + at("due_before") + `, 'removed', r.removed,
		'first', ` + at("first_from") + `, 'last', ` + at("last_from") + `, 'entries', (SELECT string_agg(p.entry_id::text, ' ' ORDER BY p.entry_id) FROM purged_entry p WHERE p.batch_id = r.id)`),
		[]consent.EntryKind{consent.EntryPurge}},
	{"rights_message", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'request', r.request_id, 'agent', r.agent_id, 'kind', r.kind,
		'text', encode(sha256(r.sealed), 'hex'), 'at', ` + at("at")), []consent.EntryKind{consent.EntryRightsMessage}},
	{"measure", bySubject, rowOf(`'id', r.id, 'subject', r.subject_id, 'kind', r.kind, 'client', r.client_id, 'recipient', r.recipient, 'rights', r.rights_id, 'set_by', r.set_by,
		'set', ` + at("set_at") + `, 'lift_asked', ` + at("lift_asked_at") + `, 'lifted_by', r.lifted_by, 'lifted', ` + at("lifted_at")),
		[]consent.EntryKind{consent.EntryRestriction, consent.EntryLiftAsked, consent.EntryLiftRefused, consent.EntryRestrictionLifted, consent.EntryObjection, consent.EntryObjectionLifted}},
	{"agent", `r.id = e.ref`, rowOf(`'id', r.id, 'email', encode(r.email_hash, 'hex'), 'siret', r.siret, 'role', r.role, 'account', encode(r.account_hash, 'hex'), 'by', r.invited_by,
		'invited', ` + at("invited_at") + `, 'accepted', ` + at("accepted_at") + `, 'revoked', ` + at("revoked_at")),
		[]consent.EntryKind{consent.EntryAgentInvited, consent.EntryAgentAccepted, consent.EntryAgentRevoked}},
	{"agent_lookup", bySubject, rowOf(`'id', r.id, 'agent', r.agent_id, 'kind', r.kind, 'reason', encode(sha256(r.reason), 'hex'), 'subject', r.subject_id, 'at', ` + at("at")),
		[]consent.EntryKind{consent.EntryLookup}},
}

// factOf is the table that entries of a kind speak of.
func factOf(kind consent.EntryKind) (fact, bool) {
	i := slices.IndexFunc(facts, func(f fact) bool { return slices.Contains(f.kinds, kind) })
	if i < 0 {
		return fact{}, false
	}
	return facts[i], true
}
