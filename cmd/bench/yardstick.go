package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"sync/atomic"
	"time"
)

// rows of the table that is read by primary key.
const rows = 100_000

// prepareYardsticks makes the tables that are read and written with bare pgx.
func (w *world) prepareYardsticks(ctx context.Context) error {
	for _, statement := range []string{
		`CREATE TABLE yard_read (hash bytea PRIMARY KEY, a text, b text, c text, d timestamptz, e timestamptz, f boolean)`,
		`INSERT INTO yard_read SELECT sha256(int8send(n)), md5(n::text), md5(n::text), md5(n::text), now(), now(), true FROM generate_series(1, 100000) n`,
		`CREATE TABLE yard_write (id bigint PRIMARY KEY, a text, b text, at timestamptz)`,
		`ANALYZE yard_read`,
	} {
		if _, err := w.Pool.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// read is one SELECT by primary key.
func (w *world) read(ctx context.Context) operation {
	var n uint64
	return func() error {
		var a, b, c string
		var d, e time.Time
		var f bool
		n = n*6364136223846793005 + 1442695040888963407
		key := sha256.Sum256(binary.BigEndian.AppendUint64(nil, n>>33%rows+1))
		return w.Pool.QueryRow(ctx, `SELECT a, b, c, d, e, f FROM yard_read WHERE hash = $1`, key[:]).Scan(&a, &b, &c, &d, &e, &f)
	}
}

var written atomic.Int64

// commit is one INSERT of one row, flushed to disk.
func (w *world) commit(ctx context.Context) operation {
	return func() error {
		_, err := w.Pool.Exec(ctx, `INSERT INTO yard_write (id, a, b, at) VALUES ($1, $2, $3, $4)`, written.Add(1), "a line of text", "another", time.Now())
		return err
	}
}

// hello is one answer of a bare gin server to a form.
func hello(base string) (operation, error) {
	c, err := connect(base)
	return func() error {
		got, err := c.do(http.MethodPost, "/", "", "token=some-token-that-nobody-looks-at")
		_, err = expect(got, err, http.StatusOK)
		return err
	}, err
}

// each is how long one call takes, on one core, in nanoseconds.
func each(p plan, call func() error) (float64, error) {
	const batch = 64
	began, n := time.Now(), 0
	for time.Since(began) < p.Measure {
		for range batch {
			if err := call(); err != nil {
				return 0, err
			}
		}
		n += batch
	}
	return float64(time.Since(began).Nanoseconds()) / float64(n), nil
}

// rawSignatures are P-256 signing and verifying and nothing else.
func rawSignatures(p plan) (sign, verify float64, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return 0, 0, err
	}
	sum := sha256.Sum256([]byte("some text"))
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		return 0, 0, err
	}
	if sign, err = each(p, func() error { _, err := ecdsa.SignASN1(rand.Reader, key, sum[:]); return err }); err != nil {
		return 0, 0, err
	}
	verify, err = each(p, func() error {
		if !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
			return errDry
		}
		return nil
	})
	return sign, verify, err
}
