package consent

import (
	"context"
	"time"
)

// Store keeps everything this package speaks of. Every lookup of one thing
// fails with NotFound when it is not there, every method with Unavailable when
// the database does not answer. consenttest.Suite is the contract in code.
type Store interface {
	Reader
	// Transact runs fn in one transaction: all of it commits, or, when fn or
	// the commit fails, none. fn may run twice after a serialisation failure, so
	// it must touch nothing but the Tx and its own variables.
	Transact(ctx context.Context, fn func(Tx) error) error
	// Snapshot lets fn read everything as it is at one instant.
	Snapshot(ctx context.Context, fn func(Reader) error) error
	// ClaimReport takes the report that waits longest, or has stood still since an
	// instant, and forgets what was made of it; NotFound when there is none.
	ClaimReport(ctx context.Context, now, still time.Time) (Report, error)
}

// Reader is what pages and checks read.
type Reader interface {
	Client(ctx context.Context, id string) (Client, error)
	// Delegation is what an authority allowed an editor, revoked or not.
	Delegation(ctx context.Context, clientID string, authority SIRET) (Delegation, error)
	// ProviderAt is the data provider registered for a location.
	ProviderAt(ctx context.Context, location string) (Client, error)
	Request(ctx context.Context, id string) (Request, error)
	RequestByURI(ctx context.Context, uri Hash) (Request, error)
	// OpenRequests are the citizen's requests that are neither answered nor over at
	// now, newest first, at most limit; those that follow after, when it is not zero.
	OpenRequests(ctx context.Context, subject SubjectID, now time.Time, after Request, limit int) ([]Request, error)
	// Requests are the citizen's requests in any state, newest first, at most limit;
	// those that follow after, when it is not zero.
	Requests(ctx context.Context, subject SubjectID, after Request, limit int) ([]Request, error)
	// Asked counts the citizen's requests of a party for a purpose that were made
	// after since, or are still open at now, and led to no consent.
	Asked(ctx context.Context, subject SubjectID, by Party, purpose string, since, now time.Time) (int, error)
	// FiledRequests are the newest requests filed for an identity that nobody claimed
	// yet, some tens at most; the caller judges expiry.
	FiledRequests(ctx context.Context, matchKey string) ([]Request, error)
	// RequestParameters opens what was given with a request; nil when nothing was, or no
	// more.
	RequestParameters(ctx context.Context, id string) (Parameters, error)
	// GrantParameters opens what a consent is bound to; nil when it is to nothing, or its
	// citizen was forgotten.
	GrantParameters(ctx context.Context, subject SubjectID, id string) (Parameters, error)
	// Identity decrypts who the citizen is.
	Identity(ctx context.Context, subject SubjectID) (PivotIdentity, error)
	// Grant is one of the citizen's own consents; NotFound for anybody else's.
	Grant(ctx context.Context, subject SubjectID, id string) (Grant, error)
	// Grants are one page of a citizen's consents.
	Grants(ctx context.Context, q GrantQuery) ([]Grant, error)
	// CountGrants counts what the pages of q hold together, and stops at limit.
	CountGrants(ctx context.Context, q GrantQuery, limit int) (int, error)
	// ClientGrants are one page of the consents that a client may refresh in a batch,
	// whoever gave them, by identifier.
	ClientGrants(ctx context.Context, q ClientGrantQuery) ([]BatchGrant, error)
	// DueWatches are one page of anybody's live consents whose value may be looked at
	// now, by identifier.
	DueWatches(ctx context.Context, q WatchQuery) ([]Grant, error)
	// Parties are whom the citizen ever agreed with, some hundreds at most. The
	// recipient is empty where the client has only itself.
	Parties(ctx context.Context, subject SubjectID) ([]Party, error)
	// Decision is one of the citizen's own answers with the text they read; NotFound
	// for anybody else's.
	Decision(ctx context.Context, subject SubjectID, id string) (Decision, error)
	// DecisionOn is the citizen's answer to a request.
	DecisionOn(ctx context.Context, subject SubjectID, requestID string) (Decision, error)
	// Decisions are the citizen's answers, newest first, at most limit; those that
	// follow after, when it is not zero.
	Decisions(ctx context.Context, subject SubjectID, after Decision, limit int) ([]Decision, error)
	// ShownText is a text that somebody decided on; NotFound when it names a citizen's
	// file and viewer, who may be nobody, did not decide on it.
	ShownText(ctx context.Context, hash Hash, viewer SubjectID) (ShownText, error)
	// RightsRequests are what the citizen asked of the data protection officer, newest
	// first, at most limit; those that follow after, when it is not zero.
	RightsRequests(ctx context.Context, subject SubjectID, after RightsRequest, limit int) ([]RightsRequest, error)
	// Standing is a client with a token that was issued to it, and its consent.
	Standing(ctx context.Context, clientID, grantID, tokenID string) (Standing, error)
	// OpenAccesses are accesses of anybody's, opened before an instant and still
	// open, at most limit.
	OpenAccesses(ctx context.Context, before time.Time, limit int) ([]Access, error)
	// EndingGrants are consents of anybody's that are over at now, or will be within
	// ExpiryNotice, and whose client was not told; at most limit.
	EndingGrants(ctx context.Context, now time.Time, limit int) ([]Grant, error)
	// Access finds one access of a citizen.
	Access(ctx context.Context, subject SubjectID, id string) (Access, error)
	// GrantHistory is what the evidence says of a consent, oldest first.
	GrantHistory(ctx context.Context, g Grant) ([]GrantFact, error)
	// TokenUse is what was issued under some of the citizen's consents, all together.
	TokenUse(ctx context.Context, subject SubjectID, grants ...string) (TokenUse, error)
	// History is one page of what happened to a citizen. A store may leave out by its
	// own means what is not wanted; HistoryQuery.Holds tells what is.
	History(ctx context.Context, q HistoryQuery) ([]HistoryFact, error)
	// AccessMonths counts the consultations of q's whole span by civil month in Paris,
	// oldest first, without the months that had none.
	AccessMonths(ctx context.Context, q HistoryQuery) ([]MonthCount, error)
	// Askers are who ever asked the citizen, some hundreds at most.
	Askers(ctx context.Context, subject SubjectID) ([]Party, error)
	// LastRelease is when the last access that served of a grant was closed; zero when
	// none did.
	LastRelease(ctx context.Context, subject SubjectID, grantID string) (time.Time, error)
	// AttestedAccess is the access, of whomever, of which a paper with a code was made.
	AttestedAccess(ctx context.Context, code Hash) (Access, error)
	// Accesses are the citizen's accesses, newest first, at most limit; of one
	// grant when grantID is not empty; those that follow after, when it is not zero.
	Accesses(ctx context.Context, subject SubjectID, grantID string, after Access, limit int) ([]Access, error)
	// Contact decrypts where the citizen wants notices.
	Contact(ctx context.Context, subject SubjectID) (Contact, error)
	// Sessions are where the citizen is signed in at now, last used first, without
	// their ID tokens.
	Sessions(ctx context.Context, subject SubjectID, now time.Time) ([]Session, error)
	RetentionReader
	AgentReader
	ReportReader
	RightsReader
	MeasureReader
	RegisterReader
}

// Tx is a Store inside one transaction.
type Tx interface {
	Reader
	RequestTx
	GrantTx
	TokenTx
	AccessTx
	WatchTx
	ContactTx
	NoticeTx
	EvidenceTx
	SessionTx
	RetentionTx
	ErasureTx
	ReportTx
	RightsTx
	MeasureTx
	AgentTx
}

// GrantTx writes decisions and grants.
type GrantTx interface {
	// PairwiseSub is the citizen's identifier at the client, made on first use; a
	// sector that is not empty has its own.
	PairwiseSub(ctx context.Context, subject SubjectID, clientID string, sector SIRET) (string, error)
	// InsertDecision also keeps the statement's text, once per hash.
	InsertDecision(ctx context.Context, d Decision) error
	InsertGrant(ctx context.Context, g Grant) error
	// BindParameters seals what a consent is bound to, under its citizen's key.
	BindParameters(ctx context.Context, g Grant, p Parameters) error
	// LockGrant finds a grant by its identifier alone and keeps others from
	// changing it until the transaction ends.
	LockGrant(ctx context.Context, id string) (Grant, error)
	// WithdrawGrant moves active or suspended to withdrawn.
	WithdrawGrant(ctx context.Context, subject SubjectID, id string, why Reason, at time.Time) (bool, error)
	// PauseGrant moves active to suspended, or back; false when it was not there.
	PauseGrant(ctx context.Context, subject SubjectID, id string, paused bool, at time.Time) (bool, error)
	// ReduceGrant gives an active or suspended consent the groups and the end of g,
	// unless it is smaller already.
	ReduceGrant(ctx context.Context, g Grant) (bool, error)
	// RelinquishGrant moves active or suspended to relinquished.
	RelinquishGrant(ctx context.Context, subject SubjectID, id string, at time.Time) (bool, error)
	// ConsumeGrant marks a once grant used by the access; false when another
	// access did before.
	ConsumeGrant(ctx context.Context, subject SubjectID, id, accessID string) (bool, error)
	// ReplaceGrants moves the citizen's other active or suspended consents that g
	// covers, bound to the same parameters, to replaced, and returns their identifiers.
	ReplaceGrants(ctx context.Context, g Grant, at time.Time) ([]string, error)
	// AnnounceGrant notes that an end was told; false when it was before, or the
	// consent ended otherwise.
	AnnounceGrant(ctx context.Context, subject SubjectID, id string, told EventType) (bool, error)
	// UnconsumeGrant gives the single use back when the access released nothing.
	UnconsumeGrant(ctx context.Context, subject SubjectID, id, accessID string) error
}

// TokenTx writes codes, refresh tokens and the records of consent tokens.
type TokenTx interface {
	InsertCode(ctx context.Context, c AuthorizationCode) error
	// LockCode finds a code and keeps others from using it until the transaction ends.
	LockCode(ctx context.Context, hash Hash) (AuthorizationCode, error)
	// UseCode records the family a code started; false when it was used before.
	UseCode(ctx context.Context, c AuthorizationCode, family string) (bool, error)
	// InsertFamily starts a token family: all that one code gave.
	InsertFamily(ctx context.Context, id string, g Grant, now time.Time) error
	// RevokeFamily ends every token of a family; false when it was revoked before.
	RevokeFamily(ctx context.Context, subject SubjectID, id string, now time.Time) (bool, error)
	InsertRefreshToken(ctx context.Context, t RefreshToken) error
	// LockRefreshToken finds a refresh token and keeps others from using it.
	LockRefreshToken(ctx context.Context, hash Hash) (RefreshToken, error)
	// UseRefreshToken marks it used; false when it was used before.
	UseRefreshToken(ctx context.Context, t RefreshToken, now time.Time) (bool, error)
	// InsertAccessToken records a consent token at a random free place of
	// t.Status.List and returns it with that place.
	InsertAccessToken(ctx context.Context, t AccessToken) (AccessToken, error)
	// RevokeTokens ends the consent tokens of a grant; its refresh tokens go on.
	RevokeTokens(ctx context.Context, subject SubjectID, grantID string, at time.Time) error
	// AccessToken is the record of a consent token by jti.
	AccessToken(ctx context.Context, subject SubjectID, id string) (AccessToken, error)
}

// AccessTx writes accesses.
type AccessTx interface {
	InsertAccess(ctx context.Context, a Access) error
	// CloseAccess gives an open access its outcome; false when it was closed before.
	CloseAccess(ctx context.Context, a Access) (bool, error)
}

// WatchTx keeps what is compared from month to month.
type WatchTx interface {
	// ClaimWatch takes the look of a month; false when the month is settled, or
	// somebody's, or was tried WatchTries times.
	ClaimWatch(ctx context.Context, c WatchClaim) (bool, error)
	// SettleWatch ends a look that was taken. It keeps a keyed hash of the value, if
	// there is one, and tells whether another one was kept before.
	SettleWatch(ctx context.Context, w WatchSettled) (changed bool, err error)
	// ForgetWatches removes what is kept under consents that allow no look any more.
	ForgetWatches(ctx context.Context, now time.Time) error
}

// EvidenceTx appends what must commit with the fact it speaks of.
type EvidenceTx interface {
	InsertRightsRequest(ctx context.Context, r RightsRequest) error
	AppendLedger(ctx context.Context, e LedgerEntry) error
	AppendEvent(ctx context.Context, e Event) error
	// NoteHabilitation keeps what DataPass said last; false when something later, or
	// the same, is known.
	NoteHabilitation(ctx context.Context, h Habilitation) (bool, error)
}

// ContactTx writes where citizens want notices.
type ContactTx interface {
	// PutContact keeps a citizen's only address, encrypted, and forgets the one
	// before with all that was to be sent to it.
	PutContact(ctx context.Context, c Contact) error
	// ChangeContact changes language and kinds; NotFound without an address.
	ChangeContact(ctx context.Context, subject SubjectID, language string, kinds []NoticeKind) error
	// DeleteContact forgets a citizen's address and all that was to be sent to it.
	// Verifications are still counted.
	DeleteContact(ctx context.Context, subject SubjectID) error
	// ContactByUnsubscribe is whose mails carry a link.
	ContactByUnsubscribe(ctx context.Context, hash Hash) (SubjectID, error)
	// CountVerifications is the larger of how many the citizen caused and how many
	// the address got since an instant. Others wait until the transaction ends.
	CountVerifications(ctx context.Context, subject SubjectID, address string, since time.Time) (int, error)
	// InsertVerification keeps a link and queues its mail.
	InsertVerification(ctx context.Context, v AddressCheck) error
	// VerifyContact uses a link up and marks its citizen's address as verified;
	// NotFound when it is unknown, used, or older than VerificationLifetime.
	VerifyContact(ctx context.Context, hash Hash, now time.Time) error
}

// NoticeTx queues notices. Each method keeps those that a citizen with a verified
// address wants, in the mail that collects for that citizen until DigestWindow ends.
type NoticeTx interface {
	AppendNotice(ctx context.Context, n Notice) error
	// AppendUseNotice tells of an access, unless another was used under its consent
	// since an instant.
	AppendUseNotice(ctx context.Context, a Access, since time.Time) error
	// AppendMatchNotice tells whoever has the identity a request was filed for.
	AppendMatchNotice(ctx context.Context, n Notice, matchKey string) error
	// AppendSuspension tells everybody with a consent that stands on a habilitation and
	// has not ended, once for each administration.
	AppendSuspension(ctx context.Context, number string, at time.Time) error
}

// SessionTx ends sessions.
type SessionTx interface {
	// EndSession signs the citizen out of the session they know under a handle; false
	// when none of theirs has it.
	EndSession(ctx context.Context, subject SubjectID, handle string) (bool, error)
	// EndOtherSessions signs the citizen out of all their sessions but one.
	EndOtherSessions(ctx context.Context, subject SubjectID, keep string) error
}
