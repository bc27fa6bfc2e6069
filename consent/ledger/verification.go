package ledger

import (
	"context"
	"errors"
	"time"

	"portail.example/consent"
)

// Verification is one check of the whole evidence, made in the background. It does not
// say who asked for it: it is nobody's data.
type Verification struct {
	ID          string
	AskedAt     time.Time
	State       VerificationState
	Size        int64 // of the tree when it was asked for
	Checked     int64 // entries, so far
	Waiting     int64 // entries without a place, when it was done
	Checkpoints int   // that agree
	Fault       Fault // what is wrong, when State says that something is
	MovedAt     time.Time
	DoneAt      time.Time
}

// VerificationState is how far a verification is, and what it found.
type VerificationState string

// The states of a verification.
const (
	VerificationQueued  VerificationState = "queued"
	VerificationRunning VerificationState = "running"
	VerificationIntact  VerificationState = "intact" // the evidence agrees with the tables
	VerificationFaulty  VerificationState = "faulty" // it does not
	VerificationFailed  VerificationState = "failed" // nothing was found out
)

// VerificationStates are all of them.
func VerificationStates() []VerificationState {
	return []VerificationState{VerificationQueued, VerificationRunning, VerificationIntact, VerificationFaulty, VerificationFailed}
}

// Open reports whether it is not done yet.
func (v Verification) Open() bool {
	return v.State == VerificationQueued || v.State == VerificationRunning
}

// How verifications are made.
const (
	verificationStill = 30 * time.Minute // without a sign of life it is begun again
	verificationBeat  = 2 * time.Second  // between two of them
	nightly           = 12 * time.Hour   // since the last one: none is asked for at night
)

// errOvertaken ends a verification that somebody else began again.
var errOvertaken = errors.New("ledger: the verification was begun again elsewhere")

// AskVerification queues a verification of everything; the one that is not done yet
// when there is one.
func (i *Inspector) AskVerification(ctx context.Context, by consent.Agent) (Verification, error) {
	if err := allowed(by); err != nil {
		return Verification{}, err
	}
	return i.ask(ctx)
}

func (i *Inspector) ask(ctx context.Context) (Verification, error) {
	last, err := i.latest(ctx)
	if err != nil && consent.CodeOf(err) != consent.NotFound {
		return Verification{}, err
	}
	now := i.now().UTC()
	return i.store.AskVerification(ctx, Verification{ID: consent.NewID(), AskedAt: now, State: VerificationQueued, Size: last.Size, MovedAt: now})
}

// AskNightly queues a verification unless one was asked for since the evening: several
// instances may call it.
func (i *Inspector) AskNightly(ctx context.Context) error {
	list, err := i.store.Verifications(ctx, 1)
	if err != nil || len(list) > 0 && i.now().Before(list[0].AskedAt.Add(nightly)) {
		return err
	}
	_, err = i.ask(ctx)
	return err
}

// Verifications are past and present ones, newest first, at most limit.
func (i *Inspector) Verifications(ctx context.Context, by consent.Agent, limit int) ([]Verification, error) {
	if err := allowed(by); err != nil {
		return nil, err
	}
	return i.store.Verifications(ctx, limit)
}

// Verify makes the verification that waits, or that whoever made it left; false when
// there is none. One that could not be made is marked failed, and the error returned.
func (i *Inspector) Verify(ctx context.Context) (v Verification, found bool, err error) {
	now := i.now().UTC()
	v, err = i.store.ClaimVerification(ctx, now, now.Add(-verificationStill))
	if consent.CodeOf(err) == consent.NotFound {
		return v, false, nil
	}
	if err != nil {
		return v, false, err
	}
	report, err := i.store.VerifyLedger(ctx, i.key, nil, now, func(entries int64) error { return i.beat(ctx, &v, entries) })
	if errors.Is(err, errOvertaken) || ctx.Err() != nil {
		return v, true, err // whoever claims it next begins again
	}
	before := v.MovedAt
	err = v.end(report, err)
	v.MovedAt, v.DoneAt = i.now().UTC(), i.now().UTC()
	_, moved := i.store.MoveVerification(ctx, v, before)
	return v, true, errors.Join(err, moved)
}

// end says what was found; it returns what is no finding.
func (v *Verification) end(r Report, err error) error {
	fault, isFault := errors.AsType[Fault](err)
	switch {
	case err == nil:
		v.State, v.Checked, v.Waiting, v.Checkpoints = VerificationIntact, r.Entries, r.Waiting, r.Checkpoints
	case isFault:
		v.State, v.Fault = VerificationFaulty, fault
	case errors.Is(err, ErrCheckpoint):
		v.State, v.Fault = VerificationFaulty, Fault{What: "a checkpoint is not signed by this key"}
	default:
		v.State = VerificationFailed
		return err
	}
	return nil
}

// beat notes how far it is, every now and then. It fails with errOvertaken.
func (i *Inspector) beat(ctx context.Context, v *Verification, entries int64) error {
	now := i.now().UTC()
	if now.Before(v.MovedAt.Add(verificationBeat)) {
		return nil
	}
	before := v.MovedAt
	v.Checked, v.MovedAt = entries, now
	ours, err := i.store.MoveVerification(ctx, *v, before)
	if err == nil && !ours {
		err = errOvertaken
	}
	return err
}
