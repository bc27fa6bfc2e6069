package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// logged are the settings of a connection whose statements are counted. The log is
// in every PostgreSQL; an extension is not.
const logged = "-c log_statement=all"

// statementLog reads PostgreSQL's log and keeps the statements of logged
// connections.
type statementLog struct {
	mu    sync.Mutex
	part  []byte
	lines []string
}

func newStatementLog() *statementLog { return &statementLog{} }

func (l *statementLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.part = append(l.part, p...)
	for {
		line, rest, found := bytes.Cut(l.part, []byte("\n"))
		if !found {
			return len(p), nil
		}
		for _, kind := range []string{"LOG:  statement: ", "LOG:  execute "} {
			if _, text, ok := strings.Cut(string(line), kind); ok {
				l.lines = append(l.lines, text)
			}
		}
		l.part = rest
	}
}

// take empties the log up to a mark.
func (l *statementLog) take(mark string) ([]string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, line := range l.lines {
		if strings.Contains(line, mark) {
			out := l.lines[:i]
			l.lines = nil
			return out, true
		}
	}
	return nil, false
}

// statements are those of n operations, for each; begin and commit count too.
func (w *world) statements(ctx context.Context, n int, op operation) (float64, error) {
	conn, err := pgx.Connect(ctx, w.database(logged))
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := op(); err != nil { // prepares statements, opens connections
		return 0, err
	}
	if _, err := w.until(ctx, conn, "before"); err != nil {
		return 0, err
	}
	for range n {
		if err := op(); err != nil {
			return 0, err
		}
	}
	seen, err := w.until(ctx, conn, "after")
	return float64(len(seen)) / float64(n), err
}

// until writes a mark into the log and waits to read it back.
func (w *world) until(ctx context.Context, conn *pgx.Conn, mark string) ([]string, error) {
	if _, err := conn.Exec(ctx, "SELECT '"+mark+" the statements that count'"); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if seen, found := w.Log.take(mark + " the statements"); found {
			return seen, nil
		}
	}
	return nil, fmt.Errorf("PostgreSQL did not log the mark %q", mark)
}
