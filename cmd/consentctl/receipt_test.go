package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
	"portail.example/consent/token"
	"portail.example/internal/postgres/pgtest"
	"portail.example/internal/signing"
)

const receiptIssuer = "https://portal.example"

// proved is a bundle from a real database, and the folder with what checks it.
type proved struct {
	folder string
	key    *signing.Key
	bundle ledger.Bundle
}

func newProved(t *testing.T) proved {
	t.Helper()
	db := pgtest.Open(t, pgtest.URL(t))
	world := consenttest.NewWorldOn(t, db)
	_, r := world.Granted(t, world.Push())
	decision, err := db.DecisionOn(t.Context(), world.Viewer.Subject, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	sign, err := ledger.NewSigner("portal.example/ledger", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	proof, err := db.Proof(t.Context(), decision.Subject, consent.EntryDecision, decision.ID)
	for consent.CodeOf(err) == consent.NotFound { // other tests' transactions hold the sequencer back
		if _, err = db.Sequence(t.Context(), sign, time.Now()); err != nil {
			t.Fatal(err)
		}
		proof, err = db.Proof(t.Context(), decision.Subject, consent.EntryDecision, decision.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	p := proved{folder: t.TempDir()}
	if p.key, _, err = signing.Generate(); err != nil {
		t.Fatal(err)
	}
	p.bundle = ledger.Bundle{Receipt: p.receipt(t, decision, "dpv:ConsentGiven"), Proof: proof}
	p.file(t, "jwks", string(p.key.JWKS()))
	p.file(t, "key", sign.PublicKey()+"\n")
	return p
}

func (p proved) receipt(t *testing.T, d consent.Decision, state string) string {
	t.Helper()
	var data []string
	for _, g := range d.Groups {
		data = append(data, string(g))
	}
	hash := d.Statement.Hash()
	signed, err := p.key.MintReceipt(token.ReceiptClaims{
		Issuer: receiptIssuer, ID: d.ID, IssuedAt: token.At(d.At),
		Receipt: token.Receipt{
			RecordID: d.ID, Parties: []token.Party{{Role: "dpv:Recipient", Name: "Commune", ID: "21990012300015"}},
			Processing: []token.Processing{{Purpose: "tarification-cantine", Data: data, EndsOn: d.EndsOn.String()}},
			Events:     []token.RecordEvent{{State: state, Time: token.At(d.At)}},
			Notice:     token.Notice{Language: d.Statement.Language, Version: d.Statement.Version, Hash: hex.EncodeToString(hash[:])},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (p proved) file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(p.folder, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (p proved) verify(t *testing.T, b ledger.Bundle, more ...string) (string, error) {
	t.Helper()
	raw, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"receipt", "verify", "--jwks", filepath.Join(p.folder, "jwks"), "--key", filepath.Join(p.folder, "key"), "--issuer", receiptIssuer}, more...)
	var out strings.Builder
	err = run(t.Context(), append(args, p.file(t, "preuve.json", string(raw))), nil, &out)
	return out.String(), err
}

// A receipt is verified with two public keys and nothing else, and each forged part
// has its own exit status.
func TestAReceiptIsVerifiedOffline(t *testing.T) {
	p := newProved(t)
	if out, err := p.verify(t, p.bundle); err != nil || !strings.Contains(out, "proved: answer") || !strings.Contains(out, "quotient_familial enfants") {
		t.Errorf("%s%v", out, err)
	}
	for what, c := range map[string]struct {
		spoil  func(b *ledger.Bundle)
		status int
	}{
		"no bundle":          {func(b *ledger.Bundle) { b.Entry = "" }, 1},
		"receipt":            {func(b *ledger.Bundle) { b.Receipt += "x" }, 2},
		"row":                {func(b *ledger.Bundle) { b.Fact = strings.Replace(b.Fact, "true", "false", 1) }, 3},
		"checkpoint":         {func(b *ledger.Bundle) { b.Checkpoint = strings.Replace(b.Checkpoint, "\n", "\n1", 1) }, 4},
		"place in the tree":  {func(b *ledger.Bundle) { b.Path.Index++ }, 5},
		"entry in the tree":  {func(b *ledger.Bundle) { b.Entry = strings.Replace(b.Entry, `"id":`, `"id":1`, 1) }, 5},
		"hashes of the tree": {func(b *ledger.Bundle) { b.Path.Hashes = nil }, 5},
	} {
		spoiled := p.bundle
		c.spoil(&spoiled)
		if out, err := p.verify(t, spoiled); err == nil || statusOf(err) != c.status || out != "" {
			t.Errorf("%s: %v is status %d, want %d", what, err, statusOf(err), c.status)
		}
	}
	if _, err := p.verify(t, p.bundle, "--issuer", "https://other.example"); statusOf(err) != 2 {
		t.Errorf("another issuer: %v", err)
	}
	for what, args := range map[string][]string{
		"no key": {"--key", ""}, "no such file": {"--key", p.folder + "/none"}, "a book": {"--key", p.file(t, "book", strings.Repeat("x", maxFile+1))},
		"no keys": {"--jwks", p.file(t, "text", "text")}, "a flag that is none": {"--what", "x"},
	} {
		if _, err := p.verify(t, p.bundle, args...); err == nil || statusOf(err) != 1 {
			t.Errorf("%s: %v", what, err)
		}
	}
}
