// Package assets serves the portal's styles, fonts and pictures: ours, and the
// design system that `make assets` builds into dist/, which is not committed.
// Addresses hold a hash of the content, so browsers keep them for a year.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

//go:embed all:dist portal.css favicon.svg
var embedded embed.FS

// Assets is every file, ready to send.
type Assets struct {
	base  string // /assets/<hash>/
	files map[string]file
}

type file struct {
	kind       string
	plain, zip []byte // zip is nil when compressing does not pay
}

// New is the embedded files. It fails when the design system was not built: pages
// without it would not be the pages that were tested.
func New() (*Assets, error) { return shared() }

// shared reads and compresses the files once: they are part of the program.
var shared = sync.OnceValues(read)

func read() (*Assets, error) {
	if _, err := fs.Stat(embedded, "dist/dsfr.css"); err != nil {
		return nil, errors.New("the design system is missing from this binary: run make assets, then build again")
	}
	a := &Assets{files: map[string]file{}}
	sum := sha256.New()
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !served(name) {
			return err
		}
		content, err := fs.ReadFile(embedded, name)
		if err != nil {
			return err
		}
		sum.Write([]byte(name))
		sum.Write(content)
		a.files[path.Base(name)] = prepare(name, content)
		return nil
	})
	a.base = "/assets/" + hex.EncodeToString(sum.Sum(nil)[:8]) + "/"
	return a, err
}

// served leaves the build's own files out.
func served(name string) bool {
	switch path.Ext(name) {
	case ".css", ".svg", ".woff2", ".png", ".ico":
		return true
	}
	return false
}

func prepare(name string, content []byte) file {
	f := file{kind: mime.TypeByExtension(path.Ext(name)), plain: content}
	if path.Ext(name) == ".woff2" {
		f.kind = "font/woff2" // compressed already, and not known to every machine
		return f
	}
	var zip bytes.Buffer
	w, _ := gzip.NewWriterLevel(&zip, gzip.BestCompression) // the level is valid
	_, _ = w.Write(content)                                 // a buffer does not fail
	_ = w.Close()
	if zip.Len() < len(content) {
		f.zip = zip.Bytes()
	}
	return f
}

// Stylesheets are the addresses pages link to, in order.
func (a *Assets) Stylesheets() []string { return []string{a.base + "dsfr.css", a.base + "portal.css"} }

// Favicon is the address of the icon.
func (a *Assets) Favicon() string { return a.base + "favicon.svg" }

// Mount adds the files.
func (a *Assets) Mount(r gin.IRouter) {
	r.GET(a.base+":name", a.serve)
	r.HEAD(a.base+":name", a.serve)
}

// serve answers from memory. The address changes with the content, so nobody
// needs to ask again.
func (a *Assets) serve(c *gin.Context) {
	f, ok := a.files[c.Param("name")]
	if !ok {
		c.Status(http.StatusNotFound)
		return
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	c.Header("Vary", "Accept-Encoding")
	if f.zip != nil && strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		c.Header("Content-Encoding", "gzip")
		c.Data(http.StatusOK, f.kind, f.zip)
		return
	}
	c.Data(http.StatusOK, f.kind, f.plain)
}
