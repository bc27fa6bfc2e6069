package main

import (
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portail.example/internal/i18n"
	"portail.example/internal/sandbox/peers"
	"portail.example/locales"
	"portail.example/portal/web/webtest"
)

var (
	titles   = regexp.MustCompile(`<title>([^<]*)</title>`)
	headings = regexp.MustCompile(`<h([1-6])[ >]`)
	language = regexp.MustCompile(`<html lang="([a-z]+)"`)
)

// told is a story's page in a language.
func told(t *testing.T, base, name, lang string) webtest.Answer {
	t.Helper()
	b := webtest.NewBrowser(t)
	b.Header.Set("Accept-Language", lang)
	return b.Get(base + "/stories/" + strings.ReplaceAll(name, " ", "%20"))
}

// Every page, in every state and language: valid HTML by npm html-validate, one h1
// and no level skipped, the language it is said to be in. Titles tell pages apart.
func TestStories(t *testing.T) {
	server := httptest.NewServer(newStorybook().routes())
	defer server.Close()
	validator := peers.Start(t, "pages.mjs", map[string]any{})
	bundle, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range bundle.Languages() {
		for _, s := range stories {
			page := told(t, server.URL, s.name, lang)
			if got := language.FindStringSubmatch(page.Body); got == nil || got[1] != lang {
				t.Errorf("%s in %s: %v", s.name, lang, got)
			}
			if !inOrder(headings.FindAllStringSubmatch(page.Body, -1)) {
				t.Errorf("%s in %s: %v", s.name, lang, headings.FindAllString(page.Body, -1))
			}
			var faults struct{ OK []string }
			validator.Ask(map[string]string{"call": "validate", "html": page.Body}, &faults)
			for _, fault := range faults.OK {
				t.Errorf("%s in %s: %s", s.name, lang, fault)
			}
		}
	}
}

// A story is found by its name: of two with one name the second is never shown.
func TestEachStoryHasANameOfItsOwn(t *testing.T) {
	known := map[string]bool{}
	for _, s := range stories {
		if known[s.name] {
			t.Errorf("two stories are called %q", s.name)
		}
		known[s.name] = true
	}
}

// inOrder: one h1, first, and no level skipped on the way down.
func inOrder(found [][]string) bool {
	before := 0
	for i, heading := range found {
		level := int(heading[1][0] - '0')
		if level > before+1 || (level == 1) != (i == 0) {
			return false
		}
		before = level
	}
	return before > 0
}

// Pages of different templates have different titles.
func TestStoriesHaveTitlesOfTheirOwn(t *testing.T) {
	server := httptest.NewServer(newStorybook().routes())
	defer server.Close()
	byTitle := map[string][]string{}
	for _, s := range stories {
		title := titles.FindStringSubmatch(told(t, server.URL, s.name, "fr").Body)
		if title == nil {
			t.Fatalf("%s has no title", s.name)
		}
		kind, _, _ := strings.Cut(s.name, " ")
		if !slices.Contains(byTitle[title[1]], kind) {
			byTitle[title[1]] = append(byTitle[title[1]], kind)
		}
	}
	for title, kinds := range byTitle {
		if len(kinds) > 1 {
			t.Errorf("%q is the title of %v", title, kinds)
		}
	}
}
