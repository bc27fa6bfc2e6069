package export

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"time"
)

// Names of the last two files of an archive: what the others are, and who says so.
const (
	ManifestName  = "manifest.json"
	SignatureName = "manifest.json.jws"
)

// Manifest names every other file of an archive.
type Manifest struct {
	ID     string    `json:"id"` // of the report
	MadeAt time.Time `json:"made_at"`
	Files  []File    `json:"files"`
}

// File is one file of an archive.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // in bytes
	SHA256 string `json:"sha256"` // hexadecimal
}

// Archive is a ZIP that is written file after file: its memory does not grow with
// them. It ends with a manifest and a detached signature of the manifest (JWS, RFC
// 7515 appendix F).
type Archive struct {
	zip      *zip.Writer
	manifest Manifest
	open     *counted
}

// NewArchive writes to w.
func NewArchive(w io.Writer, id string, made time.Time) *Archive {
	return &Archive{zip: zip.NewWriter(w), manifest: Manifest{ID: id, MadeAt: made.UTC(), Files: []File{}}}
}

// Create begins a file, which ends when the next one begins.
func (a *Archive) Create(name string) (io.Writer, error) {
	a.finish()
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.manifest.MadeAt})
	a.open = &counted{w: w, hash: sha256.New(), name: name}
	return a.open, err
}

// Close writes the manifest, and the signature that sign gives of its bytes.
func (a *Archive) Close(sign func(manifest []byte) (string, error)) error {
	a.finish()
	manifest, err := json.Marshal(a.manifest)
	if err != nil {
		return err
	}
	signature, err := sign(manifest)
	if err != nil {
		return err
	}
	for _, last := range []struct{ name, text string }{{ManifestName, string(manifest)}, {SignatureName, signature}} {
		w, err := a.zip.CreateHeader(&zip.FileHeader{Name: last.name, Method: zip.Deflate, Modified: a.manifest.MadeAt})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, last.text); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

func (a *Archive) finish() {
	if a.open == nil {
		return
	}
	a.manifest.Files = append(a.manifest.Files, File{a.open.name, a.open.size, hex.EncodeToString(a.open.hash.Sum(nil))})
	a.open = nil
}

// counted is a file under way.
type counted struct {
	w    io.Writer
	hash hash.Hash
	name string
	size int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.hash.Write(p[:n])
	c.size += int64(n)
	return n, err
}
