package report

import (
	"bufio"
	"context"
	"html/template"
	"io"

	"portail.example/consent"
	"portail.example/internal/i18n"
	"portail.example/portal/web/held"
)

// html writes the report as one page that needs nothing else, as it goes.
func (w *Writer) html(ctx context.Context, to io.Writer, from consent.ReportSource, words i18n.Localizer) error {
	buffered := bufio.NewWriter(to)
	page := htmlPage{template: w.page, to: buffered, none: words.T("citizen.my_copy.none")}
	if err := page.show("opening", w.opening(words, from)); err != nil {
		return err
	}
	if err := from.Collect(ctx, &told{words: words, to: page}); err != nil {
		return err
	}
	if err := page.show("closing", nil); err != nil {
		return err
	}
	return buffered.Flush()
}

// htmlPage is pages as HTML.
type htmlPage struct {
	template *template.Template
	to       io.Writer
	none     string
}

func (h htmlPage) show(name string, data any) error {
	return h.template.ExecuteTemplate(h.to, name, data)
}

func (h htmlPage) begin(section, title string) error {
	return h.show("section", struct{ ID, Title string }{section, title})
}

func (h htmlPage) item(i held.Item) error { return h.show("item", i) }

func (h htmlPage) end(items int) error {
	none := ""
	if items == 0 {
		none = h.none
	}
	return h.show("end", none)
}
