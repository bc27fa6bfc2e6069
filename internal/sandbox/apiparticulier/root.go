package apiparticulier

import (
	_ "embed"
	"html/template"
	"net/http"
)

//go:embed root.html
var rootHTML string

var rootPage = template.Must(template.New("root").Parse(rootHTML))

// root tells a visitor what this is.
func (s *Server) root(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	_ = rootPage.Execute(w, map[string]any{"Calls": len(s.Calls()), "Path": path})
}
