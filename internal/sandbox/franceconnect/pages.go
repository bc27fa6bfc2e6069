package franceconnect

import (
	_ "embed"
	"html/template"
	"net/http"

	"portail.example/internal/sandbox/openid"
)

//go:embed pages.html
var pagesHTML string

var pages = template.Must(template.New("pages").Parse(pagesHTML))

// page is what the stand-in's pages show.
type page struct {
	Title, Issuer, Interaction, Client string
	Citizens                           []Citizen
	Citizen                            Citizen
	Code, Message                      string
	Data                               []string // what data providers may be asked for
}

func (s *Server) render(w http.ResponseWriter, status int, name string, p page) {
	p.Issuer = s.cfg.Issuer
	openid.Render(w, status, pages, name, p)
}

// fail is one of FranceConnect's own error pages: 400, with its code. Once an
// interaction exists it has a link back to the site.
func (s *Server) fail(w http.ResponseWriter, code, message, interaction string) {
	s.render(w, http.StatusBadRequest, "error", page{Title: "Une erreur est survenue", Code: code, Message: message, Interaction: interaction})
}

func (s *Server) root(w http.ResponseWriter, _ *http.Request) {
	s.render(w, http.StatusOK, "root", page{Title: "FranceConnect, doublure de démonstration", Citizens: citizens})
}
