package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
)

// What an auditor took from the pages is checked without the portal; what was changed
// is not believed.
func TestTheEvidencesPapersAreCheckedAlone(t *testing.T) {
	m, clock := consenttest.NewMemory(), consenttest.NewClock()
	e := consenttest.NewEvidence(m)
	for range 3 {
		err := m.Transact(t.Context(), func(tx consent.Tx) error {
			return tx.AppendLedger(t.Context(), consent.LedgerEntry{At: clock.Now(), Kind: consent.EntryExport, Ref: consent.NewID()})
		})
		if err := errors.Join(err, e.Sequence(clock.Now())); err != nil {
			t.Fatal(err)
		}
	}
	i, auditor := ledger.NewInspector(e, e.Signer.PublicKey(), clock.Now), consent.Agent{ID: "a", Role: consent.RoleAuditor}
	proof, err := i.Prove(t.Context(), auditor, 2)
	same, errSame := i.Consistency(t.Context(), auditor, 1, 3)
	file, errFile := i.Export(t.Context(), auditor)
	var whole strings.Builder
	if err := errors.Join(err, errSame, errFile, file.Write(t.Context(), &whole)); err != nil {
		t.Fatal(err)
	}
	key := kept(t, "key.txt", e.Signer.PublicKey()+"\n")
	for verb, text := range map[string]string{"entry": asJSON(t, proof), "consistency": asJSON(t, same), "file": whole.String()} {
		var out strings.Builder
		if err := run(t.Context(), []string{"ledger", verb, key, kept(t, verb, text)}, nil, &out); err != nil || !strings.HasPrefix(out.String(), "proved:") {
			t.Errorf("%s: %v, %q", verb, err, out.String())
		}
		spoiled := strings.NewReplacer(`\"kind\":\"export`, `\"kind\":\"purge`, `"kind":"export`, `"kind":"purge`, `"hashes":["`, `"hashes":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","`).Replace(text)
		err := run(t.Context(), []string{"ledger", verb, key, kept(t, verb, spoiled)}, nil, io.Discard)
		if statusOf(err) != 5 {
			t.Errorf("%s, spoiled: %v", verb, err)
		}
		if err := run(t.Context(), []string{"ledger", verb, key, filepath.Join(t.TempDir(), "none")}, nil, io.Discard); statusOf(err) != 1 || err == nil {
			t.Errorf("%s of nothing: %v", verb, err)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func kept(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
