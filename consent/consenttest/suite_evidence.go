package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/ledger"
)

// EvidenceWorld is a store whose ledger a test grows.
type EvidenceWorld struct {
	Store    StoreWithClients
	Ledger   ledger.Store
	Key      string
	Sequence func(now time.Time) error
}

// EvidenceSuite is the contract of ledger.Store in code: open gives a fresh, empty one
// at each call.
func EvidenceSuite(t *testing.T, open func(t *testing.T) EvidenceWorld) {
	for name, run := range map[string]func(*testing.T, EvidenceWorld){
		"entries are read back from the last place, by kind and by the day they were placed": entriesRead,
		"checkpoints are read by day and size, and are consistent":                           checkpointsRead,
		"an entry is proved once it has a place":                                             entriesProved,
		"one verification is open at a time, and moves in one place":                         verificationsQueue,
	} {
		t.Run(name, func(t *testing.T) { run(t, open(t)) })
	}
}

// grow writes n entries of each kind, in turns, and places them all.
func (w EvidenceWorld) grow(t *testing.T, at time.Time, n int, kinds ...consent.EntryKind) {
	t.Helper()
	inTx(t, w.Store, func(tx consent.Tx) error {
		for range n {
			for _, kind := range kinds {
				if err := tx.AppendLedger(background, consent.LedgerEntry{At: at, Kind: kind, Ref: consent.NewID()}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	must(t, w.Sequence(at))
}

var evidenceDays = []time.Time{Start, Start.AddDate(0, 0, 1), Start.AddDate(0, 0, 3)}

// lived has three entries of two kinds placed on each of three days.
func (w EvidenceWorld) lived(t *testing.T) {
	t.Helper()
	for _, day := range evidenceDays {
		w.grow(t, day, 3, consent.EntryExport, consent.EntryEvidenceTaken)
	}
}

func entriesRead(t *testing.T, w EvidenceWorld) {
	list, next, err := w.Ledger.Entries(background, ledger.EntryQuery{Limit: 2})
	if err != nil || len(list) != 0 || next != 0 {
		t.Errorf("an empty ledger: %v, %d, %v", list, next, err)
	}
	w.lived(t)
	for what, c := range map[string]struct {
		q    ledger.EntryQuery
		want []int64
	}{
		"all":                      {ledger.EntryQuery{}, []int64{17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
		"a kind":                   {ledger.EntryQuery{Kind: consent.EntryExport}, []int64{16, 14, 12, 10, 8, 6, 4, 2, 0}},
		"a day":                    {ledger.EntryQuery{Day: consent.DateOf(evidenceDays[1])}, []int64{11, 10, 9, 8, 7, 6}},
		"the first day":            {ledger.EntryQuery{Day: consent.DateOf(Start)}, []int64{5, 4, 3, 2, 1, 0}},
		"a kind on a day":          {ledger.EntryQuery{Kind: consent.EntryEvidenceTaken, Day: consent.DateOf(evidenceDays[2])}, []int64{17, 15, 13}},
		"a day nothing was placed": {ledger.EntryQuery{Day: consent.DateOf(Start.AddDate(0, 0, 2))}, nil},
		"a kind there is none of":  {ledger.EntryQuery{Kind: consent.EntryPurge}, nil},
	} {
		same(t, w.places(t, what, c.q), c.want)
	}
	leaves, err := w.Ledger.Leaves(background, 4, 17, 2)
	if err != nil || len(leaves) != 2 || leaves[0].Index != 4 || leaves[1].Index != 5 {
		t.Errorf("leaves: %v, %v", leaves, err)
	}
	if rest, err := w.Ledger.Leaves(background, 16, 17, 9); err != nil || len(rest) != 1 || rest[0].Kind != consent.EntryExport {
		t.Errorf("the rest: %v, %v", rest, err)
	}
}

// places reads a list to its end, two at a time.
func (w EvidenceWorld) places(t *testing.T, what string, q ledger.EntryQuery) (out []int64) {
	t.Helper()
	q.Limit = 2
	for turn := 0; turn < 20; turn++ {
		list, next, err := w.Ledger.Entries(background, q)
		must(t, err)
		for _, p := range list {
			out = append(out, p.Index)
			if found, err := w.Ledger.Entry(background, p.ID); err != nil || found.Index != p.Index || found.Ref != p.Ref || !found.At.Equal(p.At) {
				t.Errorf("%s: entry %d is %v, %v", what, p.ID, found, err)
			}
		}
		if q.Before = next; next == 0 {
			return out
		}
	}
	t.Fatalf("%s: no end", what)
	return nil
}

func checkpointsRead(t *testing.T, w EvidenceWorld) {
	_, err := w.Ledger.SignedAt(background, 6)
	isNotFound(t, "a size before it was signed", err)
	w.lived(t)
	all, err := w.Ledger.Checkpoints(background, ledger.CheckpointQuery{Limit: 9})
	must(t, err)
	if len(all) != 3 || all[0].Size != 18 || !all[0].At.Equal(evidenceDays[2]) {
		t.Fatalf("%+v", all)
	}
	for what, c := range map[string]struct {
		q    ledger.CheckpointQuery
		want []ledger.Signed
	}{
		"two":           {ledger.CheckpointQuery{Limit: 2}, all[:2]},
		"smaller ones":  {ledger.CheckpointQuery{Before: 12, Limit: 2}, all[2:]},
		"a day's":       {ledger.CheckpointQuery{Day: consent.DateOf(evidenceDays[1]), Limit: 9}, all[1:2]},
		"none that day": {ledger.CheckpointQuery{Day: consent.DateOf(evidenceDays[1]), Before: 12, Limit: 9}, nil},
	} {
		got, err := w.Ledger.Checkpoints(background, c.q)
		must(t, err)
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %v", what, got)
		}
	}
	i := w.inspector()
	for _, from := range all {
		proof, err := i.Consistency(background, auditor, from.Size, 18)
		if err != nil || proof.Check(w.Key) != nil {
			t.Errorf("from %d: %v, %v", from.Size, err, proof.Check(w.Key))
		}
	}
}

var auditor = consent.Agent{ID: "a", Role: consent.RoleAuditor}

func (w EvidenceWorld) inspector() *ledger.Inspector {
	return ledger.NewInspector(w.Ledger, w.Key, func() time.Time { return Start })
}

func entriesProved(t *testing.T, w EvidenceWorld) {
	_, err := w.Ledger.Entry(background, 1)
	isNotFound(t, "an entry before it is written", err)
	inTx(t, w.Store, func(tx consent.Tx) error {
		return tx.AppendLedger(background, consent.LedgerEntry{At: Start, Kind: consent.EntryExport, Ref: "r"})
	})
	if _, err := w.inspector().Prove(background, auditor, 1); consent.CodeOf(err) != consent.NotPlaced {
		t.Errorf("before it has a place: %v", err)
	}
	must(t, w.Sequence(Start))
	w.lived(t)
	for number := range int64(19) {
		proof, err := w.inspector().Prove(background, auditor, number+1)
		if err != nil || proof.Fact != "" || proof.Check(w.Key) != nil {
			t.Errorf("entry %d: %v, %v", number+1, err, proof.Check(w.Key))
		}
	}
}

func verificationsQueue(t *testing.T, w EvidenceWorld) {
	_, err := w.Ledger.ClaimVerification(background, Start, Start)
	isNotFound(t, "none", err)
	ask := func(id string, at time.Time) ledger.Verification {
		v, err := w.Ledger.AskVerification(background, ledger.Verification{ID: id, AskedAt: at, State: ledger.VerificationQueued, Size: 5, MovedAt: at})
		must(t, err)
		return v
	}
	if first, second := ask("1", Start), ask("2", Start); first.ID != "1" || second.ID != "1" {
		t.Errorf("asked twice: %s, %s", first.ID, second.ID)
	}
	v, err := w.Ledger.ClaimVerification(background, Start.Add(time.Minute), Start)
	if err != nil || v.State != ledger.VerificationRunning || v.Size != 5 {
		t.Errorf("%+v, %v", v, err)
	}
	_, err = w.Ledger.ClaimVerification(background, Start.Add(2*time.Minute), Start)
	isNotFound(t, "one that moved", err)
	again, err := w.Ledger.ClaimVerification(background, Start.Add(time.Hour), Start.Add(time.Minute))
	if err != nil || again.ID != "1" {
		t.Errorf("one that was left: %+v, %v", again, err)
	}
	move := func(v ledger.Verification, before time.Time) bool {
		ours, err := w.Ledger.MoveVerification(background, v, before)
		must(t, err)
		return ours
	}
	if move(v, v.MovedAt) {
		t.Error("whoever was overtaken goes on")
	}
	end := again
	end.State, end.Checked, end.Fault = ledger.VerificationFaulty, 4, ledger.Fault{Entry: 5, What: "w"}
	end.MovedAt, end.DoneAt = Start.Add(2*time.Hour), Start.Add(2*time.Hour)
	if !move(end, again.MovedAt) || move(end, end.MovedAt) {
		t.Error("it ends once")
	}
	list, err := w.Ledger.Verifications(background, 9)
	must(t, err)
	same(t, list, []ledger.Verification{end})
	if third := ask("3", Start.Add(3*time.Hour)); third.ID != "3" {
		t.Errorf("after the first ended: %s", third.ID)
	}
	if list, err := w.Ledger.Verifications(background, 1); err != nil || len(list) != 1 || list[0].ID != "3" {
		t.Errorf("newest first: %v, %v", list, err)
	}
}
