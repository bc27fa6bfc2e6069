package consent_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

var errDisk = errors.New("disk full")

// failingStore fails the n-th write of each transaction.
type failingStore struct {
	*consenttest.Memory
	n int
}

func (s *failingStore) Transact(ctx context.Context, fn func(consent.Tx) error) error {
	return s.Memory.Transact(ctx, func(tx consent.Tx) error { return fn(&failingTx{Tx: tx, left: s.n}) })
}

type failingTx struct {
	consent.Tx
	left int
}

func (x *failingTx) write() error {
	if x.left--; x.left == 0 {
		return errDisk
	}
	return nil
}

func (x *failingTx) InsertDecision(ctx context.Context, d consent.Decision) error {
	return errors.Join(x.write(), x.Tx.InsertDecision(ctx, d))
}

func (x *failingTx) InsertGrant(ctx context.Context, g consent.Grant) error {
	return errors.Join(x.write(), x.Tx.InsertGrant(ctx, g))
}

func (x *failingTx) AppendLedger(ctx context.Context, e consent.LedgerEntry) error {
	return errors.Join(x.write(), x.Tx.AppendLedger(ctx, e))
}

func (x *failingTx) AppendEvent(ctx context.Context, e consent.Event) error {
	return errors.Join(x.write(), x.Tx.AppendEvent(ctx, e))
}

func (x *failingTx) InsertAccess(ctx context.Context, a consent.Access) error {
	return errors.Join(x.write(), x.Tx.InsertAccess(ctx, a))
}

func (x *failingTx) InsertRefreshToken(ctx context.Context, r consent.RefreshToken) error {
	return errors.Join(x.write(), x.Tx.InsertRefreshToken(ctx, r))
}

// TestNoRecordNoEffect fails each evidence write of each use case in turn: the
// use case must fail and leave nothing that can be seen.
func TestNoRecordNoEffect(t *testing.T) {
	type step func(*consenttest.World, *consent.Service) error
	cases := map[string]struct {
		writes  int
		prepare func(*testing.T, *consenttest.World) step
	}{
		"decide": {5, func(t *testing.T, w *consenttest.World) step {
			a := w.Allow(w.Identified(t, w.Push()))
			return func(_ *consenttest.World, s *consent.Service) error { _, err := s.Decide(t.Context(), a); return err }
		}},
		"redeem": {2, func(t *testing.T, w *consenttest.World) step {
			_, r := w.Granted(t, w.Push())
			in := w.Redemption(w.Code(t, r))
			return func(_ *consenttest.World, s *consent.Service) error {
				_, err := s.RedeemCode(t.Context(), in)
				return err
			}
		}},
		"access": {2, func(t *testing.T, w *consenttest.World) step {
			call := w.Call(w.Issued(t, w.Push()))
			return func(_ *consenttest.World, s *consent.Service) error {
				open, err := s.AuthorizeAccess(t.Context(), call)
				if open.Identity.FamilyName != "" && err != nil {
					t.Error("an identity came out of a failed authorization")
				}
				return err
			}
		}},
		"withdraw": {2, func(t *testing.T, w *consenttest.World) step {
			g, _ := w.Granted(t, w.Push())
			return func(w *consenttest.World, s *consent.Service) error {
				_, err := s.Withdraw(t.Context(), w.Viewer.Subject, g.ID, consent.Unsaid)
				return err
			}
		}},
		"object": {3, func(t *testing.T, w *consenttest.World) step {
			w.Granted(t, w.Push())
			return func(w *consenttest.World, s *consent.Service) error {
				_, err := s.Object(t.Context(), w.Viewer.Subject, consent.Party{})
				return err
			}
		}},
		"restrict": {4, func(t *testing.T, w *consenttest.World) step {
			w.Granted(t, w.Push())
			r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightRestriction, "")
			if err != nil {
				t.Fatal(err)
			}
			by := w.Officer(t)
			return func(_ *consenttest.World, s *consent.Service) error {
				_, err := s.AcceptRight(t.Context(), by, r.ID, consent.Party{}, toTheCitizen)
				return err
			}
		}},
	}
	for name, c := range cases {
		for n := 1; n <= c.writes; n++ {
			t.Run(name, func(t *testing.T) {
				w := consenttest.NewWorld(t)
				do := c.prepare(t, w)
				before := visible(t, w)
				failing := consent.NewService(&failingStore{w.Memory, n}, consent.Limits{}, func(consent.DataSet) string { return consenttest.Location }, w.Clock.Now)
				if err := do(w, failing); !errors.Is(err, errDisk) {
					t.Fatalf("write %d failed and the use case said %v", n, err)
				}
				if diff := cmp.Diff(before, visible(t, w)); diff != "" {
					t.Errorf("write %d failed and left:\n%s", n, diff)
				}
				if err := do(w, w.Service); err != nil {
					t.Errorf("it cannot be done again: %v", err)
				}
			})
		}
	}
}

// visible is all that anybody could see.
func visible(t *testing.T, w *consenttest.World) map[string]any {
	t.Helper()
	home, err := w.Service.Home(t.Context(), w.Viewer.Subject)
	if err != nil {
		t.Fatal(err)
	}
	measures, err := w.Service.InForce(t.Context(), w.Viewer.Subject)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"home": home, "measures": measures, "ledger": w.Memory.Ledger(), "events": w.Memory.Events(), "decisions": w.Memory.Answers()}
}
