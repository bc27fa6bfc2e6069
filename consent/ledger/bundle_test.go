package ledger_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/consent/token"
)

const issuer = "https://portal.example"

// office signs receipts and checkpoints of a ledger of seven entries, the fourth of
// which is the answer's.
type office struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	sign *ledger.Signer
}

func newOffice(t *testing.T) *office {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sign, err := ledger.NewSigner("portal.example/ledger", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return &office{t, key, sign}
}

var answeredAt = time.Date(2026, time.November, 24, 10, 0, 0, 0, time.UTC)

// row is what PostgreSQL writes of a decision.
const row = `{"at": "2026-11-24T10:00:00.500000", "id": "d1", "acr": "eidas1", "text": "aa", "client": "c", "groups": ["quotient_familial", "enfants"], "allowed": true, "ends_on": "2027-08-31", "request": "r", "subject": "s", "version": 1}`

// claims are the receipt of that row.
func claims() jwt.MapClaims {
	return jwt.MapClaims{"iss": issuer, "jti": "d1", "iat": answeredAt.Unix(), "consent_receipt": map[string]any{
		"record_id": "d1", "event": []any{map[string]any{"event_state": "dpv:ConsentGiven", "event_time": answeredAt.Unix()}},
		"pii_processing": []any{map[string]any{"pii_information": []string{"quotient_familial", "enfants"}, "consent_expiry": "2027-08-31"}},
		"privacy_notice": map[string]any{"language": "fr", "version": 1, "sha256": "aa"},
	}}
}

// receipt signs claims.
func (o *office) receipt(c jwt.MapClaims) string {
	o.t.Helper()
	t := jwt.NewWithClaims(jwt.SigningMethodES256, c)
	t.Header["typ"], t.Header["kid"] = token.ReceiptType, "k1"
	raw, err := t.SignedString(o.key)
	if err != nil {
		o.t.Fatal(err)
	}
	return raw
}

// entry speaks of a row.
func entry(row string) ledger.Entry {
	fact := sha256.Sum256([]byte(row))
	text, _ := hex.DecodeString("aa")
	return ledger.Entry{ID: 4, Fact: fact[:], LedgerEntry: consent.LedgerEntry{
		At: answeredAt, Kind: consent.EntryDecision, Subject: "s", ClientID: "c", Ref: "d1", RequestID: "r", TextHash: text,
	}}
}

// bundle proves an entry in a ledger that has it.
func (o *office) bundle(c jwt.MapClaims, row string, e ledger.Entry) ledger.Bundle {
	o.t.Helper()
	entries := make([]ledger.Entry, 7)
	for i := range entries {
		entries[i] = ledger.Entry{ID: int64(i + 1), LedgerEntry: consent.LedgerEntry{At: answeredAt, Kind: consent.EntryExport, Ref: "x"}}
	}
	entries[3] = e
	tree, err := ledger.Grow(0, entries, ledger.Empty)
	if err != nil {
		o.t.Fatal(err)
	}
	root, err := tree.Root()
	if err != nil {
		o.t.Fatal(err)
	}
	note, err := o.sign.Sign(tree.Size, root)
	if err != nil {
		o.t.Fatal(err)
	}
	proof, err := ledger.Prove(e, row, 3, tree.Size, note, tree)
	if err != nil {
		o.t.Fatal(err)
	}
	return ledger.Bundle{Receipt: o.receipt(c), Proof: proof}
}

func (o *office) verify(b ledger.Bundle) (ledger.Believed, error) {
	return b.Verify(o.t.Context(), token.StaticKeys{"k1": &o.key.PublicKey}, issuer, o.sign.PublicKey())
}

// A bundle that went through a file, and a program that lays JSON out anew, proves
// what it proved.
func TestAReceiptIsProvedWithoutAnybody(t *testing.T) {
	o := newOffice(t)
	raw, err := json.Marshal(o.bundle(claims(), row, entry(row)))
	if err != nil {
		t.Fatal(err)
	}
	var laid bytes.Buffer
	if err := json.Indent(&laid, raw, "", "    "); err != nil {
		t.Fatal(err)
	}
	b, err := ledger.ParseBundle(laid.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	believed, err := o.verify(b)
	if err != nil || believed.Entry != 4 || believed.Checkpoint.Size != 7 || believed.Receipt.ID != "d1" {
		t.Errorf("%+v, %v", believed, err)
	}
}

// Each part that somebody changed is named.
func TestAForgedBundleIsNotBelieved(t *testing.T) {
	o, stranger := newOffice(t), newOffice(t)
	var err error
	if stranger.sign, err = ledger.NewSigner("portal.example/ledger", bytes.Repeat([]byte{1}, 32)); err != nil {
		t.Fatal(err)
	}
	good := o.bundle(claims(), row, entry(row))
	theirs := stranger.bundle(claims(), row, entry(row))
	for what, c := range map[string]struct {
		spoil func(b *ledger.Bundle)
		want  error
	}{
		"a receipt of somebody else": {func(b *ledger.Bundle) { b.Receipt = theirs.Receipt }, ledger.ErrReceipt},
		"a receipt that was cut":     {func(b *ledger.Bundle) { b.Receipt = b.Receipt[:len(b.Receipt)-4] }, ledger.ErrReceipt},
		"another row":                {func(b *ledger.Bundle) { b.Fact = strings.Replace(b.Fact, "true", "false", 1) }, ledger.ErrEntry},
		"an entry for the other row": {func(b *ledger.Bundle) {
			refused := strings.Replace(row, "true", "false", 1)
			b.Fact, b.Entry = refused, string(entry(refused).Bytes())
		}, ledger.ErrEntry},
		"an entry that is not JSON":      {func(b *ledger.Bundle) { b.Entry = "entry" }, ledger.ErrEntry},
		"an entry with another number":   {func(b *ledger.Bundle) { b.Entry = strings.Replace(b.Entry, `"id":4`, `"id":5`, 1) }, ledger.ErrProof},
		"another place":                  {func(b *ledger.Bundle) { b.Path.Index = 2 }, ledger.ErrProof},
		"a place before all":             {func(b *ledger.Bundle) { b.Path.Index = -1 }, ledger.ErrProof},
		"a place behind all":             {func(b *ledger.Bundle) { b.Path.Index = 7 }, ledger.ErrProof},
		"a hash too few":                 {func(b *ledger.Bundle) { b.Path.Hashes = b.Path.Hashes[1:] }, ledger.ErrProof},
		"no hash":                        {func(b *ledger.Bundle) { b.Path.Hashes = nil }, ledger.ErrProof},
		"a checkpoint of somebody else":  {func(b *ledger.Bundle) { b.Checkpoint = theirs.Checkpoint }, ledger.ErrCheckpoint},
		"a checkpoint of another size":   {func(b *ledger.Bundle) { b.Checkpoint = strings.Replace(b.Checkpoint, "\n7\n", "\n8\n", 1) }, ledger.ErrCheckpoint},
		"a checkpoint without signature": {func(b *ledger.Bundle) { b.Checkpoint, _, _ = strings.Cut(b.Checkpoint, "—") }, ledger.ErrCheckpoint},
	} {
		spoiled := good
		c.spoil(&spoiled)
		if _, err := o.verify(spoiled); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

// Whoever holds the signing key, and not the ledger, cannot give out a receipt that
// says something else than what was decided.
func TestAReceiptSaysWhatTheLedgerSays(t *testing.T) {
	o := newOffice(t)
	record := func(change func(record map[string]any)) jwt.MapClaims {
		c := claims()
		change(c["consent_receipt"].(map[string]any))
		return c
	}
	processing := func(name string, value any) jwt.MapClaims {
		return record(func(r map[string]any) { r["pii_processing"].([]any)[0].(map[string]any)[name] = value })
	}
	event := func(name string, value any) jwt.MapClaims {
		return record(func(r map[string]any) { r["event"].([]any)[0].(map[string]any)[name] = value })
	}
	another := record(func(r map[string]any) { r["record_id"] = "d2" })
	another["jti"] = "d2"
	withdrawn, export := entry(row), entry(row)
	withdrawn.Ref, export.Kind = "d2", consent.EntryExport
	for member, b := range map[string]ledger.Bundle{
		"record_id":       o.bundle(another, row, entry(row)),
		"event_state":     o.bundle(event("event_state", "dpv:ConsentRefused"), row, entry(row)),
		"event_time":      o.bundle(event("event_time", answeredAt.Unix()+1), row, entry(row)),
		"pii_information": o.bundle(processing("pii_information", []string{"quotient_familial", "enfants", "adresse"}), row, entry(row)),
		"consent_expiry":  o.bundle(processing("consent_expiry", "2028-08-31"), row, entry(row)),
		"pii_processing":  o.bundle(record(func(r map[string]any) { r["pii_processing"] = []any{} }), row, entry(row)),
		"privacy_notice":  o.bundle(record(func(r map[string]any) { r["privacy_notice"].(map[string]any)["sha256"] = "bb" }), row, entry(row)),
		"ref":             o.bundle(claims(), row, withdrawn),
		"kind":            o.bundle(claims(), row, export),
	} {
		if _, err := o.verify(b); !errors.Is(err, ledger.ErrEntry) || !strings.HasSuffix(err.Error(), member) {
			t.Errorf("%s: %v", member, err)
		}
	}
}

func TestWhatIsNoBundle(t *testing.T) {
	for what, raw := range map[string]string{
		"nothing": "", "a receipt alone": "eyJ", "another document": "{}", "no receipt": `{"fact": "{}", "entry": "{}", "checkpoint": "c"}`,
		"a book": strings.Repeat(" ", 1<<20), "a number": `{"receipt": 1}`, "a short hash": `{"receipt": "r", "proof": {"hashes": ["AA=="]}}`,
	} {
		if _, err := ledger.ParseBundle([]byte(raw)); !errors.Is(err, ledger.ErrBundle) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
