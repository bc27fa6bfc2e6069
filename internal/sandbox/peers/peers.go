// Package peers runs, in tests, OpenID software that none of us wrote: npm
// openid-client as an administration, oidc-provider as FranceConnect, axe-core on
// pages. `make peers` fetches them by lockfile.
package peers

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// File is the content of a file of an npm package.
func File(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir(), "node_modules", path))
	if err != nil {
		t.Fatalf("%v (make peers fetches it)", err)
	}
	return string(content)
}

// Peer is a running script that answers each line of JSON with one.
type Peer struct {
	t   testing.TB
	in  io.WriteCloser
	out *bufio.Scanner
}

// Start runs a script of this package with a configuration; it ends with the
// test.
func Start(t testing.TB, script string, config any) *Peer {
	t.Helper()
	cmd, err := Command(script, config)
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &Peer{t: t, in: in, out: bufio.NewScanner(out)}
}

// Read waits for the peer's next line.
func (p *Peer) Read(into any) {
	p.t.Helper()
	if !p.out.Scan() {
		p.t.Fatalf("the peer stopped: %v", p.out.Err())
	}
	if err := json.Unmarshal(p.out.Bytes(), into); err != nil {
		p.t.Fatalf("%v: %s", err, p.out.Bytes())
	}
}

// Ask sends a line and waits for the answer.
func (p *Peer) Ask(question, into any) {
	p.t.Helper()
	if err := json.NewEncoder(p.in).Encode(question); err != nil {
		p.t.Fatal(err)
	}
	p.Read(into)
}
