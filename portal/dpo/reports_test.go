package dpo_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// From the search to a download that was cut short and goes on.
func TestTheLifeOfAReport(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	person := platform.Post(w.base+"/dpo/people", wanted()).URL.String()
	list := platform.Post(person, url.Values{"since": {"2026-01-01"}, "until": {""}})
	w.says("ordered", list, http.StatusOK, "dpo.reports.title")
	if !strings.Contains(list.Body, "En attente") || strings.Contains(list.Body, "/file") || list.Header.Get("Refresh") != "" {
		t.Errorf("it is not shown as waiting:\n%s", list.Body)
	}
	followed := platform.Get(w.base + "/dpo/reports?follow=1")
	if followed.Header.Get("Refresh") != "5" || !strings.Contains(followed.Body, "Arrêter de suivre") {
		t.Errorf("it is not followed: %q", followed.Header.Get("Refresh"))
	}
	archive := strings.Repeat("une ligne du rapport\n", consent.ReportPiece/10)
	if made, err := w.Service.MakeReport(t.Context(), func(_ context.Context, to io.Writer, _ consent.ReportSource) error {
		_, err := io.WriteString(to, archive)
		return err
	}); !made || err != nil {
		t.Fatal(made, err)
	}
	list = platform.Get(w.base + "/dpo/reports?follow=1")
	if list.Header.Get("Refresh") != "" || !strings.Contains(list.Body, "Prêt") {
		t.Errorf("it is not shown as made:\n%s", list.Body)
	}
	file := w.base + fileOf(t, list)
	whole := platform.Get(file)
	if whole.Body != archive || whole.Header.Get("Cache-Control") != "no-store" || whole.Header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(whole.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d bytes with %v", len(whole.Body), whole.Header)
	}
	platform.Header.Set("Range", "bytes=300000-")
	platform.Header.Set("If-Range", whole.Header.Get("ETag"))
	if rest := platform.Get(file); rest.Status != http.StatusPartialContent || rest.Body != archive[300000:] {
		t.Errorf("the rest: %d, %d bytes", rest.Status, len(rest.Body))
	}
	platform.Header.Set("If-Range", `"another"`)
	if rest := platform.Get(file); rest.Status != http.StatusOK || rest.Body != archive {
		t.Errorf("the rest of another archive: %d, %d bytes", rest.Status, len(rest.Body))
	}
	platform.Header.Del("If-Range")
	platform.Header.Set("Range", "bytes=99999999-")
	if past := platform.Get(file); past.Status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("past the end: %d", past.Status)
	}
}

// fileOf is the address of the only archive of a list.
func fileOf(t *testing.T, list webtest.Answer) string {
	t.Helper()
	_, rest, found := strings.Cut(list.Body, `href="/dpo/reports/`)
	id, _, _ := strings.Cut(rest, `/file"`)
	if !found {
		t.Fatalf("no archive:\n%s", list.Body)
	}
	return "/dpo/reports/" + id + "/file"
}

func TestAReportIsItsAgentsAlone(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	owner := w.registered(w.provider.in.Email)
	platform.Post(platform.Post(w.base+"/dpo/people", wanted()).URL.String(), nil)
	if _, err := w.Service.MakeReport(t.Context(), func(_ context.Context, to io.Writer, _ consent.ReportSource) error {
		_, err := io.WriteString(to, "archive")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	file := w.base + fileOf(t, platform.Get(w.base+"/dpo/reports"))
	other := w.agent(consent.RoleDPO)
	w.says("to another agent", other.Get(file), http.StatusNotFound, "error.not_found.title")
	if list := other.Get(w.base + "/dpo/reports"); strings.Contains(list.Body, "/file") {
		t.Error("another agent's list shows it")
	}
	if err := w.Service.RevokeAgent(t.Context(), consent.Console(), owner.ID); err != nil {
		t.Fatal(err)
	}
	w.says("to an agent who was revoked", platform.Get(file), http.StatusUnauthorized, "dpo.refused.sign_in_required.title")
}

func TestAnOrderThatIsMended(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	person := platform.Post(w.base+"/dpo/people", wanted()).URL.String()
	for name, c := range map[string]struct {
		since, until, field string
	}{
		"a day that is none":           {"2026-02-30", "", "since"},
		"a day in words":               {"", "hier", "until"},
		"the end before the beginning": {"2026-02-02", "2026-02-01", "until"},
	} {
		got := platform.Post(person, url.Values{"since": {c.since}, "until": {c.until}})
		w.says(name, got, http.StatusUnprocessableEntity, "dpo.person.title")
		if !strings.Contains(got.Body, `href="#`+c.field+`"`) {
			t.Errorf("%s: nothing leads to %s", name, c.field)
		}
	}
	for range consent.MaxOpenReports {
		w.says("ordered", platform.Post(person, nil), http.StatusOK, "dpo.reports.title")
	}
	w.says("one too many", platform.Post(person, nil), http.StatusUnprocessableEntity, "dpo.person.title")
}
