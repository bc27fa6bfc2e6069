package consent

import (
	"net/url"
	"time"
)

// DraftLifetime is how long a form waits for whoever sent it to sign in again.
const DraftLifetime = 30 * time.Minute

// MaxDraft bounds what is kept of a form, in bytes of its encoding.
const MaxDraft = 8 << 10

// Draft is what a citizen or an agent ticked and typed in a form that was sent after
// their session had ended. It is shown to them on its page, and never applied: a consent
// needs their act, and so does an answer. The zero Draft is none.
type Draft struct {
	Page string // path of the page with the form
	Sent bool   // the form was sent; otherwise the page was only asked for
	Form url.Values
	At   time.Time
}

// Waiting is the form at an instant: none once it has waited too long.
func (d Draft) Waiting(now time.Time) Draft {
	if !now.Before(d.At.Add(DraftLifetime)) {
		return Draft{}
	}
	return d
}

// Fits reports whether the form is short enough to be kept.
func (d Draft) Fits() bool { return len(d.Form.Encode()) <= MaxDraft }

// DraftFor is what the session keeps for a citizen: nothing that somebody else typed,
// or that nobody knows who typed.
func (s Session) DraftFor(subject SubjectID) Draft {
	if subject == "" || s.Subject != subject && s.Was != subject {
		return Draft{}
	}
	return s.Draft
}
