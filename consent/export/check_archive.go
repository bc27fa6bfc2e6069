package export

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// maxManifest bounds what is read of a manifest and its signature.
const maxManifest = 1 << 20

// CheckArchive reads an archive and returns its manifest when verify accepts the
// signature and every file is there as it was written, and no other. Its error names
// the first file that is not.
func CheckArchive(r io.ReaderAt, size int64, verify func(signature string, manifest []byte) error) (Manifest, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Manifest{}, fmt.Errorf("not a ZIP: %w", err)
	}
	text, err := briefly(archive, ManifestName)
	if err != nil {
		return Manifest{}, err
	}
	signature, err := briefly(archive, SignatureName)
	if err != nil {
		return Manifest{}, err
	}
	if err := verify(string(bytes.TrimSpace(signature)), text); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", SignatureName, err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", ManifestName, err)
	}
	return m, m.check(archive)
}

// check holds each file against the manifest. Two files of one name, of which a
// reader could show either, are as wrong as one too many.
func (m Manifest) check(archive *zip.Reader) error {
	if got, want := len(archive.File), len(m.Files)+2; got != want {
		return fmt.Errorf("%d files where the manifest makes %d", got, want)
	}
	for _, f := range m.Files {
		at := slices.IndexFunc(archive.File, func(z *zip.File) bool { return z.Name == f.Name })
		if at < 0 {
			return fmt.Errorf("%s: not in the archive", f.Name)
		}
		sum, err := sumOf(archive.File[at], f.Size)
		if err != nil || sum != f.SHA256 {
			return fmt.Errorf("%s: not as it was written", f.Name)
		}
	}
	return nil
}

// sumOf reads no more than was written, and a byte.
func sumOf(z *zip.File, size int64) (string, error) {
	r, err := z.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, io.LimitReader(r, size+1))
	return hex.EncodeToString(hash.Sum(nil)), err
}

func briefly(archive *zip.Reader, name string) ([]byte, error) {
	r, err := archive.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: not in the archive", name)
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, maxManifest))
}
