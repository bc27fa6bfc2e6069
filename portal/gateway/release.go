package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"portail.example/consent"
)

// errWrongMonth is an answer about another month than the one asked: API
// Particulier's cache was seen to do that.
var errWrongMonth = errors.New("gateway: the provider answered for another month")

// errNothing is an answer without any of the granted groups: our habilitation does
// not cover them.
var errNothing = errors.New("gateway: the provider sent nothing of what was granted")

// release is the order that the whole project exists for: record, ask, keep what
// was granted, close the record, and only then let the data out.
func (room *Room) release(ctx context.Context, from Upstream, call consent.AccessRequest, mode string) (released, error) {
	r, err := room.prepare(ctx, from, call, mode)
	if err != nil {
		return released{}, err
	}
	return room.finish(ctx, r)
}

// ready is what may leave once its record is closed.
type ready struct {
	access consent.Access
	period consent.Period
	set    consent.DataSet
	answer consent.ProviderAnswer
	out    released
	fault  error // of the provider, or of what it sent
}

// prepare records, asks, and keeps what was granted. What it returns must be finished, or
// closed as unsent.
//
// An attestation that is wished for is made before the record is closed, and leaves with
// the data or not at all.
func (room *Room) prepare(ctx context.Context, from Upstream, call consent.AccessRequest, mode string) (ready, error) {
	call.Attest = mode != ""
	open, err := room.Service.AuthorizeAccess(ctx, call)
	if err != nil {
		return ready{}, err
	}
	var out released
	answer, fault := from.Ask(ctx, consent.Question{DataSet: call.DataSet, Who: open.Identity, Recipient: open.Access.Recipient, Period: call.Period, Parameters: open.Parameters})
	out.Data, _ = call.DataSet.Cut(answer.Data, open.Access.Groups) // the granted groups, whatever else it holds
	if fault == nil {
		fault = check(answer, out.Data, call.Period)
	}
	if fault == nil && call.Attest {
		fault = room.attest(&open, &out, mode)
	}
	return ready{open.Access, call.Period, call.DataSet, answer, out, fault}, nil
}

// finish closes the record, with a last look at the consent, and lets the data out.
func (room *Room) finish(ctx context.Context, r ready) (released, error) {
	if err := room.close(ctx, r.access, r.answer, r.fault); err != nil {
		return released{}, err
	}
	if r.fault != nil {
		return released{}, dated(r.fault, r.set, r.period, room.Service.Now())
	}
	return r.out, nil
}

// closing is how long closing a record may take.
const closing = 5 * time.Second

// close closes the record. A caller that hung up does not keep it from that, and
// a database that hangs does not keep us.
func (room *Room) close(ctx context.Context, access consent.Access, answer consent.ProviderAnswer, fault error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	outcome, requestID := judge(answer, fault)
	return room.Service.CompleteAccess(ctx, access, outcome, requestID)
}

// check refuses an answer that is not about the month asked, and one that holds
// nothing of what was granted: it would be recorded as a release, and use a once
// consent up. Without the amount there is no month to look at: the other groups
// are always today's.
func check(answer consent.ProviderAnswer, kept map[string]json.RawMessage, asked consent.Period) error {
	var err error
	switch {
	case answer.Period != (consent.Period{}) && answer.Period != asked:
		err = errWrongMonth
	case len(kept) == 0:
		err = errNothing
	default:
		return nil
	}
	return &consent.ProviderFault{Outcome: consent.Failed, Status: http.StatusOK, RequestID: answer.RequestID, Err: err}
}

func judge(answer consent.ProviderAnswer, err error) (consent.Outcome, string) {
	var fault *consent.ProviderFault
	switch {
	case err == nil:
		return consent.Released, answer.RequestID
	case errors.As(err, &fault):
		return fault.Outcome, fault.RequestID
	}
	return consent.Failed, ""
}
