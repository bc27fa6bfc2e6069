package export

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"portail.example/consent"
)

// Format names the structure of an export and its version.
const Format = "portail-consentement/my-data/1"

// JSON is a consent.Collector that writes as it collects: its memory is one row.
// Names are the domain's, instants are RFC 3339 in UTC, days are YYYY-MM-DD.
type JSON struct {
	w      io.Writer
	report *bounds // nil for the citizen's own copy
	// inside tells that a list is open, filled that it has an item.
	inside, filled bool
}

// NewJSON writes to w.
func NewJSON(w io.Writer) *JSON { return &JSON{w: w} }

// NewReportJSON writes to w what an officer's report may speak of.
func NewReportJSON(w io.Writer, r consent.Report) *JSON {
	return &JSON{w: w, report: &bounds{r.ID, r.Authority, r.Since, r.Until}}
}

// bounds are what a report is and what it may speak of.
type bounds struct {
	ID        string        `json:"id"`
	Authority consent.SIRET `json:"authority,omitempty"`
	Since     consent.Date  `json:"since,omitzero"`
	Until     consent.Date  `json:"until,omitzero"`
}

// Begin writes who the export is about.
func (j *JSON) Begin(h consent.Holdings) error {
	head, err := json.Marshal(struct {
		Format   string                `json:"format"`
		MadeAt   time.Time             `json:"made_at"`
		Report   *bounds               `json:"report,omitempty"`
		Identity consent.PivotIdentity `json:"identity"`
		Address  string                `json:"notices_to,omitempty"`
		Session  session               `json:"session,omitzero"`
	}{Format, h.At.UTC(), j.report, h.Identity, h.Address, session{h.Session.SignedInAt, h.Session.SeenAt, h.Session.ACR}})
	if err != nil {
		return err
	}
	return j.write(string(head[:len(head)-1])) // left open
}

// Part begins a list.
func (j *JSON) Part(p consent.Part) error {
	end := ""
	if j.inside {
		end = "]"
	}
	j.inside, j.filled = true, false
	return j.write(end + ",\n\"" + string(p) + "\": [")
}

// Request writes one question.
func (j *JSON) Request(r consent.Request, who consent.Client) error {
	return j.item(struct {
		ID        string          `json:"id"`
		From      party           `json:"from"`
		Asked     consent.Details `json:"asked"`
		Status    string          `json:"status"`
		Reference string          `json:"reference,omitempty"`
		CreatedAt time.Time       `json:"created_at"`
		ExpiresAt time.Time       `json:"expires_at"`
		kept
	}{r.ID, partyOf(who), r.Details, string(r.Status), r.Reference, r.CreatedAt, r.ExpiresAt, keptUntil(r)})
}

// Answer writes one decision with the text that was read.
func (j *JSON) Answer(r consent.Receipt) error {
	d, hash := r.Decision, r.Decision.Statement.Hash()
	return j.item(struct {
		ID        string              `json:"id"`
		RequestID string              `json:"request_id"`
		To        party               `json:"to"`
		Allowed   bool                `json:"allowed"`
		Purpose   string              `json:"purpose"`
		Asked     []consent.DataGroup `json:"asked"`
		Kept      []consent.DataGroup `json:"kept"`
		About     consent.Parameters  `json:"parameters,omitempty"`
		EndsOn    consent.Date        `json:"ends_on,omitzero"`
		Language  string              `json:"text_language"`
		Version   int                 `json:"text_version"`
		Hash      string              `json:"text_sha256"`
		Text      string              `json:"text"`
		ACR       string              `json:"sign_in_level,omitempty"`
		AuthTime  time.Time           `json:"signed_in_at,omitzero"`
		At        time.Time           `json:"at"`
		kept
	}{
		d.ID, d.RequestID, partyOf(r.Client), d.Allowed, r.Details.Purpose, r.Asked, append([]consent.DataGroup{}, d.Groups...), r.Parameters, d.EndsOn,
		d.Statement.Language, d.Statement.Version, hex.EncodeToString(hash[:]), d.Statement.Text, d.ACR, d.AuthTime, d.At, keptUntil(r),
	})
}

// Grant writes one consent; ended_at is its withdrawal, when it has one.
func (j *JSON) Grant(g consent.Grant, who consent.Client) error {
	return j.item(struct {
		ID        string          `json:"id"`
		RequestID string          `json:"request_id"`
		Holder    party           `json:"holder"`
		Sub       string          `json:"pseudonym"`
		Details   consent.Details `json:"granted"`
		Status    string          `json:"status"`
		CreatedAt time.Time       `json:"created_at"`
		ExpiresAt time.Time       `json:"expires_at"`
		EndedAt   time.Time       `json:"ended_at,omitzero"`
		Reason    consent.Reason  `json:"withdrawal_reason,omitempty"`
		PausedAt  time.Time       `json:"paused_at,omitzero"`
		Retention int             `json:"holder_keeps_months"`
		kept
	}{
		g.ID, g.RequestID, partyOf(who), g.Sub, g.Details, string(g.Status), g.CreatedAt, g.ExpiresAt, g.WithdrawnAt, g.Reason, g.PausedAt, who.Retention[g.Details.Purpose], keptUntil(g),
	})
}

// Access writes one use of the data. It holds no value: the portal keeps none.
func (j *JSON) Access(a consent.Access, who, provider consent.Client) error {
	return j.item(struct {
		ID       string              `json:"id"`
		GrantID  string              `json:"consent_id"`
		By       party               `json:"by"`
		Provider string              `json:"provider,omitempty"`
		Data     []consent.DataGroup `json:"data"`
		Year     int                 `json:"year"`
		Month    int                 `json:"month"`
		Outcome  string              `json:"outcome"`
		OpenedAt time.Time           `json:"opened_at"`
		ClosedAt time.Time           `json:"closed_at,omitzero"`
		Attested bool                `json:"attested,omitempty"` // a paper was made of the data
		kept
	}{a.ID, a.GrantID, partyOf(who), provider.LegalName, a.Groups, a.Period.Year, int(a.Period.Month), string(a.Outcome), a.OpenedAt, a.ClosedAt, a.Attested(), keptUntil(a)})
}

// Right writes one request to the data protection officer.
func (j *JSON) Right(r consent.RightsRequest) error {
	return j.item(struct {
		ID       string       `json:"id"`
		Right    string       `json:"right"`
		Lifts    string       `json:"lifts,omitempty"` // the measure whose end is asked
		Message  string       `json:"message,omitempty"`
		State    string       `json:"state"`
		Entered  bool         `json:"entered_by_officer"`
		AskedAt  time.Time    `json:"asked_at"`
		DueOn    consent.Date `json:"due_on"`
		ClosedAt time.Time    `json:"closed_at,omitzero"`
		kept
	}{r.ID, string(r.Right), r.Lifts, r.Message, string(r.State), r.EnteredBy != "", r.AskedAt, r.DueOn, r.ClosedAt, keptUntil(r)})
}

// Message writes what the officer wrote about one. It goes with its request.
func (j *JSON) Message(m consent.RightsMessage, about consent.RightsRequest) error {
	return j.item(struct {
		ID      string    `json:"id"`
		Request string    `json:"request_id"`
		Kind    string    `json:"kind"`
		Text    string    `json:"text"`
		At      time.Time `json:"at"`
		kept
	}{m.ID, m.Request, string(m.Kind), m.Text, m.At, keptUntil(about)})
}

// Measure writes one restriction or objection; without an administration it is about all.
func (j *JSON) Measure(m consent.Measure, about consent.Client) error {
	return j.item(struct {
		ID          string        `json:"id"`
		Right       string        `json:"right"`
		Of          string        `json:"of,omitempty"`
		SIRET       consent.SIRET `json:"siret,omitempty"`
		Request     string        `json:"request_id,omitempty"`
		SetAt       time.Time     `json:"set_at"`
		LiftAskedAt time.Time     `json:"lift_asked_at,omitzero"`
		LiftedAt    time.Time     `json:"lifted_at,omitzero"`
		kept
	}{m.ID, string(m.Right), about.LegalName, m.Of.Recipient, m.RightsID, m.SetAt, m.LiftAskedAt, m.LiftedAt, keptUntil(m)})
}

// LookedUp writes one look-up, without the agent. A reason that is left out is with the
// authority.
func (j *JSON) LookedUp(l consent.LookupTold) error {
	return j.item(struct {
		ID       string        `json:"id"`
		SIRET    consent.SIRET `json:"siret"`
		Name     string        `json:"name,omitempty"`
		Role     string        `json:"role"`
		Searched string        `json:"searched_by"`
		Reason   string        `json:"reason,omitempty"`
		At       time.Time     `json:"at"`
		kept
	}{l.ID, l.Authority, l.Name, string(l.Role), string(l.By), l.Reason, l.At, keptUntil(l)})
}

// SignedIn writes one place where the citizen is signed in.
func (j *JSON) SignedIn(s consent.Session) error {
	return j.item(struct {
		session
		Browser string `json:"browser,omitempty"`
		System  string `json:"system,omitempty"`
		kept
	}{session{s.SignedInAt, s.SeenAt, s.ACR}, s.Device.Browser, s.Device.System, keptUntil(s)})
}

// End closes the document. One that was cut short does not parse.
func (j *JSON) End() error { return j.write("]}\n") }

// session is the sign-in the export was asked from.
type session struct {
	SignedInAt time.Time `json:"signed_in_at,omitzero"`
	SeenAt     time.Time `json:"last_seen_at,omitzero"`
	ACR        string    `json:"sign_in_level,omitempty"`
}

// kept is when a line goes; left out while that is not known.
type kept struct {
	Until time.Time `json:"kept_until,omitzero"`
}

func keptUntil(line consent.Retained) kept { return kept{consent.KeptUntil(line)} }

// party is a public body that asked, holds or used.
type party struct {
	Name  string        `json:"name"`
	SIRET consent.SIRET `json:"siret"`
	DPO   string        `json:"dpo"`
}

func partyOf(c consent.Client) party { return party{c.LegalName, c.SIRET, c.DPOContact} }

func (j *JSON) item(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	separator := "\n"
	if j.filled {
		separator = ",\n"
	}
	j.filled = true
	return j.write(separator + string(text))
}

func (j *JSON) write(text string) error {
	_, err := io.WriteString(j.w, text)
	return err
}
