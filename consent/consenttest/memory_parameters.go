package consenttest

import (
	"context"
	"maps"

	"portail.example/consent"
)

func (v *view) RequestParameters(_ context.Context, id string) (consent.Parameters, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return maps.Clone(v.t.given[id]), nil
}

func (v *view) GrantParameters(_ context.Context, subject consent.SubjectID, id string) (consent.Parameters, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.t.grants[id].Subject != subject {
		return nil, nil
	}
	return maps.Clone(v.t.given[id]), nil
}

func (x *memoryTx) KeepParameters(_ context.Context, requestID string, p consent.Parameters) error {
	x.t.given[requestID] = maps.Clone(p)
	return nil
}

func (x *memoryTx) BindParameters(_ context.Context, g consent.Grant, p consent.Parameters) error {
	x.t.given[g.ID] = maps.Clone(p)
	return nil
}
