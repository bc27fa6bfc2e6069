package mailbox

import (
	"embed"
	"html/template"
	"net/http"
	"strconv"
)

//go:embed pages.html style.css
var files embed.FS

// Pages shows the mails: / the list, /N one of them.
func (s *Server) Pages() (http.Handler, error) {
	pages, err := template.ParseFS(files, "pages.html")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { show(w, pages, "list", s.Messages()) })
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "style.css") })
	mux.HandleFunc("GET /{number}", func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(r.PathValue("number"))
		if all := s.Messages(); err == nil && number >= 1 && number <= len(all) {
			show(w, pages, "message", all[number-1])
			return
		}
		http.NotFound(w, r)
	})
	return mux, nil
}

func show(w http.ResponseWriter, pages *template.Template, name string, data any) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		http.Error(w, "the page failed", http.StatusInternalServerError)
	}
}
