package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// instance is one more process of the world's portal: same address to the outside,
// same keys, same database.
type instance struct {
	t       *testing.T
	program string
	environ []string
	log     *logBuffer
	address string
	process *exec.Cmd
}

// portalProgram is `portal`, built once for all tests.
func portalProgram(t *testing.T) string {
	t.Helper()
	program, err := builtPortal()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

var builtPortal = sync.OnceValues(func() (string, error) {
	program := filepath.Join(shared, "portal")
	if out, err := exec.Command("go", "build", "-o", program, "../portal").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
})

// shared is a folder for what tests make once, gone after the last.
var shared string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "portal-tests-")
	if err != nil {
		panic(err)
	}
	shared = folder
	code := m.Run()
	running.stop()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// instance starts one, with the world's settings and others that replace them, until
// the test ends.
func (j *journey) instance(program string, settings ...string) *instance {
	j.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		j.t.Fatal(err)
	}
	i := &instance{t: j.t, program: program, log: j.log, address: listener.Addr().String()}
	_ = listener.Close()
	for name, value := range j.environ {
		i.environ = append(i.environ, name+"="+value)
	}
	i.environ = append(append(i.environ, "PORTAL_LISTEN="+i.address, "LOG_LEVEL=ERROR"), settings...)
	j.t.Cleanup(i.kill)
	i.start()
	return i
}

func (i *instance) start() {
	i.t.Helper()
	i.process = exec.Command(i.program, "serve")
	i.process.Env, i.process.Stdout, i.process.Stderr = i.environ, i.log, os.Stderr
	if err := i.process.Start(); err != nil {
		i.t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		response, err := http.Get("http://" + i.address + "/readyz")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			i.t.Fatal("the instance does not start")
		}
	}
}

func (i *instance) kill() {
	_ = i.process.Process.Kill()
	_ = i.process.Wait()
}
