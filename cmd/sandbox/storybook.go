package main

import (
	"context"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

const storyCookie = "story"

// storybook shows each page in each state, without a database: a story is a small
// world in memory, opened on the page it tells of. The pages are the real ones, so
// they can be used from there on.
type storybook struct {
	mu     sync.Mutex
	stages map[string]*stage
}

func newStorybook() *storybook { return &storybook{stages: map[string]*stage{}} }

// ServeHTTP lists the stories, opens one, or plays in the one that is open.
func (b *storybook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch name, open := story(r); {
	case r.URL.Path == "/stories":
		b.list(w)
	case open:
		b.open(w, r, name)
	default:
		b.play(w, r)
	}
}

// story is the one that an address opens.
func story(r *http.Request) (string, bool) {
	name := r.PathValue("name")
	return name, name != ""
}

// open starts a story from its beginning.
func (b *storybook) open(w http.ResponseWriter, r *http.Request, name string) {
	i := slices.IndexFunc(stories, func(s storyOf) bool { return s.name == name })
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	stage, err := newStage()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	path := stories[i].play(stage)
	b.mu.Lock()
	b.stages[name] = stage
	b.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: storyCookie, Value: name, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	stage.enter(w)
	http.Redirect(w, r, path, http.StatusSeeOther)
}

func (b *storybook) play(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(storyCookie)
	if err != nil {
		http.Redirect(w, r, "/stories", http.StatusSeeOther)
		return
	}
	b.mu.Lock()
	stage := b.stages[cookie.Value]
	b.mu.Unlock()
	if stage == nil {
		http.Redirect(w, r, "/stories", http.StatusSeeOther)
		return
	}
	stage.handler.ServeHTTP(w, r)
}

var storyList = template.Must(template.New("stories").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Stories</title></head>
<body><main><h1>Stories</h1><ul>{{range .}}<li><a href="/stories/{{.}}">{{.}}</a></li>{{end}}</ul></main></body></html>
`))

func (b *storybook) list(w http.ResponseWriter) {
	var names []string
	for _, s := range stories {
		names = append(names, s.name)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = storyList.Execute(w, names)
}

// routes puts the stories' own addresses before the pages'.
func (b *storybook) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/stories/{name}", b)
	mux.Handle("/", b)
	return mux
}

// tellStories serves the storybook until told to stop.
func tellStories(ctx context.Context, port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return busy(port, err)
	}
	server := &http.Server{Handler: newStorybook().routes(), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	fmt.Printf("Each page in each state: http://localhost:%d/stories\n", port)
	if err := server.Serve(listener); ctx.Err() == nil {
		return err
	}
	return nil
}
