package signing

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// reread is how often the file of a ring is looked at, when it is used: a rotation
// or a revocation reaches every instance within it, without a restart.
const reread = 5 * time.Second

// OpenRing reads a ring from a file and follows its changes. A file that cannot be
// read or understood changes nothing, and is told in the log.
func OpenRing(path string, open Opener, logger *slog.Logger, now func() time.Time) (*Ring, error) {
	f := &file{path: path, open: open, logger: logger, now: now}
	if err := f.read(); err != nil {
		return nil, err
	}
	return newRing(f, now)
}

type file struct {
	path   string
	open   Opener
	logger *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	text    []byte
	list    []member
	checked time.Time
}

func (f *file) members() []member {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.checked).Abs() >= reread {
		if err := f.read(); err != nil {
			f.logger.Error("the key ring keeps its last state", "error", err)
		}
	}
	return f.list
}

// read replaces the members when the text changed.
func (f *file) read() error {
	f.checked = f.now()
	text, err := os.ReadFile(f.path)
	if err != nil || bytes.Equal(text, f.text) {
		return err
	}
	list, err := parse(text, f.open)
	if err != nil {
		return err
	}
	if newest(list, f.now()) == nil {
		return ErrNoKey
	}
	f.text, f.list = text, list
	return nil
}

// Replace changes a ring's file in one step: readers find the old one or the new
// one. Mode and owner stay as they are.
func Replace(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".ring-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Chmod(info.Mode().Perm()), keepOwner(temporary, info), temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
	}
	return err
}
