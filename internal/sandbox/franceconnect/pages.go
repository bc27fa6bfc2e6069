package franceconnect

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
)

//go:embed pages.html
var pagesHTML string

//go:embed style.css
var styleCSS []byte

var pages = template.Must(template.New("pages").Parse(pagesHTML))

// page is what the stand-in's pages show.
type page struct {
	Title, Issuer, Interaction, Client string
	Citizens                           []Citizen
	Citizen                            Citizen
	Code, Message                      string
}

func (s *Server) render(w http.ResponseWriter, status int, name string, p page) {
	p.Issuer = s.cfg.Issuer
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, p); err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

// fail is one of FranceConnect's own error pages: 400, with its code. Once an
// interaction exists it has a link back to the site.
func (s *Server) fail(w http.ResponseWriter, code, message, interaction string) {
	s.render(w, http.StatusBadRequest, "error", page{Title: "Une erreur est survenue", Code: code, Message: message, Interaction: interaction})
}

func (s *Server) root(w http.ResponseWriter, _ *http.Request) {
	s.render(w, http.StatusOK, "root", page{Title: "FranceConnect, doublure de démonstration", Citizens: citizens})
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(styleCSS)
}
