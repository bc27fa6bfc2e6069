package pgtest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Proxy stands between a portal and its database, and cuts the line at a message
// that a test chooses: what a portal that dies there leaves behind.
type Proxy struct {
	network, target string

	mu    sync.Mutex
	left  int // messages until the cut; 0 when it is not armed
	then  func()
	fired bool
	conns map[net.Conn]bool
}

// NewProxy listens, and returns the address of the database through it.
func NewProxy(t testing.TB, address string) (*Proxy, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	p := &Proxy{conns: map[net.Conn]bool{}}
	p.network, p.target = pgconn.NetworkAddress(config.Host, config.Port)
	go p.accept(listener)
	query := u.Query()
	query.Del("host")
	query.Del("port")
	u.Host, u.RawQuery = listener.Addr().String(), query.Encode()
	return p, u.String()
}

// Arm cuts every line once the database has received the n-th message from now on
// and before anybody hears its answer. then is called just before.
func (p *Proxy) Arm(n int, then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left, p.then, p.fired = n, then, false
}

// Disarm lets everything through and reports whether the cut came.
func (p *Proxy) Disarm() (cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = 0
	return p.fired
}

func (p *Proxy) accept(listener net.Listener) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(p.network, p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		p.mu.Lock()
		p.conns[near], p.conns[far] = true, true
		p.mu.Unlock()
		go p.forward(near, far)
		go func() {
			_, _ = io.Copy(near, far)
			p.hangUp(near, far)
		}()
	}
}

// forward passes messages on, and counts them.
func (p *Proxy) forward(near, far net.Conn) {
	defer p.hangUp(near, far)
	buffer := make([]byte, 64<<10)
	for {
		n, err := near.Read(buffer)
		if err != nil {
			return
		}
		last := p.count()
		if last { // nobody hears what comes back
			_ = near.Close()
		}
		if _, err := far.Write(buffer[:n]); err != nil {
			return
		}
		if last {
			p.settle(far)
			return
		}
	}
}

// settle lets the database finish what it received, then ends every connection.
func (p *Proxy) settle(far net.Conn) {
	if half, ok := far.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		if conn != far {
			_ = conn.Close()
		}
	}
	clear(p.conns)
}

// count reports whether this message is the last one.
func (p *Proxy) count() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left == 0 {
		return false
	}
	if p.left--; p.left > 0 {
		return false
	}
	p.fired = true
	p.then()
	return true
}

func (p *Proxy) hangUp(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close()
		delete(p.conns, conn)
	}
}
