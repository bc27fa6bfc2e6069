// Package postgres starts a private PostgreSQL for the demo and the tests: its
// own data, its own unix socket, no port, gone when its starter is, even by
// kill -9. It is not for production: nothing is flushed to disk unless asked.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Options of a cluster.
type Options struct {
	Log io.Writer // what PostgreSQL says; nil to drop it
	// Durable flushes what commits, as a real server does: for measuring.
	Durable bool
}

// Cluster is a running PostgreSQL.
type Cluster struct {
	dir     string
	command *exec.Cmd
	leash   io.WriteCloser
	stop    sync.Once
	ended   chan error
}

// superuser owns the cluster; its socket is reachable by our own user only.
const superuser = "portal"

// Start creates a cluster in a temporary directory and waits until it answers.
// The error names the missing package when PostgreSQL is not installed.
func Start(ctx context.Context, options Options) (*Cluster, error) {
	bin, err := findBinaries()
	if err != nil {
		return nil, err
	}
	as, err := owner()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(shortTemp(), "portal-pg-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, ended: make(chan error, 1)}
	if err := c.start(ctx, bin, as, options); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// shortTemp avoids temporary directories too long for a unix socket's path,
// which macOS has and limits to 104 bytes.
func shortTemp() string {
	if dir := os.TempDir(); len(dir) < 60 {
		return dir
	}
	return "/tmp"
}

func (c *Cluster) start(ctx context.Context, bin string, as *syscall.Credential, options Options) error {
	if err := give(c.dir, as); err != nil {
		return err
	}
	if err := initdb(ctx, bin, c.dir, as); err != nil {
		return err
	}
	if err := c.launch(bin, as, options); err != nil {
		return err
	}
	return c.waitReady(ctx, "")
}

func initdb(ctx context.Context, bin, dir string, as *syscall.Credential) error {
	locale := "C.UTF-8"
	if runtime.GOOS == "darwin" {
		locale = "C"
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", superuser,
		"-A", "trust", "-E", "UTF8", "--locale="+locale, "--no-sync")
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, environment(), &syscall.SysProcAttr{Credential: as}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// environment keeps PGHOST and its kin from steering the private cluster.
func environment() []string { return []string{"PATH=/usr/bin:/bin", "LC_ALL=C"} }

// watchdog runs PostgreSQL until its standard input ends, which the kernel does
// for us when we die, however we die; each line before that is a restart. $1 is
// initdb's directory, $2 ours; the rest are settings.
const watchdog = `
trap '' INT TERM HUP
bin=$1 dir=$2
shift 2
begin() {
	"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=200 -c timezone=UTC "$@" </dev/null &
	server=$!
}
end() {
	kill -INT "$server" 2>/dev/null
	wait "$server"
}
begin "$@"
while read -r order; do end; begin "$@"; done
end
rm -rf "$dir"
`

// careless are the settings of a database nobody will miss.
var careless = []string{"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"}

// launch starts the watchdog in a process group of its own, so that Ctrl-C in a
// terminal reaches us and not the database, which must outlive our last queries.
func (c *Cluster) launch(bin string, as *syscall.Credential, options Options) error {
	args := []string{"-c", watchdog, "sh", bin, c.dir}
	if !options.Durable {
		args = append(args, careless...)
	}
	c.command = exec.Command("/bin/sh", args...)
	c.command.Dir, c.command.Env = "/", environment()
	c.command.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setpgid: true}
	c.command.Stdout, c.command.Stderr = options.Log, options.Log
	leash, err := c.command.StdinPipe()
	if err != nil {
		return err
	}
	c.leash = leash
	if err := c.command.Start(); err != nil {
		return err
	}
	go func() { c.ended <- c.command.Wait() }()
	return nil
}

// Restart ends PostgreSQL, every connection with it, and starts it again on the
// same data.
func (c *Cluster) Restart(ctx context.Context) error {
	before, _ := c.state()
	if _, err := io.WriteString(c.leash, "restart\n"); err != nil {
		return err
	}
	return c.waitReady(ctx, before)
}

// state reads what PostgreSQL keeps in postmaster.pid: the process, and whether it
// takes connections.
func (c *Cluster) state() (process string, ready bool) {
	raw, _ := os.ReadFile(filepath.Join(c.dir, "data", "postmaster.pid"))
	lines := strings.Split(string(raw), "\n")
	return lines[0], len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
}

// waitReady waits for another process than the one before.
func (c *Cluster) waitReady(ctx context.Context, before string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		if process, ready := c.state(); ready && process != before {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not start: %w", context.Cause(ctx))
		case err := <-c.ended:
			c.ended <- err
			return fmt.Errorf("PostgreSQL ended while starting: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// URL connects to one of the cluster's databases; "postgres" always exists.
func (c *Cluster) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database}
	u.RawQuery = url.Values{"host": {c.dir}}.Encode()
	return u.String()
}

// Stop ends PostgreSQL and removes its data. It may be called twice.
func (c *Cluster) Stop() (err error) {
	c.stop.Do(func() {
		if c.command != nil && c.command.Process != nil {
			_ = c.leash.Close()
			err = <-c.ended
		}
		err = errors.Join(err, os.RemoveAll(c.dir))
	})
	return err
}
