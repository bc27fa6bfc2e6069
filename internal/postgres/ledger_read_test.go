package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
)

// PostgreSQL keeps the ledger as the store in memory does.
func TestALedgerIsReadAsTheContractSays(t *testing.T) {
	consenttest.EvidenceSuite(t, func(t *testing.T) consenttest.EvidenceWorld {
		e := newEvidence(t)
		return consenttest.EvidenceWorld{Store: e.db, Ledger: e.db, Key: e.sign.PublicKey(), Sequence: func(now time.Time) error {
			for { // other tests' transactions run beside
				placed, err := e.db.Sequence(context.Background(), e.sign, now)
				if err != nil || placed > 0 {
					return err
				}
			}
		}}
	})
}

// A verification that was asked for on the page finds what one on the machine finds.
func TestALedgerIsVerifiedInTheBackground(t *testing.T) {
	e := newEvidence(t)
	e.live(t)
	inspector := ledger.NewInspector(e.db, e.sign.PublicKey(), e.Clock.Now)
	auditor := e.Agent(t, consent.RoleAuditor)
	e.settle(t)
	verify := func() ledger.Verification {
		e.Clock.Advance(time.Minute)
		if _, err := inspector.AskVerification(t.Context(), auditor); err != nil {
			t.Fatal(err)
		}
		v, found, err := inspector.Verify(t.Context())
		if err != nil || !found {
			t.Fatalf("%v, %t", err, found)
		}
		return v
	}
	if v := verify(); v.State != ledger.VerificationIntact || v.Checked == 0 || v.Checkpoints == 0 {
		t.Errorf("%+v", v)
	}
	want := e.number(t, ofAccess)
	e.tampered(t, `UPDATE access SET month = 1`+released)
	_, told := e.verify(t)
	fault, _ := errors.AsType[ledger.Fault](told)
	if v := verify(); v.State != ledger.VerificationFaulty || v.Fault.Entry != want || v.Fault != fault {
		t.Errorf("%+v, want %v", v, told)
	}
}
