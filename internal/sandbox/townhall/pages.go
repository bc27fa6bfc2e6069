package townhall

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

//go:embed pages.html
var pagesHTML string

//go:embed style.css
var styleCSS []byte

var pages = template.Must(template.New("pages").Parse(pagesHTML))

// page is what the town hall's pages show.
type page struct {
	Title, Name, SIRET string
	Tariff             *tariff
	Message, Error     string
	Again              bool
	Token              string
	CanRefresh         bool
	Exchanges          []Exchange
	News               []news
	Counter            *counter
}

func (s *Server) render(w http.ResponseWriter, name string, p page) {
	p.Name, p.SIRET = s.cfg.Name, s.cfg.SIRET
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, p); err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(out.Bytes())
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(styleCSS)
}

// tariff is the price of a meal.
type tariff struct {
	Amount   int
	Fund     string
	Month    string
	Price    string
	Band     string
	Children []string
}

var bands = []struct {
	below int
	name  string
	cents int
}{{400, "A", 120}, {800, "B", 210}, {1200, "C", 320}, {1 << 30, "D", 450}}

var months = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")

// tariffOf shows the month and the fund with the amount: never a bare number.
func tariffOf(h household) *tariff {
	qf := h.Data.QF
	if qf == nil || qf.Month < 1 || qf.Month > 12 {
		return nil
	}
	out := &tariff{Amount: qf.Amount, Fund: map[string]string{"CNAF": "CAF", "MSA": "MSA"}[qf.Fund], Month: fmt.Sprintf("%s %d", months[qf.Month-1], qf.Year)}
	for _, child := range h.Data.Children {
		out.Children = append(out.Children, child.GivenNames)
	}
	for _, band := range bands {
		if qf.Amount < band.below {
			out.Band, out.Price = band.name, fmt.Sprintf("%d,%02d", band.cents/100, band.cents%100)
			break
		}
	}
	return out
}

// readable shows the claims of a consent token to whoever is curious. To trust
// one, use a verifier.
func readable(raw string) string {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	var out bytes.Buffer
	if json.Indent(&out, payload, "", "  ") != nil {
		return ""
	}
	return out.String()
}
