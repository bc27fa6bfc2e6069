package consent

import (
	"context"
	"strings"
	"time"
)

// How long a filed request waits for its citizen.
const (
	DefaultFiling = 30 * 24 * time.Hour
	MaxFiling     = 90 * 24 * time.Hour
)

// PollInterval is the least time between two polls of one request.
const PollInterval = 5 * time.Second

// birthInFrance is INSEE's code.
const birthInFrance = "99100"

// maxReference bounds the administration's file number, in bytes.
const maxReference = 64

// Filing is what an authenticated client asks of a citizen who is not there.
type Filing struct {
	Client  Client
	Details Details
	// Parameters are those of the data set; nil when it asks for none.
	Parameters Parameters
	Subject    PivotIdentity // used to find the citizen; only a keyed hash of it is kept
	Reference  string        // the file's number, shown to the citizen; may be empty
	Lifetime   time.Duration // DefaultFiling when zero
}

// FileRequest records a request that waits until a citizen with that identity
// signs in. Whether one is known already shows nowhere. It fails with
// InvalidRequest or InvalidAuthorizationDetails; nothing is written then.
func (s *Service) FileRequest(ctx context.Context, f Filing) (Request, error) {
	now := s.Now()
	if err := f.check(); err != nil {
		return Request{}, err
	}
	details, err := s.resolve(ctx, Push{Client: f.Client, Details: f.Details, Parameters: f.Parameters}, now)
	if err != nil {
		return Request{}, err
	}
	// A filed request has no request_uri and no PKCE: what stands in their place is
	// random and forgotten, so that neither can ever be used.
	_, uri := NewSecret()
	challenge, _ := NewSecret()
	r := Request{
		ID: NewID(), URIHash: uri, URIExpiresAt: now, ExpiresAt: now.Add(f.Lifetime), CreatedAt: now, ClientID: f.Client.ID, Details: details,
		CodeChallenge: challenge, Status: RequestPending, Filed: true, Reference: f.Reference,
	}
	return r, s.store.Transact(ctx, func(tx Tx) error {
		if err := tx.FileRequest(ctx, r, f.Subject.MatchKey()); err != nil {
			return err
		}
		if err := keepParameters(ctx, tx, r, f.Parameters); err != nil {
			return err
		}
		if untold, err := spared(ctx, tx, r, f.Subject); err != nil || untold {
			return err
		}
		notice := Notice{At: now, Kind: NoticeRequest, ClientID: r.ClientID, Recipient: r.Details.Recipient}
		return tx.AppendMatchNotice(ctx, notice, f.Subject.MatchKey())
	})
}

func (f *Filing) check() error {
	if f.Lifetime == 0 {
		f.Lifetime = DefaultFiling
	}
	bad := func(field, detail string) error { return Refuse(InvalidRequest, field, "%s", detail) }
	switch {
	case f.Lifetime < time.Minute || f.Lifetime > MaxFiling:
		return bad("expires_in", "from a minute to 90 days")
	case !isReference(f.Reference):
		return bad("reference", "a file number: at most 64 letters, digits, spaces and ./_- and no number of a person")
	case fold(f.Subject.FamilyName) == "":
		return bad("subject.family_name", "missing")
	case f.Subject.Gender != "female" && f.Subject.Gender != "male" && f.Subject.Gender != "unspecified":
		return bad("subject.gender", "female, male or unspecified")
	case len(f.Subject.GivenNames) == 0 || fold(f.Subject.GivenNames[0]) == "":
		return bad("subject.given_name", "missing")
	case !isBirthdate(f.Subject.Birthdate):
		return bad("subject.birthdate", "YYYY-MM-DD, with 00 for unknown parts")
	case len(f.Subject.Birthcountry) != 5:
		return bad("subject.birthcountry", "an INSEE country code of 5 digits")
	case f.Subject.Birthcountry != birthInFrance && f.Subject.Birthplace != "":
		return bad("subject.birthplace", "empty for births abroad, as FranceConnect has it")
	case f.Subject.Birthcountry == birthInFrance && len(f.Subject.Birthplace) != 5:
		return bad("subject.birthplace", "an INSEE commune code of 5 characters, for births in France")
	}
	return nil
}

// isReference accepts a file number. It is shown on our page and kept in clear:
// neither a message nor a social security number has its place there.
func isReference(s string) bool {
	digits := 0
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		digit := r >= '0' && r <= '9'
		if !letter && !digit && (i == 0 || !strings.ContainsRune(" ./_-", r)) {
			return false
		}
		if digit {
			digits++
		}
	}
	return len(s) <= maxReference && digits < 13
}

// isBirthdate accepts unknown parts, which civil registers have.
func isBirthdate(s string) bool {
	known := []byte(s)
	for _, i := range []int{5, 8} {
		if len(s) == 10 && s[i:i+2] == "00" {
			known[i+1] = '1'
		}
	}
	_, err := ParseDate(string(known))
	return err == nil
}

// CancelRequest takes a filed request back. It fails with NotFound for anybody
// else's, and RequestClosed when it was answered.
func (s *Service) CancelRequest(ctx context.Context, client Client, id string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		r, err := filed(ctx, tx, client, id)
		if err != nil {
			return err
		}
		return closeRequest(ctx, tx, &r, RequestCancelled, "")
	})
}

func filed(ctx context.Context, tx Tx, client Client, id string) (Request, error) {
	r, err := tx.Request(ctx, id)
	if err == nil && (!r.Filed || r.ClientID != client.ID) {
		err = Refuse(NotFound, "request_id", "not a request filed by this client")
	}
	return r, err
}
