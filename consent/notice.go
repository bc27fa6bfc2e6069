package consent

import (
	"context"
	"slices"
	"time"
)

// NoticeKind is a kind of news that a citizen may want by e-mail.
type NoticeKind string

// The kinds of notices.
const (
	NoticeRequest   NoticeKind = "request"   // an administration filed a request while they were away
	NoticeUse       NoticeKind = "use"       // the first consultation of a month under a consent
	NoticeEnding    NoticeKind = "ending"    // a consent ends within ExpiryNotice
	NoticeSuspended NoticeKind = "suspended" // an administration lost its habilitation
)

// NoticeKinds are all kinds, in the order pages show them.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{NoticeRequest, NoticeUse, NoticeEnding, NoticeSuspended}
}

// DigestWindow is how long a notice waits for others, to be sent with them.
const DigestWindow = 10 * time.Minute

// Notice is news for one citizen, written in the transaction of its fact. It is
// kept only for a citizen with a verified address who wants its kind.
type Notice struct {
	At        time.Time
	Kind      NoticeKind
	Subject   SubjectID
	ClientID  string
	Recipient SIRET
}

// Mail is an e-mail on its way to a citizen: a verification, or a digest of the
// notices of one DigestWindow.
type Mail struct {
	ID       string // the same at each attempt: mailboxes drop repeats by it
	To       Contact
	Token    string // of a verification; empty for a digest
	Notices  []MailNotice
	QueuedAt time.Time
	Attempts int // made so far, this one included
}

// MailNotice is one line of a digest.
type MailNotice struct {
	Kind           NoticeKind
	Administration string
	At             time.Time
}

// noticeUse tells of the first consultation of a month (Paris's) under a consent.
func noticeUse(ctx context.Context, tx Tx, a Access) error {
	if !a.Outcome.used() {
		return nil
	}
	return tx.AppendUseNotice(ctx, a, PeriodOf(a.ClosedAt).Start())
}

// knownKinds refuses kinds that do not exist, and none at all.
func knownKinds(kinds []NoticeKind) error {
	for _, kind := range kinds {
		if !slices.Contains(NoticeKinds(), kind) {
			return Refuse(InvalidRequest, "kind", "unknown kind of notice")
		}
	}
	if len(kinds) == 0 {
		return Refuse(NothingChosen, "kind", "no kind of notice is chosen")
	}
	return nil
}

// String hides to whom, and with which link, from logs and error texts.
func (m Mail) String() string { return "[mail " + m.ID + "]" }

// GoString hides the same from %#v.
func (m Mail) GoString() string { return m.String() }
