package gateway

import (
	"context"
	"encoding/json"
	"errors"

	"portail.example/consent"
)

// errWrongMonth is an answer about another month than the one asked: API
// Particulier's cache was seen to do that.
var errWrongMonth = errors.New("gateway: the provider answered for another month")

// release is the order that the whole project exists for: record, ask, keep what
// was granted, close the record, and only then let the data out.
func (room *Room) release(ctx context.Context, call consent.AccessRequest) (map[consent.DataGroup]json.RawMessage, error) {
	open, err := room.Service.AuthorizeAccess(ctx, call)
	if err != nil {
		return nil, err
	}
	answer, fault := room.Upstream.QuotientFamilial(ctx, open.Identity, open.Access.Recipient, call.Period)
	if fault == nil {
		fault = check(answer, call.Period)
	}
	outcome, requestID := judge(answer, fault)
	// A caller that hung up does not keep the record from being closed.
	if err := room.Service.CompleteAccess(context.WithoutCancel(ctx), open.Access, outcome, requestID); err != nil {
		return nil, err
	}
	if fault != nil {
		return nil, fault
	}
	return keep(answer, open.Access.Groups), nil
}

// check refuses an answer that is not about the month asked. Without the amount
// there is no month to look at: the other groups are always today's.
func check(answer consent.ProviderAnswer, asked consent.Period) error {
	if answer.Period == (consent.Period{}) || answer.Period == asked {
		return nil
	}
	return &consent.ProviderFault{Outcome: consent.Failed, Status: 200, RequestID: answer.RequestID, Err: errWrongMonth}
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

// keep takes the granted groups out of the answer, whatever else it holds.
func keep(answer consent.ProviderAnswer, groups []consent.DataGroup) map[consent.DataGroup]json.RawMessage {
	out := map[consent.DataGroup]json.RawMessage{}
	for _, group := range groups {
		if raw, ok := answer.Data[group]; ok {
			out[group] = raw
		}
	}
	return out
}
