package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"portail.example/internal/i18n"
	"portail.example/locales"
)

// Each story of a refused agent shows that refusal, and the one of an erased reason that.
func TestRefusedAgentsAndErasedReasonsHaveTheirStory(t *testing.T) {
	server := httptest.NewServer(newStorybook().routes())
	defer server.Close()
	bundle, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	words := bundle.Localizer("fr", func(key string, err error) { t.Errorf("%s: %v", key, err) })
	for name, want := range map[string]struct {
		key    string
		status int
	}{
		"dpo-refused session ended":   {"dpo.refused.session_ended.title", http.StatusUnauthorized},
		"dpo-refused unknown":         {"dpo.refused.unknown.title", http.StatusForbidden},
		"dpo-refused one factor":      {"dpo.refused.single_factor.title", http.StatusForbidden},
		"dpo-refused other authority": {"dpo.refused.other_authority.title", http.StatusForbidden},
		"dpo-refused other account":   {"dpo.refused.other_account.title", http.StatusForbidden},
		"dpo-refused lapsed":          {"dpo.refused.lapsed.title", http.StatusForbidden},
		"dpo-refused revoked":         {"dpo.refused.revoked.title", http.StatusForbidden},
		"dpo-refused cancelled":       {"dpo.refused.sign_in_cancelled.title", http.StatusOK},
		"dpo-refused unavailable":     {"dpo.refused.sign_in_unavailable.title", http.StatusServiceUnavailable},
		"dpo-lookups reason erased":   {"dpo.lookups.reason_gone", http.StatusOK},
	} {
		page := told(t, server.URL, name, "fr")
		if page.Status != want.status || !strings.Contains(page.Body, words.T(want.key)) {
			t.Errorf("%s: %d at %s, without %q", name, page.Status, page.URL, words.T(want.key))
		}
	}
}
