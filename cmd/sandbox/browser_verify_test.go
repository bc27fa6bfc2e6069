package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"portail.example/consent/ledger"
)

// keeper is somebody who kept a proof, the portal's keys and the page that verifies.
type keeper struct {
	*chromium
	folder string
}

// prove opens the page from the disk, gives it a bundle, and returns its verdict and
// what it says of each check; before is what the browser is made to forget first.
func (k keeper) prove(b ledger.Bundle, issuer string, before ...string) string {
	k.t.Helper()
	raw, err := json.Marshal(b)
	if err != nil {
		k.t.Fatal(err)
	}
	k.keep("preuve.json", string(raw))
	k.open("file://" + filepath.Join(k.folder, "verifier.html"))
	for _, script := range before {
		ask[bool](k.chromium, script+"; true")
	}
	for id, name := range map[string]string{"bundle": "preuve.json", "jwks": "jwks.json", "key": "key.txt"} {
		k.do(chromedp.SetUploadFiles(chromedp.CSS("#"+id), []string{filepath.Join(k.folder, name)}))
	}
	k.do(chromedp.SendKeys(chromedp.CSS("#issuer"), issuer), chromedp.Click(chromedp.CSS("button")), chromedp.WaitVisible(chromedp.CSS("#result h2")))
	return strings.ReplaceAll(ask[string](k.chromium, "document.getElementById('result').innerText"), "\u00a0", " ")
}

func (k keeper) keep(name, content string) {
	k.t.Helper()
	if err := os.WriteFile(filepath.Join(k.folder, name), []byte(content), 0o600); err != nil {
		k.t.Fatal(err)
	}
}

// bundle is a citizen's proof as they download it, a second after their answer.
func (j *journey) bundle() (b ledger.Bundle) {
	j.t.Helper()
	done := j.submit(j.identify(j.arrive(), "jeanne"), "/decision", everything())
	address := j.find(hrefs, done, "/receipts/") + "/proof"
	file := j.b.Get(address)
	for tries := 0; tries < 100 && file.Status == 503; tries++ {
		time.Sleep(100 * time.Millisecond) // the sequencer has a clock of its own
		file = j.b.Get(address)
	}
	b, err := ledger.ParseBundle([]byte(file.Body))
	if err != nil {
		j.t.Fatalf("%d: %v", file.Status, err)
	}
	return b
}

// A page opened from the disk, without us, believes a proof and names what was forged
// in each other one.
func TestBrowserVerifiesAReceiptWithoutUs(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	good := j.bundle()
	k := keeper{newChromium(j, "fr", 320), t.TempDir()}
	k.keep("verifier.html", j.text("/verify.html"))
	k.keep("jwks.json", j.text("/oauth/jwks"))
	k.keep("key.txt", j.text("/ledger/key"))
	strangerKey := strings.TrimSpace(j.text("/ledger/key"))

	said := k.prove(good, j.PortalURL)
	if !strings.Contains(said, "est prouvé") || strings.Count(said, "Vrai : ") != 5 || !contains(said, "Partage autorisé", "quotient_familial, enfants") {
		t.Errorf("a good proof: %s", said)
	}
	k.sound("70-verified")
	for what, c := range map[string]struct {
		spoil func(b *ledger.Bundle)
		false string
	}{
		"receipt":    {func(b *ledger.Bundle) { b.Receipt = b.Receipt[:len(b.Receipt)-8] + "AAAAAAAA" }, "signé par le portail"},
		"row":        {func(b *ledger.Bundle) { b.Fact = strings.Replace(b.Fact, "true", "false", 1) }, "ce qui est inscrit"},
		"kind":       {func(b *ledger.Bundle) { b.Entry = strings.Replace(b.Entry, "decision", "export", 1) }, "ce qui est inscrit"},
		"checkpoint": {func(b *ledger.Bundle) { b.Checkpoint = strings.Replace(b.Checkpoint, "\n", "\n1", 1) }, "signé par le journal"},
		"signature":  {func(b *ledger.Bundle) { b.Checkpoint = b.Checkpoint[:len(b.Checkpoint)-9] + "AAAAAAA=\n" }, "signé par le journal"},
		"number":     {func(b *ledger.Bundle) { b.Entry = strings.Replace(b.Entry, `"id":`, `"id":1`, 1) }, "dans le journal"},
		"place":      {func(b *ledger.Bundle) { b.Path.Index++ }, "dans le journal"},
		"hashes":     {func(b *ledger.Bundle) { b.Path.Hashes = b.Path.Hashes[1:] }, "dans le journal"},
	} {
		forged := good
		c.spoil(&forged)
		said := k.prove(forged, j.PortalURL)
		_, after, _ := strings.Cut(said, "Faux : ")
		first, _, _ := strings.Cut(after, "\n")
		if !strings.Contains(said, "n’est pas prouvé") || !strings.Contains(first, c.false) || strings.Contains(said, "Choix") {
			t.Errorf("a forged %s: %s", what, said)
		}
	}
	k.sound("71-forged")
	if said := k.prove(good, "https://other.example"); !contains(said, "n’est pas prouvé", "il vient de") {
		t.Errorf("another portal: %s", said)
	}
	said = k.prove(good, j.PortalURL, `const able = crypto.subtle.importKey.bind(crypto.subtle);
		crypto.subtle.importKey = (format, ...more) => format === "raw" ? Promise.reject(new Error("unknown")) : able(format, ...more)`)
	if !contains(said, "n’est pas complète", "Non vérifié : Le point de contrôle", "Ed25519", "Vrai : L’inscription est dans le journal") {
		t.Errorf("a browser without Ed25519: %s", said)
	}
	k.keep("key.txt", "other.example"+strangerKey)
	if said := k.prove(good, j.PortalURL); !contains(said, "n’est pas prouvé", "la clé du journal") {
		t.Errorf("another ledger: %s", said)
	}
}

// sound looks at the page with the eyes of axe, and for errors nobody sees.
func (k keeper) sound(name string) {
	k.t.Helper()
	if wide := ask[int64](k.chromium, "document.documentElement.scrollWidth - window.innerWidth"); wide > 0 {
		k.t.Errorf("%s: %d pixels too wide", name, wide)
	}
	for _, fault := range append(k.violations(), k.heard()...) {
		k.t.Errorf("%s: %s", name, fault)
	}
	k.picture(name)
}
