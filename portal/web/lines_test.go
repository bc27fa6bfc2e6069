package web_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// streaming is a server whose ordinary answers are late at once.
func streaming(t *testing.T, h web.Handler) *http.Response {
	t.Helper()
	engine, err := web.NewEngine(web.EngineConfig{Logger: webtest.Silent(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	engine.GET("/lines", web.Handle(h, func(c *gin.Context, err error) { t.Errorf("told after the first line: %v", err) }))
	server := httptest.NewUnstartedServer(engine)
	server.Config.WriteTimeout = time.Nanosecond
	server.Start()
	t.Cleanup(server.Close)
	response, err := http.Get(server.URL + "/lines")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// Each line leaves when it is written, however long the whole takes.
func TestLinesLeaveOneByOne(t *testing.T) {
	read := make(chan struct{})
	response := streaming(t, func(c *gin.Context) error {
		lines, ctx := web.NewLines(c)
		if _, late := ctx.Deadline(); late {
			t.Error("the answer would be cut when an ordinary one is late")
		}
		for _, line := range []string{"a<b", "c"} {
			if err := lines.Send(line); err != nil {
				return err
			}
			<-read
		}
		return nil
	})
	body := bufio.NewReader(response.Body)
	for _, want := range []string{"\"a<b\"\n", "\"c\"\n"} {
		if got, err := body.ReadString('\n'); got != want {
			t.Errorf("%q, %v", got, err)
		}
		read <- struct{}{}
	}
	if rest, err := io.ReadAll(body); len(rest) > 0 || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
	if response.Header.Get("Cache-Control") != "no-store" || response.Header.Get("Content-Type") != "application/x-ndjson; charset=utf-8" {
		t.Errorf("%v", response.Header)
	}
}

// A reader that leaves ends what is made for it.
func TestLinesEndWithTheirReader(t *testing.T) {
	ended := make(chan struct{})
	response := streaming(t, func(c *gin.Context) error {
		lines, ctx := web.NewLines(c)
		if err := lines.Send(1); err != nil {
			return err
		}
		<-ctx.Done()
		close(ended)
		return nil
	})
	if _, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	<-ended
}
