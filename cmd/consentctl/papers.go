package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"portail.example/consent/ledger"
)

// papers are the files that the evidence's pages give away, checked with the public key:
// no database, no network.
var papers = map[string]func(key string, from *os.File, out io.Writer) error{
	"entry": func(key string, from *os.File, out io.Writer) error {
		var p ledger.Proof
		if err := readProof(from, &p); err != nil {
			return err
		}
		if err := p.Check(key); err != nil {
			return err
		}
		checkpoint, err := ledger.OpenCheckpoint(p.Checkpoint, key)
		fmt.Fprintf(out, "proved: place %d of the %d of %s holds\n%s\n", p.Path.Index+1, checkpoint.Size, checkpoint.Origin, p.Entry)
		return err
	},
	"consistency": func(key string, from *os.File, out io.Writer) error {
		var c ledger.Consistency
		if err := readProof(from, &c); err != nil {
			return err
		}
		if err := c.Check(key); err != nil {
			return err
		}
		first, errFirst := ledger.OpenCheckpoint(c.From, key)
		last, err := ledger.OpenCheckpoint(c.To, key)
		fmt.Fprintf(out, "proved: the first %d entries of %s are those of the checkpoint of %d\n", first.Size, last.Origin, last.Size)
		return errors.Join(errFirst, err)
	},
	"file": func(key string, from *os.File, out io.Writer) error {
		checkpoint, err := ledger.CheckFile(from, key)
		if err == nil {
			_, err = fmt.Fprintf(out, "proved: these are the %d entries of %s\n", checkpoint.Size, checkpoint.Origin)
		}
		return err
	},
}

// paper runs `consentctl ledger entry|consistency|file KEY FILE`; false when it is
// another command.
func paper(args []string, out io.Writer) (bool, error) {
	if len(args) < 2 || args[0] != "ledger" || papers[args[1]] == nil {
		return false, nil
	}
	if len(args) != 4 {
		return true, errors.New(usage)
	}
	key, err := readAll(args[2])
	if err != nil {
		return true, err
	}
	file, err := os.Open(args[3])
	if err != nil {
		return true, err
	}
	defer file.Close()
	return true, papers[args[1]](strings.TrimSpace(string(key[0])), file, out)
}

// readProof reads a proof, which is small.
func readProof(from io.Reader, into any) error {
	if err := json.NewDecoder(io.LimitReader(from, maxFile)).Decode(into); err != nil {
		return fmt.Errorf("not a proof: %w", err)
	}
	return nil
}
