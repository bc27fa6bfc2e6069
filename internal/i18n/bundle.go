// Package i18n speaks the citizen's language: it loads the catalogues of
// package locales and of the data sets with go-i18n, chooses a language, and writes
// texts, dates, months and lists in it. Adding a language is adding a file, and its words
// to each data set.
package i18n

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"portail.example/consent"
)

// Fallback is the language of last resort, and the one texts are written in first.
const Fallback = "fr"

// Bundle is every catalogue.
type Bundle struct {
	bundle    *goi18n.Bundle
	languages []string // the fallback first
	matcher   language.Matcher
}

// Load reads <language>.toml files. French must be among them.
func Load(catalogues fs.FS) (*Bundle, error) {
	files, err := fs.Glob(catalogues, "*.toml")
	if err != nil {
		return nil, err
	}
	b := &Bundle{bundle: goi18n.NewBundle(language.MustParse(Fallback)), languages: []string{Fallback}}
	b.bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	found := false
	for _, file := range files {
		if _, err := b.bundle.LoadMessageFileFS(catalogues, file); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", file, err)
		}
		if name := strings.TrimSuffix(path.Base(file), ".toml"); name == Fallback {
			found = true
		} else {
			b.languages = append(b.languages, name)
		}
	}
	if !found {
		return nil, fmt.Errorf("i18n: %s.toml is missing", Fallback)
	}
	if err := b.addDataSets(); err != nil {
		return nil, err
	}
	b.matcher = newMatcher(b.languages)
	return b, nil
}

// addDataSets adds what the catalogue of data sets says of each, in every language.
func (b *Bundle) addDataSets() error {
	for _, lang := range b.languages {
		texts, known := consent.Texts(lang)
		if !known {
			return fmt.Errorf("i18n: the catalogue of data sets has no texts in %s", lang)
		}
		var messages []*goi18n.Message
		for key, text := range texts {
			messages = append(messages, &goi18n.Message{ID: key, Other: text})
		}
		if err := b.bundle.AddMessages(language.Make(lang), messages...); err != nil {
			return err
		}
	}
	return nil
}

func newMatcher(languages []string) language.Matcher {
	var tags []language.Tag
	for _, l := range languages {
		tags = append(tags, language.Make(l))
	}
	return language.NewMatcher(tags)
}

// Languages are those a page can be switched to, the fallback first.
func (b *Bundle) Languages() []string { return b.languages }

// Has reports whether a language has a catalogue.
func (b *Bundle) Has(lang string) bool {
	for _, l := range b.languages {
		if l == lang {
			return true
		}
	}
	return false
}

// Match chooses a language: the first wish that has a catalogue, then what the
// browser accepts (RFC 9110 section 12.5.4), then French.
func (b *Bundle) Match(accept string, wishes ...string) string {
	for _, wish := range wishes {
		if b.Has(wish) {
			return wish
		}
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Fallback
	}
	_, index, confidence := b.matcher.Match(tags...)
	if confidence == language.No {
		return Fallback
	}
	return b.languages[index]
}
