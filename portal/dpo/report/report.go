// Package report writes the answer to a person who asks what is held about them (GDPR
// article 15): one archive with the same content for people, in French and in English,
// and for programs, with the proofs that the ledger has of it. It is made row by row:
// its memory does not grow with what is held.
package report

import (
	"context"
	"html/template"
	"io"
	"io/fs"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/consent/ledger"
	"portail.example/internal/i18n"
)

// Languages are those a report is written in, the first is the original.
func Languages() []string { return []string{"fr", "en"} }

// Proofs shows that things are in the ledger.
type Proofs interface {
	// Proof is that of the first entry of a kind about a thing of the citizen's; it fails
	// with consent.NotFound as long as the entry has no place in the tree.
	Proof(ctx context.Context, subject consent.SubjectID, kind consent.EntryKind, ref string) (ledger.Proof, error)
}

// Operator is who runs the portal.
type Operator struct{ Name, Address, DPO string }

// Config of the writer.
type Config struct {
	Templates fs.FS
	Words     *i18n.Bundle
	Sign      func(manifest []byte) (string, error) // detached JWS
	Proofs    Proofs
	Operator  Operator
	Missing   func(key string, err error) // told of a text that is missing; may be nil
}

// Writer writes reports.
type Writer struct {
	Config
	page *template.Template
}

// New reads the template.
func New(cfg Config) (*Writer, error) {
	page, err := template.ParseFS(cfg.Templates, "report/report.html.tmpl")
	return &Writer{cfg, page}, err
}

// file is one of the archive, and what writes it.
type file struct {
	name  string
	write func(ctx context.Context, to io.Writer, from consent.ReportSource) error
}

// Write makes the archive of a report.
func (w *Writer) Write(ctx context.Context, to io.Writer, from consent.ReportSource) error {
	archive := export.NewArchive(to, from.Report.ID, from.At)
	for _, f := range w.files() {
		out, err := archive.Create(f.name)
		if err != nil {
			return err
		}
		if err := f.write(ctx, out, from); err != nil {
			return err
		}
	}
	return archive.Close(w.Sign)
}

func (w *Writer) files() (out []file) {
	for _, lang := range Languages() {
		words := w.Words.Localizer(lang, w.Missing)
		out = append(out,
			file{"report." + lang + ".html", func(ctx context.Context, to io.Writer, from consent.ReportSource) error {
				return w.html(ctx, to, from, words)
			}},
			file{"report." + lang + ".pdf", func(ctx context.Context, to io.Writer, from consent.ReportSource) error {
				return w.pdf(ctx, to, from, words)
			}})
	}
	out = append(out, file{"data.json", func(ctx context.Context, to io.Writer, from consent.ReportSource) error {
		return from.Collect(ctx, export.NewReportJSON(to, from.Report))
	}})
	for _, part := range consent.Parts() {
		out = append(out, file{string(part) + ".csv", func(ctx context.Context, to io.Writer, from consent.ReportSource) error {
			return from.Collect(ctx, newTable(to, part), part)
		}})
	}
	return append(out, file{"proofs.jsonl", w.proofs})
}
