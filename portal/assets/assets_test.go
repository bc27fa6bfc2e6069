package assets_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"portail.example/portal/assets"
)

// site is the assets on an engine.
func site(t *testing.T) (*assets.Assets, http.Handler) {
	t.Helper()
	a, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	gin.SetMode(gin.TestMode)
	engine := gin.New()
	a.Mount(engine)
	return a, engine
}

func get(t *testing.T, engine http.Handler, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	request.Header.Set("Accept-Encoding", encoding)
	recorder := httptest.NewRecorder()
	engine.ServeHTTP(recorder, request)
	return recorder
}

var addresses = regexp.MustCompile(`url\(["']?([^)"']+)["']?\)`)

// Everything the styles name is served by us, for a year, and nothing is fetched
// from anybody else.
func TestStylesNameOnlyWhatIsServed(t *testing.T) {
	a, engine := site(t)
	for _, sheet := range a.Stylesheets() {
		answer := get(t, engine, sheet, "")
		css := answer.Body.String()
		if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/css") {
			t.Fatalf("%s: %d %v", sheet, answer.Code, answer.Header())
		}
		if strings.Contains(css, "@import") {
			t.Errorf("%s imports", sheet)
		}
		for _, match := range addresses.FindAllStringSubmatch(css, -1) {
			if strings.HasPrefix(match[1], "data:") {
				continue
			}
			path := sheet[:strings.LastIndex(sheet, "/")+1] + match[1]
			part := get(t, engine, path, "")
			if part.Code != http.StatusOK || part.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || part.Header().Get("Content-Type") == "" {
				t.Errorf("%s: %d %v", path, part.Code, part.Header())
			}
		}
	}
}

func TestCompressedForThoseWhoCan(t *testing.T) {
	a, engine := site(t)
	sheet := a.Stylesheets()[0]
	plain, zipped := get(t, engine, sheet, ""), get(t, engine, sheet, "gzip, br")
	if zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Body.Len()*3 > plain.Body.Len() || zipped.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("%d bytes of %d, %v", zipped.Body.Len(), plain.Body.Len(), zipped.Header())
	}
}

func TestBuildFilesAreNotServed(t *testing.T) {
	a, engine := site(t)
	base := strings.TrimSuffix(a.Favicon(), "favicon.svg")
	for _, name := range []string{"stamp", "build.mjs", "package.json", ".gitignore", "..%2fportal.css", "nothing.css"} {
		if answer := get(t, engine, base+name, ""); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
}
