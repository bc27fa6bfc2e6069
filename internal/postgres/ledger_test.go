package postgres_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/consent/ledger"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
)

// evidence is a world whose life is in the ledger.
type evidence struct {
	*consenttest.World
	db   *postgres.DB
	url  string
	sign *ledger.Signer
	past []string
}

func newEvidence(t *testing.T) *evidence {
	t.Helper()
	sign, err := ledger.NewSigner("portal.example/ledger", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	return &evidence{World: consenttest.NewWorldOn(t, db), db: db, url: url, sign: sign}
}

// live is a life with every kind of entry that a row stands behind.
func (e *evidence) live(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	issued := e.Issued(t, e.PushOnce())
	for _, outcome := range []consent.Outcome{consent.NoFile, consent.Released} {
		open, err := e.Service.AuthorizeAccess(ctx, e.Call(issued))
		if err == nil {
			open.Access.Attestation = consent.NewAttestationCode().Attest(consenttest.Paper("4 270")) // no file leaves none
			err = e.Service.CompleteAccess(ctx, open.Access, outcome, "upstream")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	paused := e.replayed(t)
	err := e.batched(paused)
	if err == nil {
		err = e.Service.Pause(ctx, e.Viewer.Subject, paused.ID)
	}
	if err == nil {
		_, err = e.Service.Withdraw(ctx, e.Viewer.Subject, paused.ID, consent.Moved)
	}
	if err == nil {
		_, err = e.Service.AskRight(ctx, e.Viewer.Subject, consent.RightAccess, "Que savez-vous de moi ?")
	}
	if err == nil {
		err = e.Service.ExportSubject(ctx, consent.Session{Subject: e.Viewer.Subject}, export.NewJSON(io.Discard))
	}
	if err == nil {
		err = e.Service.FollowHabilitation(ctx, consent.Habilitation{Number: "404", Revoked: true, FiredAt: e.Clock.Now()})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// batched is a consent's part in a batch, which met a busy fund.
func (e *evidence) batched(g consent.Grant) error {
	open, err := e.Service.AuthorizeAccess(context.Background(), consent.AccessRequest{
		Way: consent.InBatch, GrantID: g.ID, ClientID: g.ClientID, DataSet: consent.QuotientFamilial, Period: consent.PeriodOf(e.Clock.Now()),
	})
	if err != nil {
		return err
	}
	return e.Service.CompleteAccess(context.Background(), open.Access, consent.Busy, "")
}

// replayed is a consent whose code was used twice, so that its tokens are revoked.
func (e *evidence) replayed(t *testing.T) consent.Grant {
	t.Helper()
	g, r := e.Granted(t, e.Push())
	again := e.Redemption(e.Code(t, r))
	if _, err := e.Service.RedeemCode(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Service.RedeemCode(t.Context(), again); consent.CodeOf(err) != consent.InvalidGrant {
		t.Fatalf("a second use: %v", err)
	}
	return g
}

// settle sequences until nothing waits: other tests' transactions run beside.
func (e *evidence) settle(t *testing.T) {
	t.Helper()
	for waiting := int64(1); waiting > 0; {
		e.sequence(t)
		report, err := e.verify(t)
		if err != nil {
			t.Fatal(err)
		}
		waiting = report.Waiting
	}
}

func (e *evidence) sequence(t *testing.T) int {
	t.Helper()
	placed, err := e.db.Sequence(t.Context(), e.sign, e.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if placed > 0 {
		note, err := e.db.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		e.past = append(e.past, note)
	}
	return placed
}

func (e *evidence) verify(t *testing.T) (ledger.Report, error) {
	t.Helper()
	return e.db.VerifyLedger(t.Context(), e.sign.PublicKey(), e.past, e.Clock.Now(), nil)
}

func TestALedgerIsPlacedSignedAndVerified(t *testing.T) {
	e := newEvidence(t)
	for range 3 {
		e.live(t)
		if e.settle(t); e.sequence(t) != 0 {
			t.Error("entries are placed once")
		}
	}
	e.live(t)
	report, err := e.verify(t)
	if err != nil || report.Entries == 0 || report.Waiting != report.Entries/3 || report.Checkpoints < 6 {
		t.Errorf("%+v, %v", report, err)
	}
}

// Whoever holds a proof and the public key needs nobody.
func TestAnEntryIsProved(t *testing.T) {
	e := newEvidence(t)
	e.live(t)
	g, r := e.Granted(t, e.Push())
	if _, err := e.db.Proof(t.Context(), g.Subject, consent.EntryGrant, g.ID); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("before it has a place: %v", err)
	}
	e.settle(t)
	e.live(t)
	e.settle(t)
	proof, err := e.db.Proof(t.Context(), r.Subject, consent.EntryGrant, g.ID)
	if err != nil || proof.Check(e.sign.PublicKey()) != nil {
		t.Fatalf("%v, %v", err, proof.Check(e.sign.PublicKey()))
	}
	other, _ := ledger.NewSigner("portal.example/ledger", append(make([]byte, 31), 1))
	if err := proof.Check(other.PublicKey()); !errors.Is(err, ledger.ErrCheckpoint) {
		t.Errorf("another key: %v", err)
	}
	for what, spoil := range map[string]func(*ledger.Proof){
		"entry":  func(p *ledger.Proof) { p.Entry = "x" + p.Entry },
		"index":  func(p *ledger.Proof) { p.Path.Index++ },
		"beyond": func(p *ledger.Proof) { p.Path.Index = 1 << 40 },
		"hashes": func(p *ledger.Proof) { p.Path.Hashes = p.Path.Hashes[1:] },
	} {
		spoiled := proof
		if spoil(&spoiled); !errors.Is(spoiled.Check(e.sign.PublicKey()), ledger.ErrProof) {
			t.Errorf("%s spoiled: %v", what, spoiled.Check(e.sign.PublicKey()))
		}
	}
}

// An entry of a transaction that runs long is neither lost nor placed out of turn,
// and nobody waits for the sequencer.
func TestTransactionsThatEndInAnyOrder(t *testing.T) {
	e := newEvidence(t)
	started, finish := make(chan bool), make(chan bool)
	var slow sync.WaitGroup
	slow.Go(func() {
		err := e.db.Transact(context.Background(), func(tx consent.Tx) error {
			err := tx.AppendLedger(context.Background(), consent.LedgerEntry{At: e.Clock.Now(), Kind: consent.EntryExport, Ref: "slow"})
			if _, read := tx.Client(context.Background(), e.Client.ID); read != nil { // it is on the server now
				err = read
			}
			close(started)
			<-finish
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-started
	e.live(t)
	if n := e.sequence(t); n != 0 {
		t.Errorf("%d placed before an older transaction ended", n)
	}
	close(finish)
	slow.Wait()
	e.settle(t)
	if report, err := e.verify(t); err != nil || report.Waiting != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// Several sequencers and many writers at once: every entry has one place.
func TestSequencersTakeTurns(t *testing.T) {
	e := newEvidence(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				err := e.db.Transact(context.Background(), func(tx consent.Tx) error {
					return tx.AppendLedger(context.Background(), consent.LedgerEntry{At: e.Clock.Now(), Kind: consent.EntryExport, Ref: consent.NewID()})
				})
				if err == nil {
					_, err = e.db.Sequence(context.Background(), e.sign, e.Clock.Now())
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	e.settle(t)
	if report, err := e.verify(t); err != nil || report.Entries != 40 || report.Waiting != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// tampered runs SQL as the owner of the database can: without triggers.
func (e *evidence) tampered(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), e.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "SET session_replication_role = replica"); err != nil {
		t.Fatal(err)
	}
	tag, err := conn.Exec(t.Context(), sql)
	if err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: %v, %v", sql, tag, err)
	}
}

// The evidence vouches for the consent as it was left.
func TestAReducedConsentAgreesWithItsEvidence(t *testing.T) {
	e := newEvidence(t)
	g, r := e.Granted(t, e.Push())
	e.Clock.Advance(1e9)
	if _, err := e.Service.Reduce(t.Context(), consent.Reduction{
		GrantID: g.ID, Subject: g.Subject, Groups: g.Details.Groups[:1], Statement: consenttest.Statement(), AuthTime: e.Clock.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	e.settle(t)
	first, err := e.db.DecisionOn(t.Context(), g.Subject, r.ID)
	if err != nil || len(first.Groups) != len(g.Details.Groups) {
		t.Errorf("the answer to the request: %v, %v", first.Groups, err)
	}
}

// The consent that another one replaces, or that its administration gives up, agrees
// with its evidence too.
func TestConsentsThatOthersEndAgreeWithTheirEvidence(t *testing.T) {
	e := newEvidence(t)
	smaller := e.Push()
	smaller.Details.Groups = smaller.Details.Groups[:1]
	former, larger := e.Issued(t, smaller), e.Issued(t, e.Push())
	if g, err := e.db.Grant(t.Context(), former.Grant.Subject, former.Grant.ID); err != nil || g.Status != consent.GrantMerged {
		t.Fatalf("%s, %v", g.Status, err)
	}
	if err := e.Service.RelinquishGrant(t.Context(), e.Client, larger.Grant.ID); err != nil {
		t.Fatal(err)
	}
	e.settle(t)
}
