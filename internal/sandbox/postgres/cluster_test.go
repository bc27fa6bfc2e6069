package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asChild makes this test binary start a cluster, tell where, and wait to be killed.
const asChild = "-start-cluster-and-wait"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == asChild {
		c, err := Start(context.Background(), Options{})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(c.dir)
		select {}
	}
	os.Exit(m.Run())
}

func TestAClusterAnswersAndLeavesNothingBehind(t *testing.T) {
	c, err := Start(t.Context(), Options{Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	if err := dial(c.dir); err != nil {
		t.Error(err)
	}
	if err := c.Stop(); err != nil {
		t.Error(err)
	}
	gone(t, c.dir)
}

func TestARestartedClusterIsTheSameOne(t *testing.T) {
	c, err := Start(t.Context(), Options{Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	address := c.URL("postgres")
	before, _ := c.state()
	if err := c.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, ready := c.state(); !ready || after == before || c.URL("postgres") != address {
		t.Errorf("process %s before, %s after, ready %v", before, after, ready)
	}
	if err := dial(c.dir); err != nil {
		t.Error(err)
	}
}

func TestTwoClustersLiveSideBySide(t *testing.T) {
	for range 2 {
		c, err := Start(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Stop() })
		if err := dial(c.dir); err != nil {
			t.Error(err)
		}
	}
}

func TestKillingTheStarterStopsTheClusterAndRemovesItsData(t *testing.T) {
	child := exec.Command(os.Args[0], asChild)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSpace(string(line[:n]))
	if err := dial(dir); err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	gone(t, dir)
}

func TestAnAbandonedStartLeavesNothingBehind(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir, err := os.MkdirTemp("", "abandoned-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	if _, err := Start(ctx, Options{}); err == nil {
		t.Error("a cluster started for a caller that had given up")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func dial(dir string) error {
	conn, err := net.Dial("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		return err
	}
	return conn.Close()
}

// gone waits for the watchdog, which works after its master's death.
func gone(t *testing.T, dir string) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%s still exists", dir)
}
