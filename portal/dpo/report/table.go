package report

import (
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"portail.example/consent"
	"portail.example/consent/export"
)

// columns of each list, by the names that data.json has for them.
var columns = map[consent.Part][]string{
	consent.PartRequests: {"id", "from", "siret", "dpo", "data", "purpose", "status", "reference", "created_at", "expires_at", "kept_until"},
	consent.PartAnswers: {"id", "request_id", "to", "siret", "dpo", "allowed", "purpose", "asked", "kept", "parameters", "ends_on", "text_language", "text_version", "text_sha256", "text",
		"sign_in_level", "at", "kept_until"},
	consent.PartConsents: {"id", "request_id", "holder", "siret", "dpo", "data", "purpose", "status", "created_at", "expires_at", "ended_at", "withdrawal_reason",
		"holder_keeps_months", "kept_until"},
	consent.PartAccesses: {"id", "consent_id", "by", "siret", "dpo", "provider", "data", "month", "outcome", "opened_at", "closed_at", "kept_until"},
	consent.PartRights:   {"id", "right", "lifts", "message", "state", "entered_by_officer", "asked_at", "due_on", "closed_at", "kept_until"},
	consent.PartMessages: {"id", "request_id", "kind", "text", "at", "kept_until"},
	consent.PartMeasures: {"id", "right", "of", "siret", "request_id", "set_at", "lift_asked_at", "lifted_at", "kept_until"},
	consent.PartLookups:  {"id", "siret", "name", "role", "searched_by", "reason", "at", "kept_until"},
	consent.PartSessions: {"signed_in_at", "last_seen_at", "sign_in_level", "browser", "system", "kept_until"},
}

// table is a consent.Collector that writes one list as CSV.
type table struct {
	nothing
	file *export.CSV
}

func newTable(to io.Writer, part consent.Part) table {
	return table{file: export.NewCSV(to, columns[part]...)}
}

// Request writes one question.
func (t table) Request(r consent.Request, who consent.Client) error {
	d := r.Details
	return t.file.Row(r.ID, who.LegalName, string(d.Recipient), who.DPOContact, data(d.Groups), d.Purpose, string(r.Status), r.Reference, at(r.CreatedAt), at(r.ExpiresAt), kept(r))
}

// Answer writes one decision with the text that was read.
func (t table) Answer(r consent.Receipt) error {
	d, c, hash := r.Decision, r.Client, r.Decision.Statement.Hash()
	return t.file.Row(d.ID, d.RequestID, c.LegalName, string(r.Details.Recipient), c.DPOContact, strconv.FormatBool(d.Allowed), r.Details.Purpose, data(r.Asked), data(d.Groups), parameters(r), d.EndsOn.String(),
		d.Statement.Language, strconv.Itoa(d.Statement.Version), hex.EncodeToString(hash[:]), d.Statement.Text, d.ACR, at(d.At), kept(r))
}

// Grant writes one consent.
func (t table) Grant(g consent.Grant, who consent.Client) error {
	d := g.Details
	return t.file.Row(g.ID, g.RequestID, who.LegalName, string(d.Recipient), who.DPOContact, data(d.Groups), d.Purpose, string(g.Status), at(g.CreatedAt), at(g.ExpiresAt), at(g.WithdrawnAt), string(g.Reason),
		strconv.Itoa(who.Retention[d.Purpose]), kept(g))
}

// Access writes one use of the data.
func (t table) Access(a consent.Access, who, provider consent.Client) error {
	return t.file.Row(a.ID, a.GrantID, who.LegalName, string(a.Recipient), who.DPOContact, provider.LegalName, data(a.Groups), fmt.Sprintf("%04d-%02d", a.Period.Year, a.Period.Month),
		string(a.Outcome), at(a.OpenedAt), at(a.ClosedAt), kept(a))
}

// Right writes one request to the data protection officer.
func (t table) Right(r consent.RightsRequest) error {
	return t.file.Row(r.ID, string(r.Right), r.Lifts, r.Message, string(r.State), strconv.FormatBool(r.EnteredBy != ""), at(r.AskedAt), r.DueOn.String(), at(r.ClosedAt), kept(r))
}

// Message writes what the officer wrote about one.
func (t table) Message(m consent.RightsMessage, about consent.RightsRequest) error {
	return t.file.Row(m.ID, m.Request, string(m.Kind), m.Text, at(m.At), kept(about))
}

// Measure writes one restriction or objection.
func (t table) Measure(m consent.Measure, about consent.Client) error {
	return t.file.Row(m.ID, string(m.Right), about.LegalName, string(m.Of.Recipient), m.RightsID, at(m.SetAt), at(m.LiftAskedAt), at(m.LiftedAt), kept(m))
}

// LookedUp writes one look-up, without the agent.
func (t table) LookedUp(l consent.LookupTold) error {
	return t.file.Row(l.ID, string(l.Authority), l.Name, string(l.Role), string(l.By), l.Reason, at(l.At), kept(l))
}

// SignedIn writes one place where the person is signed in.
func (t table) SignedIn(s consent.Session) error {
	return t.file.Row(at(s.SignedInAt), at(s.SeenAt), s.ACR, s.Device.Browser, s.Device.System, kept(s))
}

// End writes what is left.
func (t table) End() error { return t.file.End() }

func data(groups []consent.DataGroup) string {
	var names []string
	for _, g := range groups {
		names = append(names, string(g))
	}
	return strings.Join(names, " ")
}

// at is an instant as data.json writes it; empty when there is none.
func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func kept(line consent.Retained) string { return at(consent.KeptUntil(line)) }

// parameters are what an answer is about beside the person, in the order of its data set.
func parameters(r consent.Receipt) string {
	set, _ := consent.DataSetOf(r.Details.Type)
	var out []string
	for _, p := range set.Given {
		if value, there := r.Parameters[p.Name]; there {
			out = append(out, p.Name+"="+value)
		}
	}
	return strings.Join(out, " ")
}
