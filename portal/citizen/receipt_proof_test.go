package citizen_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/ledger"
)

// tree answers with what the test wants.
type tree struct {
	proof ledger.Proof
	err   error
	asked string
}

func (x *tree) Proof(_ context.Context, _ consent.SubjectID, kind consent.EntryKind, ref string) (ledger.Proof, error) {
	x.asked = string(kind) + " " + ref
	return x.proof, x.err
}

func TestAReceiptComesWithItsPlaceInTheLedger(t *testing.T) {
	w := newWorld(t)
	b, path := w.answered(allow)
	w.tree.err = consent.NotFound
	early := b.Get(w.base + path + "/proof")
	expect(t, "before the sequencer", early, http.StatusServiceUnavailable, "n’est pas encore prête", "dans 60 secondes")
	if early.Header.Get("Retry-After") != "60" || w.tree.asked != "decision "+strings.TrimPrefix(path, "/receipts/") {
		t.Errorf("Retry-After %q, asked for %s", early.Header.Get("Retry-After"), w.tree.asked)
	}
	w.tree.proof, w.tree.err = ledger.Proof{Fact: "<row>", Entry: "entry", Checkpoint: "checkpoint"}, nil
	file := b.Get(w.base + path + "/proof")
	bundle, err := ledger.ParseBundle([]byte(file.Body))
	if err != nil || bundle.Fact != "<row>" || bundle.Checkpoint != "checkpoint" || strings.Count(bundle.Receipt, ".") != 2 {
		t.Errorf("%+v, %v", bundle, err)
	}
	if file.Header.Get("Cache-Control") != "no-store" || !strings.Contains(file.Header.Get("Content-Disposition"), `"preuve.json"`) || strings.Contains(file.Body, "DUBOIS") {
		t.Errorf("sent as %v", file.Header)
	}
	w.tree.err = errors.New("secret")
	expect(t, "a fault", b.Get(w.base+path+"/proof"), http.StatusInternalServerError)
}
