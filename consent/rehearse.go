package consent

import (
	"context"
	"fmt"
)

// Finding is one remark on a request that is being prepared.
type Finding struct {
	Severity Severity
	Field    string // parameter or member
	Code     Code   // what the endpoint would answer; empty for advice
	Detail   string
}

// Severity says whether a finding would refuse the request.
type Severity string

// The two severities.
const (
	FindingError  Severity = "error"
	FindingAdvice Severity = "advice"
)

// Rehearsal is what a push would have done.
type Rehearsal struct {
	Findings []Finding
	// Request is the one that would have been recorded; only when nothing refuses it.
	Request    Request
	Parameters Parameters
	Good       bool
}

// Rehearse checks a push without recording anything: every fault at once, and
// what a citizen, or a data protection officer, would ask about it.
func (s *Service) Rehearse(ctx context.Context, p Push) (Rehearsal, error) {
	var out Rehearsal
	if !p.Client.HasRedirectURI(p.RedirectURI) {
		out.refuse(Refuse(InvalidRedirectURI, "redirect_uri", "not registered for this client"))
	}
	details, err := s.resolve(ctx, p, s.Now())
	switch {
	case err == nil:
	case CodeOf(err) != InvalidAuthorizationDetails:
		return Rehearsal{}, err
	case FieldOf(err) == "recipient":
		out.refuse(err)
	default:
		if err := s.refuseAll(ctx, &out, p); err != nil {
			return Rehearsal{}, err
		}
	}
	out.Good = len(out.Findings) == 0
	if out.Good {
		out.Request = Request{ID: NewID(), ClientID: p.Client.ID, Details: details, CreatedAt: s.Now(), Status: RequestPending}
		out.Parameters = p.Parameters
		out.Findings = s.advice(p, details)
	}
	return out, nil
}

// refuseAll tells every fault of the details, not only the first.
func (s *Service) refuseAll(ctx context.Context, out *Rehearsal, p Push) error {
	client, err := actingFor(ctx, s.store, p.Client, p.Details.Recipient)
	if err != nil {
		return err
	}
	set, _ := DataSetOf(p.Details.Type)
	location, err := s.locationOf(ctx, p.Details, set)
	if err != nil {
		return err
	}
	for _, fault := range p.Details.faults(client, location, s.Now()) {
		out.refuse(fault)
	}
	if fault := s.checkParameters(set, location, p.Parameters); fault != nil && set.Type != "" {
		out.refuse(fault)
	}
	return nil
}

func (r *Rehearsal) refuse(err error) {
	r.Findings = append(r.Findings, Finding{Severity: FindingError, Field: FieldOf(err), Code: CodeOf(err), Detail: DetailOf(err)})
}

// advice is about requests that are allowed and could be better.
func (s *Service) advice(p Push, d Details) (out []Finding) {
	advise := func(field, format string, args ...any) {
		out = append(out, Finding{Severity: FindingAdvice, Field: field, Detail: fmt.Sprintf(format, args...)})
	}
	set, _ := DataSetOf(d.Type)
	for _, g := range d.Groups {
		if set.AboutOthers(g) {
			advise("datatypes", "%s is about other people: it is not ticked at first, so be ready to do without", g)
		}
	}
	if len(d.Groups) == len(set.Groups) {
		advise("datatypes", "every data group is asked: ask for what the purpose needs (GDPR article 5(1)(c))")
	}
	if d.Access == Continuous && p.Details.EndsOn.IsZero() {
		advise("expires_at", "not given: the consent would end on %s", d.EndsOn)
	}
	if p.State == "" {
		advise("state", "not given: tell concurrent requests of one browser apart with it")
	}
	if p.Client.EventEndpoint == "" && d.Access == Continuous {
		advise("", "no event endpoint is registered: read withdrawals by poll, or you learn of them at the next refusal")
	}
	return out
}
