package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// port is a place in the demo's block of ports.
type port int

// The block: FirstPort plus these.
const (
	portalPort        port = 0
	franceConnectPort port = 1
	proConnectPort    port = 2
	apiPort           port = 3
	townHallPort      port = 4
	mailboxPort       port = 5
	citizenPort       port = 6
)

type listeners map[port]net.Listener

// openListeners binds every port before anything starts, so that a busy one is
// told at once and nothing has to be undone.
func openListeners(first int) (listeners, error) {
	out := listeners{}
	for _, p := range []port{portalPort, franceConnectPort, proConnectPort, apiPort, townHallPort, mailboxPort, citizenPort} {
		number := 0
		if first != 0 {
			number = first + int(p)
		}
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(number)))
		if err != nil {
			out.close()
			return listeners{}, busy(number, err)
		}
		out[p] = listener
	}
	return out, nil
}

func busy(number int, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken; choose another block, for example: make demo DEMO_PORT=18080", number)
	}
	return err
}

// url is where a server answers: localhost, which browsers treat as trustworthy,
// so that Secure cookies work over http.
func (l listeners) url(p port) string {
	listener, ok := l[p]
	if !ok {
		return ""
	}
	return "http://localhost:" + strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// take hands a listener over to the server that will close it.
func (l listeners) take(p port) net.Listener { return l[p] }

func (l listeners) close() {
	for _, listener := range l {
		_ = listener.Close()
	}
}
