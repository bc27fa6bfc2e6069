package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"

	"portail.example/internal/sandbox/peers"
)

// process is a server of its own that ends when its standard input does, so that
// none outlives us, however we end.
type process struct {
	URL   string
	cmd   *exec.Cmd
	leash io.Closer
}

// startSelf runs this program as a server behind a listener opened here: its
// address is known at once, and early callers wait instead of being refused.
func startSelf(listener *net.TCPListener, environment []string, args ...string) (*process, error) {
	file, err := listener.File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, append([]string{childArgument}, args...)...)
	cmd.Env, cmd.Stderr, cmd.ExtraFiles = environment, os.Stderr, []*os.File{file}
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &process{URL: urlOf(listener), cmd: cmd, leash: leash}, cmd.Start()
}

// startPeer runs a script of package peers and reads the address it announces.
func startPeer(script string, config any) (*process, error) {
	cmd, err := peers.Command(script, config)
	if err != nil {
		return nil, err
	}
	cmd.Env = append(cmd.Env, "NODE_ENV=production")
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, leash: leash}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var announced struct{ Issuer string }
	if err == nil {
		err = json.Unmarshal(line, &announced)
	}
	if err != nil {
		p.Stop()
		return nil, fmt.Errorf("%s: %w", script, err)
	}
	p.URL = announced.Issuer
	return p, nil
}

// Stop ends the process and waits for it.
func (p *process) Stop() {
	_ = p.leash.Close()
	_ = p.cmd.Wait()
}

func listen() (*net.TCPListener, error) {
	return net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
}

// urlOf says localhost: the portal accepts http there only.
func urlOf(l *net.TCPListener) string {
	return "http://localhost:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}
