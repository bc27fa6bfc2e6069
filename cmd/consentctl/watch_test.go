package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
)

// A report counts, and names nobody; a command without the portal's configuration says
// what is missing.
func TestLooksAreReported(t *testing.T) {
	var out bytes.Buffer
	printWatch(&out, consent.WatchReport{Month: consent.Period{Year: 2026, Month: time.December}, Looked: 12, Changed: 3, Early: 5, Troubled: 1})
	want := "2026-12: 12 values looked at, 3 of them changed and told\n" +
		"      5 not published yet: looked at again when they are\n" +
		"      1 busy, failed or late: looked at again another night\n"
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
	if err := run(t.Context(), []string{"watch"}, map[string]string{}, &out); err == nil || !strings.Contains(err.Error(), "API_PARTICULIER") {
		t.Errorf("without a configuration: %v", err)
	}
	if err := run(t.Context(), []string{"watch", "now"}, map[string]string{}, &out); err == nil {
		t.Error("an argument too many")
	}
}
