// Package pgtest gives each test a database of its own on a real PostgreSQL: a
// private cluster started once per test process, or the server that
// TEST_DATABASE_URL names. The schema is migrated once and cloned.
package pgtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"portail.example/consent"
	"portail.example/internal/postgres"
	cluster "portail.example/internal/sandbox/postgres"
	"portail.example/migrations"
)

// New is a fresh, migrated database, gone after the test.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open connects to a database of URL's, or to one through a Proxy.
func Open(t testing.TB, address string) *postgres.DB {
	t.Helper()
	keys, err := postgres.NewKeys(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	db, err := postgres.Open(t.Context(), postgres.Config{URL: address, MaxConns: 8, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL is where a fresh, migrated database answers; it is dropped after the test.
func URL(t testing.TB) string {
	t.Helper()
	template, err := prepare()
	if err != nil {
		t.Fatal(err)
	}
	return create(t, template)
}

// Clone is a copy of a database of URL's to which nobody is connected any more; it is
// dropped after the test.
func Clone(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return create(t, strings.TrimPrefix(u.Path, "/"))
}

func create(t testing.TB, template string) string {
	t.Helper()
	name := "portal_test_" + hex.EncodeToString([]byte(consent.NewID()))[:16]
	if err := run("CREATE DATABASE " + name + " TEMPLATE " + template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(name)
}

// server is the address of the server tests use. The private cluster ends with
// the test process: its watchdog sees to it.
var server = sync.OnceValues(func() (string, error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		return given, nil
	}
	c, err := cluster.Start(context.Background(), cluster.Options{})
	if err != nil {
		return "", err
	}
	return c.URL("postgres"), nil
})

// prepare migrates the template once per process and per schema. Its name holds
// the schema's hash, so that a server kept between runs never serves an old one.
var prepare = sync.OnceValues(func() (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	db, err := admin()
	if err != nil {
		return "", err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // the lock below belongs to one connection
	// Test processes run at once and may share the server.
	if _, err := db.Exec("SELECT pg_advisory_lock(7341)"); err != nil {
		return "", err
	}
	var exists bool
	if err := db.QueryRow("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil || exists {
		return name, err
	}
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	if err := postgres.Migrate(context.Background(), withDatabase(name)); err != nil {
		_, _ = db.Exec("DROP DATABASE " + name) // half a schema must not be found by the next run
		return "", err
	}
	return name, nil
})

func templateName() (string, error) {
	sum := sha256.New()
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			return "", err
		}
		sum.Write(text)
	}
	return fmt.Sprintf("portal_template_%x", sum.Sum(nil)[:6]), nil
}

func admin() (*sql.DB, error) {
	address, err := server()
	if err != nil {
		return nil, err
	}
	return sql.Open("pgx", address)
}

func run(statement string) error {
	db, err := admin()
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

func withDatabase(name string) string {
	address, _ := server() // prepare has succeeded
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.Path = "/" + name
	return u.String()
}
