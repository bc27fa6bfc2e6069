package ledger_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/ledger"
	"portail.example/portal/web/webtest"
)

type log struct {
	note string
	err  error
}

func (l log) Checkpoint(context.Context) (string, error) { return l.note, l.err }

func TestTheCheckpointIsPublicAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		log    log
		status int
		body   string
	}{
		"there":       {log{note: "portal.example\n3\nhash%\n\n— signature\n"}, http.StatusOK, "portal.example\n3\nhash%\n\n— signature\n"},
		"none yet":    {log{err: consent.Refuse(consent.NotFound, "", "none")}, http.StatusNotFound, "nothing was recorded yet\n"},
		"no database": {log{err: &consent.Error{Code: consent.Unavailable}}, http.StatusServiceUnavailable, "the database does not answer\n"},
		"a fault":     {log{err: errors.New("secret")}, http.StatusInternalServerError, ""},
	} {
		clock := consenttest.NewClock()
		site := webtest.Site(t, consenttest.NewMemory(), clock.Now)
		base := webtest.Serve(t, webtest.Silent(), site, clock.Now, &ledger.Room{Log: c.log, Key: "key"}).URL
		if status, body := get(t, base+"/ledger/checkpoint"); status != c.status || c.body != "" && body != c.body {
			t.Errorf("%s: %d %q", name, status, body)
		}
		if status, body := get(t, base+"/ledger/key"); status != http.StatusOK || body != "key\n" {
			t.Errorf("key: %d %q", status, body)
		}
	}
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}
