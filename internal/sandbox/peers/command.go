package peers

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Command is a script of this package with a configuration, not started yet. It
// ends when its standard input does.
func Command(script string, config any) (*exec.Cmd, error) {
	if _, err := os.Stat(filepath.Join(dir(), "node_modules", ".stamp")); err != nil {
		return nil, fmt.Errorf("%w (make peers fetches it)", err)
	}
	raw, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	program, err := node()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "--no-warnings", filepath.Join(dir(), script))
	cmd.Env = append(os.Environ(), "PEER_CONFIG="+string(raw))
	cmd.Stderr = os.Stderr
	return cmd, nil
}

// Source is a program given as text, which finds the packages of this folder.
func Source(text string) (*exec.Cmd, error) {
	program, err := node()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "--input-type=module", "-")
	cmd.Dir, cmd.Stdin = dir(), strings.NewReader(text)
	return cmd, nil
}

// dir is where this file, the scripts and node_modules are.
func dir() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}

// node is the one fetched beside the peers when the machine's is too old.
func node() (string, error) {
	found, err := filepath.Glob(filepath.Join(dir(), "runtime", "node_modules", "*", "bin", "node"))
	if err == nil && len(found) > 0 {
		return found[0], nil
	}
	path, err := exec.LookPath("node")
	if err != nil {
		return "", fmt.Errorf("%w (the peers are npm programs)", err)
	}
	return path, nil
}
