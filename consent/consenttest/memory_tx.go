package consenttest

import (
	"context"
	"errors"
	"maps"
	"time"

	"portail.example/consent"
)

// memoryTx writes to a transaction's copy of the tables.
type memoryTx struct{ view }

var errDuplicate = errors.New("consenttest: duplicate key")

func (x *memoryTx) InsertRequest(_ context.Context, r consent.Request) error {
	if _, taken := x.t.requests[r.ID]; taken {
		return errDuplicate
	}
	x.t.requests[r.ID] = r
	return nil
}

func (x *memoryTx) FileRequest(_ context.Context, r consent.Request, matchKey string) error {
	x.t.requests[r.ID], x.t.matches[r.ID] = r, matchKey
	return nil
}

func (x *memoryTx) NotePoll(_ context.Context, id string, now time.Time) (time.Time, error) {
	last := x.t.polls[id]
	x.t.polls[id] = now
	return last, nil
}

func (x *memoryTx) BindRequest(_ context.Context, id string, browser consent.BrowserID) (bool, error) {
	r, ok := x.t.requests[id]
	if !ok || r.Browser != "" && r.Browser != browser {
		return false, nil
	}
	r.Browser = browser
	x.t.requests[id] = r
	return true, nil
}

func (x *memoryTx) IdentifyRequest(_ context.Context, id string, subject consent.SubjectID) (bool, error) {
	r, ok := x.t.requests[id]
	if !ok || r.Status != consent.RequestPending && (r.Status != consent.RequestIdentified || r.Subject != subject) {
		return false, nil
	}
	r.Status, r.Subject = consent.RequestIdentified, subject
	x.t.requests[id] = r
	return true, nil
}

func (x *memoryTx) CloseRequest(_ context.Context, id string, status consent.RequestStatus, grantID string) (bool, error) {
	r, ok := x.t.requests[id]
	if !ok || r.Status != consent.RequestPending && r.Status != consent.RequestIdentified {
		return false, nil
	}
	r.Status, r.GrantID = status, grantID
	x.t.requests[id] = r
	delete(x.t.given, id)
	return true, nil
}

func (x *memoryTx) PutSubject(_ context.Context, s consent.SignIn, now time.Time) (consent.Citizen, error) {
	key := s.Issuer + "\n" + s.Subject
	id, known := x.t.subjects[key]
	if !known {
		id = consent.SubjectID(consent.NewID())
		x.t.subjects[key] = id
	}
	out := consent.Citizen{Subject: id, LastSignIn: x.t.seen[id]}
	x.t.identities[id], x.t.seen[id] = s.Identity, now
	return out, nil
}

func (x *memoryTx) PairwiseSub(_ context.Context, subject consent.SubjectID, clientID string, sector consent.SIRET) (string, error) {
	if x.t.erased[subject] {
		return "", notFound()
	}
	key := string(subject) + "\n" + clientID + "\n" + string(sector)
	if x.t.pairwise[key] == "" {
		x.t.pairwise[key] = consent.NewID()
	}
	return x.t.pairwise[key], nil
}

func (x *memoryTx) InsertDecision(_ context.Context, d consent.Decision) error {
	x.t.decisions = append(x.t.decisions, d)
	return nil
}

func (x *memoryTx) InsertGrant(_ context.Context, g consent.Grant) error {
	if _, taken := x.t.grants[g.ID]; taken {
		return errDuplicate
	}
	x.t.grants[g.ID] = g
	return nil
}

func (x *memoryTx) LockGrant(_ context.Context, id string) (consent.Grant, error) {
	return find(x.t.grants, id)
}

// changeGrant applies a conditional update to one of the citizen's grants.
func (x *memoryTx) changeGrant(subject consent.SubjectID, id string, when func(consent.Grant) bool, change func(*consent.Grant)) bool {
	g, ok := x.t.grants[id]
	if !ok || g.Subject != subject || !when(g) {
		return false
	}
	change(&g)
	x.t.grants[id] = g
	return true
}

func (x *memoryTx) WithdrawGrant(_ context.Context, subject consent.SubjectID, id string, why consent.Reason, at time.Time) (bool, error) {
	return x.changeGrant(subject, id,
		func(g consent.Grant) bool { return g.Status == consent.GrantActive || g.Status == consent.GrantPaused },
		func(g *consent.Grant) {
			g.Status, g.WithdrawnAt, g.Reason, g.PausedAt = consent.GrantTakenBack, at, why, time.Time{}
		}), nil
}

func (x *memoryTx) PauseGrant(_ context.Context, subject consent.SubjectID, id string, paused bool, at time.Time) (bool, error) {
	from, to := consent.GrantPaused, consent.GrantActive
	if paused {
		from, to = to, from
	} else {
		at = time.Time{}
	}
	return x.changeGrant(subject, id,
		func(g consent.Grant) bool { return g.Status == from },
		func(g *consent.Grant) { g.Status, g.PausedAt = to, at }), nil
}

func (x *memoryTx) RelinquishGrant(_ context.Context, subject consent.SubjectID, id string, at time.Time) (bool, error) {
	return x.changeGrant(subject, id,
		func(g consent.Grant) bool { return g.Status == consent.GrantActive || g.Status == consent.GrantPaused },
		func(g *consent.Grant) { g.Status, g.WithdrawnAt, g.PausedAt = consent.GrantGivenUp, at, time.Time{} }), nil
}

func (x *memoryTx) ConsumeGrant(_ context.Context, subject consent.SubjectID, id, accessID string) (bool, error) {
	return x.changeGrant(subject, id,
		func(g consent.Grant) bool { return g.Details.Access == consent.Once && g.ConsumedBy == "" },
		func(g *consent.Grant) { g.ConsumedBy = accessID }), nil
}

func (x *memoryTx) UnconsumeGrant(_ context.Context, subject consent.SubjectID, id, accessID string) error {
	x.changeGrant(subject, id,
		func(g consent.Grant) bool { return g.ConsumedBy == accessID },
		func(g *consent.Grant) { g.ConsumedBy = "" })
	return nil
}

func (x *memoryTx) InsertCode(_ context.Context, c consent.AuthorizationCode) error {
	x.t.codes[c.Hash] = c
	return nil
}

func (x *memoryTx) LockCode(_ context.Context, hash consent.Hash) (consent.AuthorizationCode, error) {
	return find(x.t.codes, hash)
}

func (x *memoryTx) UseCode(_ context.Context, c consent.AuthorizationCode, family string) (bool, error) {
	stored, ok := x.t.codes[c.Hash]
	if !ok || stored.Family != "" {
		return false, nil
	}
	stored.Family = family
	x.t.codes[c.Hash] = stored
	return true, nil
}

func (x *memoryTx) InsertFamily(_ context.Context, id string, g consent.Grant, _ time.Time) error {
	x.t.families[id] = family{client: g.ClientID}
	return nil
}

func (x *memoryTx) RevokeFamily(_ context.Context, _ consent.SubjectID, id string, _ time.Time) (bool, error) {
	f, ok := x.t.families[id]
	if !ok || f.revoked {
		return false, nil
	}
	f.revoked = true
	x.t.families[id] = f
	return true, nil
}

func (x *memoryTx) InsertRefreshToken(_ context.Context, t consent.RefreshToken) error {
	x.t.refreshes[t.Hash] = t
	return nil
}

func (x *memoryTx) LockRefreshToken(_ context.Context, hash consent.Hash) (consent.RefreshToken, error) {
	t, err := find(x.t.refreshes, hash)
	t.FamilyRevoked = x.t.families[t.Family].revoked
	for _, later := range x.t.refreshes {
		t.Superseded = t.Superseded || later.Family == t.Family && t.Used && later.UsedAt.After(t.UsedAt)
	}
	return t, err
}

func (x *memoryTx) UseRefreshToken(_ context.Context, t consent.RefreshToken, now time.Time) (bool, error) {
	stored, ok := x.t.refreshes[t.Hash]
	if !ok || stored.Used {
		return false, nil
	}
	stored.Used, stored.UsedAt = true, now
	x.t.refreshes[t.Hash] = stored
	return true, nil
}

func (x *memoryTx) InsertAccessToken(_ context.Context, t consent.AccessToken) (consent.AccessToken, error) {
	for t.Status.Index = randomPlace(); x.t.places[t.Status]; t.Status.Index = randomPlace() {
	}
	x.t.places[t.Status], x.t.tokens[t.ID] = true, t
	return t, nil
}

func (x *memoryTx) AccessToken(_ context.Context, subject consent.SubjectID, id string) (consent.AccessToken, error) {
	t, err := find(x.t.tokens, id)
	if err == nil && t.Subject != subject {
		return consent.AccessToken{}, notFound()
	}
	t.Revoked = x.t.revoked(t)
	return t, err
}

func (x *memoryTx) InsertAccess(_ context.Context, a consent.Access) error {
	x.t.accesses[a.ID] = a
	return nil
}

func (x *memoryTx) CloseAccess(_ context.Context, a consent.Access) (bool, error) {
	stored, ok := x.t.accesses[a.ID]
	if !ok || stored.Subject != a.Subject || stored.Outcome != consent.Open {
		return false, nil
	}
	stored.Outcome, stored.ClosedAt, stored.ProviderRequestID = a.Outcome, a.ClosedAt, a.ProviderRequestID
	stored.Attestation = a.Attestation
	x.t.accesses[a.ID] = stored
	return true, nil
}

func (x *memoryTx) AppendLedger(_ context.Context, e consent.LedgerEntry) error {
	x.t.ledger = append(x.t.ledger, e)
	return nil
}

func (x *memoryTx) AppendEvent(_ context.Context, e consent.Event) error {
	x.t.events = append(x.t.events, e)
	return nil
}

func (x *memoryTx) AnnounceGrant(_ context.Context, subject consent.SubjectID, id string, told consent.EventType) (bool, error) {
	g, ok := x.t.grants[id]
	if !ok || g.Subject != subject || g.Status != consent.GrantActive && g.Status != consent.GrantPaused || x.t.announced[id] == told {
		return false, nil
	}
	x.t.announced[id] = told
	return true, nil
}

func (x *memoryTx) NoteHabilitation(_ context.Context, h consent.Habilitation) (bool, error) {
	if known, ok := x.t.habilitations[h.Number]; ok && !h.FiredAt.After(known.FiredAt) {
		return false, nil
	}
	x.t.habilitations[h.Number] = h
	return true, nil
}

func (x *memoryTx) ReplaceGrants(_ context.Context, by consent.Grant, at time.Time) (ids []string, err error) {
	for id, g := range x.t.grants {
		open := g.Status == consent.GrantActive || g.Status == consent.GrantPaused
		if id != by.ID && g.Subject == by.Subject && g.ClientID == by.ClientID && open && by.Details.Covers(g.Details) && maps.Equal(x.t.given[id], x.t.given[by.ID]) {
			g.Status, g.WithdrawnAt, g.PausedAt = consent.GrantMerged, at, time.Time{}
			x.t.grants[id] = g
			ids = append(ids, id)
		}
	}
	return ids, nil
}
