package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
)

// inspected is a ledger of seven entries, placed three and four at a time.
type inspected struct {
	*ledger.Inspector
	*consenttest.Evidence
	memory *consenttest.Memory
	clock  *consenttest.Clock
}

func newInspected(t *testing.T) *inspected {
	t.Helper()
	m, clock := consenttest.NewMemory(), consenttest.NewClock()
	e := consenttest.NewEvidence(m)
	i := &inspected{ledger.NewInspector(e, e.Signer.PublicKey(), clock.Now), e, m, clock}
	for _, n := range []int{3, 4} {
		i.write(t, n)
		if err := e.Sequence(clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	return i
}

func (i *inspected) write(t *testing.T, n int) {
	t.Helper()
	err := i.memory.Transact(t.Context(), func(tx consent.Tx) error {
		for range n {
			if err := tx.AppendLedger(t.Context(), consent.LedgerEntry{At: i.clock.Now(), Kind: consent.EntryExport, Ref: consent.NewID()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var auditor = consent.Agent{ID: "a", Role: consent.RoleAuditor}

// verified asks for a verification and makes it.
func (i *inspected) verified(t *testing.T) ledger.Verification {
	t.Helper()
	i.clock.Advance(time.Minute)
	asked, err := i.Inspector.AskVerification(t.Context(), auditor)
	if err != nil {
		t.Fatal(err)
	}
	v, found, err := i.Verify(t.Context())
	if err != nil || !found || v.ID != asked.ID {
		t.Fatalf("%+v, %t, %v", v, found, err)
	}
	return v
}

func TestTheEvidenceIsForWhoeverHasTheDuty(t *testing.T) {
	i, ctx := newInspected(t), t.Context()
	for _, role := range consent.Roles() {
		by := consent.Agent{ID: "x", Role: role}
		_, err := by.May(consent.DutyEvidence)
		want := consent.CodeOf(err)
		for what, ask := range map[string]func() error{
			"checkpoints":   func() error { _, err := i.Inspector.Checkpoints(ctx, by, ledger.CheckpointQuery{Limit: 1}); return err },
			"checkpoint":    func() error { _, err := i.Checkpoint(ctx, by, 3); return err },
			"entries":       func() error { _, _, err := i.Inspector.Entries(ctx, by, ledger.EntryQuery{Limit: 1}); return err },
			"entry":         func() error { _, err := i.Inspector.Entry(ctx, by, 1); return err },
			"proof":         func() error { _, err := i.Prove(ctx, by, 1); return err },
			"consistency":   func() error { _, err := i.Consistency(ctx, by, 3, 7); return err },
			"file":          func() error { _, err := i.Export(ctx, by); return err },
			"verification":  func() error { _, err := i.Inspector.AskVerification(ctx, by); return err },
			"verifications": func() error { _, err := i.Inspector.Verifications(ctx, by, 1); return err },
		} {
			if err := ask(); consent.CodeOf(err) != want || want == "" && err != nil {
				t.Errorf("%s as %s: %v", what, role, err)
			}
		}
	}
}

func TestAVerificationTellsWhatItFound(t *testing.T) {
	i := newInspected(t)
	i.write(t, 1)
	if v := i.verified(t); v.State != ledger.VerificationIntact || v.Size != 7 || v.Checked != 7 || v.Waiting != 1 || v.Checkpoints != 2 || v.DoneAt.IsZero() {
		t.Errorf("%+v", v)
	}
	i.Spoil(5)
	if v := i.verified(t); v.State != ledger.VerificationFaulty || v.Fault.Entry != 5 {
		t.Errorf("%+v", v)
	}
	if _, found, err := i.Verify(t.Context()); found || err != nil {
		t.Errorf("none waits: %t, %v", found, err)
	}
}

// halting stores end a verification in their own way.
type halting struct {
	*consenttest.Evidence
	err   error
	steps func()
}

func (h halting) VerifyLedger(_ context.Context, _ string, _ []string, _ time.Time, progress func(int64) error) (ledger.Report, error) {
	for n := range int64(3) {
		h.steps()
		if err := progress(n); err != nil {
			return ledger.Report{}, err
		}
	}
	return ledger.Report{}, h.err
}

func TestAVerificationThatFoundNothingOutSaysSo(t *testing.T) {
	i := newInspected(t)
	h := halting{i.Evidence, errors.New("out of order"), func() { i.clock.Advance(time.Minute) }}
	i.Inspector = ledger.NewInspector(h, i.Signer.PublicKey(), i.clock.Now)
	if _, err := i.Inspector.AskVerification(t.Context(), auditor); err != nil {
		t.Fatal(err)
	}
	if _, _, err := i.Verify(t.Context()); !errors.Is(err, h.err) {
		t.Error(err)
	}
	if list, _ := i.Inspector.Verifications(t.Context(), auditor, 1); list[0].State != ledger.VerificationFailed || list[0].Checked != 2 {
		t.Errorf("%+v", list[0])
	}
	h.err = ledger.ErrCheckpoint
	i.Inspector = ledger.NewInspector(h, i.Signer.PublicKey(), i.clock.Now)
	if v := i.verified(t); v.State != ledger.VerificationFaulty || v.Fault.Entry != 0 || v.Fault.What == "" {
		t.Errorf("a strange checkpoint: %+v", v)
	}
}

// Whoever lost a verification to somebody else writes no more of it.
func TestAVerificationThatWasBegunElsewhereStops(t *testing.T) {
	i := newInspected(t)
	h := halting{Evidence: i.Evidence, steps: func() {
		i.clock.Advance(time.Hour)
		if _, err := i.ClaimVerification(context.Background(), i.clock.Now(), i.clock.Now()); err != nil {
			t.Error(err)
		}
	}}
	i.Inspector = ledger.NewInspector(h, i.Signer.PublicKey(), i.clock.Now)
	if _, err := i.Inspector.AskVerification(t.Context(), auditor); err != nil {
		t.Fatal(err)
	}
	if _, _, err := i.Verify(t.Context()); err == nil {
		t.Error("it went on")
	}
	if list, _ := i.Inspector.Verifications(t.Context(), auditor, 1); list[0].State != ledger.VerificationRunning {
		t.Errorf("%+v", list[0])
	}
}

func TestANightAsksForOneVerification(t *testing.T) {
	i := newInspected(t)
	for _, hours := range []time.Duration{0, 1, 10, 24} {
		i.clock.Set(consenttest.Start.Add(hours * time.Hour))
		if err := i.AskNightly(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := i.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if list, _ := i.Inspector.Verifications(t.Context(), auditor, 9); len(list) != 2 {
		t.Errorf("%d", len(list))
	}
}

// The file of the evidence proves itself, and nothing that was changed passes.
func TestTheFileOfTheEvidenceIsCheckedWithoutUs(t *testing.T) {
	i := newInspected(t)
	file, err := i.Export(t.Context(), auditor)
	if err != nil {
		t.Fatal(err)
	}
	i.write(t, 1) // too late for this file
	var out bytes.Buffer
	if err := file.Write(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	good, key := out.String(), i.Signer.PublicKey()
	if checkpoint, err := ledger.CheckFile(strings.NewReader(good), key); err != nil || checkpoint.Size != 7 {
		t.Errorf("%+v, %v", checkpoint, err)
	}
	lines := strings.SplitAfter(good, "\n")
	stranger, _ := ledger.NewSigner("portal.example/ledger", bytes.Repeat([]byte{1}, 32))
	for what, c := range map[string]struct {
		file string
		key  string
		want error
	}{
		"a key of somebody else": {good, stranger.PublicKey(), ledger.ErrCheckpoint},
		"nothing":                {"", key, ledger.ErrFile},
		"another format":         {strings.Replace(good, "evidence/1", "evidence/2", 1), key, ledger.ErrFile},
		"a line cut off":         {strings.Join(lines[:7], ""), key, ledger.ErrFile},
		"a line twice":           {good + lines[7], key, ledger.ErrFile},
		"two lines changed":      {strings.Join([]string{lines[0], lines[2], lines[1], strings.Join(lines[3:], "")}, ""), key, ledger.ErrFile},
		"a word changed":         {strings.Replace(good, `"kind":"export"`, `"kind":"erasure"`, 1), key, ledger.ErrFile},
	} {
		if _, err := ledger.CheckFile(strings.NewReader(c.file), c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTwoCheckpointsAreOfOneHistory(t *testing.T) {
	i := newInspected(t)
	good, err := i.Consistency(t.Context(), auditor, 3, 7)
	if err != nil || !i.Holds(good) {
		t.Fatalf("%v", err)
	}
	if same, err := i.Consistency(t.Context(), auditor, 7, 7); err != nil || !i.Holds(same) {
		t.Errorf("one with itself: %v", err)
	}
	if _, err := i.Consistency(t.Context(), auditor, 7, 3); consent.FieldOf(err) != "from" {
		t.Errorf("the wrong way round: %v", err)
	}
	if _, err := i.Consistency(t.Context(), auditor, 2, 7); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("a size that was not signed: %v", err)
	}
	other := newInspected(t) // signs with the same key, and has other entries
	theirs, _ := other.Consistency(t.Context(), auditor, 3, 7)
	for what, c := range map[string]ledger.Consistency{
		"another beginning": {From: theirs.From, To: good.To, Hashes: good.Hashes},
		"a hash too few":    {From: good.From, To: good.To, Hashes: good.Hashes[1:]},
		"turned around":     {From: good.To, To: good.From, Hashes: good.Hashes},
		"no checkpoint":     {From: "x", To: good.To, Hashes: good.Hashes},
	} {
		if i.Holds(c) {
			t.Errorf("%s is believed", what)
		}
	}
}
