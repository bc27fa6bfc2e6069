package consenttest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

func (x *memoryTx) InsertRightsRequest(_ context.Context, r consent.RightsRequest) error {
	if x.t.erased[r.Subject] {
		return notFound()
	}
	x.t.rights = append(x.t.rights, r)
	return nil
}

func (v *view) RightsRequests(_ context.Context, subject consent.SubjectID, after consent.RightsRequest, limit int) ([]consent.RightsRequest, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.RightsRequest) int { return newest(a.AskedAt, b.AskedAt, b.ID, a.ID) }
	var out []consent.RightsRequest
	for _, r := range v.t.rights {
		if r.Subject == subject && !v.t.erased[subject] && (after.ID == "" || order(after, r) < 0) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}

func (v *view) RightsQueue(_ context.Context, state consent.RightsState, after consent.RightsRequest, limit int) (out []consent.RightsRequest, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.RightsRequest) int { return newest(a.AskedAt, b.AskedAt, b.ID, a.ID) }
	if state == consent.RightsOpen {
		order = func(a, b consent.RightsRequest) int {
			return cmp.Or(a.DueOn.Time().Compare(b.DueOn.Time()), cmp.Compare(a.ID, b.ID))
		}
	}
	for _, r := range v.t.rights {
		if r.State == state && (after.ID == "" || order(after, r) < 0) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}

func (v *view) AnyRight(_ context.Context, id string) (consent.RightsRequest, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	at := slices.IndexFunc(v.t.rights, func(r consent.RightsRequest) bool { return r.ID == id })
	if at < 0 {
		return consent.RightsRequest{}, consent.Refuse(consent.NotFound, "", "no such thing")
	}
	return v.t.rights[at], nil
}

func (v *view) RightsMessages(_ context.Context, subject consent.SubjectID, requestID string) (out []consent.RightsMessage, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range v.t.messages {
		if m.Subject == subject && m.Request == requestID && !v.t.erased[subject] {
			out = append(out, m)
		}
	}
	return out, nil
}

func (x *memoryTx) LockRight(ctx context.Context, id string) (consent.RightsRequest, error) {
	return x.AnyRight(ctx, id)
}

func (x *memoryTx) UpdateRight(_ context.Context, r consent.RightsRequest) error {
	for i := range x.t.rights {
		if x.t.rights[i].ID == r.ID {
			x.t.rights[i] = r
		}
	}
	return nil
}

func (x *memoryTx) InsertRightsMessage(_ context.Context, m consent.RightsMessage) error {
	x.t.messages = append(x.t.messages, m)
	return nil
}

func (v *view) RightsDue(_ context.Context, today consent.Date) (due consent.RightsDue, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.t.rights {
		if r.State != consent.RightsOpen {
			continue
		}
		if due.Open++; today.After(r.DueOn) {
			due.Overdue++
		}
	}
	return due, nil
}

func (v *view) RightsRegister(_ context.Context, after consent.RightsRequest, limit int) (out []consent.RightsRequest, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.RightsRequest) int {
		return cmp.Or(a.AskedAt.Compare(b.AskedAt), cmp.Compare(a.ID, b.ID))
	}
	for _, r := range v.t.rights {
		if after.ID == "" || order(after, r) < 0 {
			r.Subject, r.Message = "", ""
			out = append(out, r)
		}
	}
	slices.SortFunc(out, order)
	return out[:min(limit, len(out))], nil
}

func (v *view) UnreadRights(ctx context.Context, subject consent.SubjectID) ([]consent.RightsRequest, error) {
	list, err := v.RightsRequests(ctx, subject, consent.RightsRequest{}, len(v.t.rights))
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.DeleteFunc(list, func(r consent.RightsRequest) bool {
		return !slices.ContainsFunc(v.t.messages, func(m consent.RightsMessage) bool { return m.Request == r.ID && m.At.After(v.t.rightsRead[r.ID]) })
	}), err
}

func (x *memoryTx) NoteRightsRead(_ context.Context, _ consent.SubjectID, requestID string, at time.Time) error {
	x.t.rightsRead[requestID] = at
	return nil
}
