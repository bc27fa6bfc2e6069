package locales_test

import (
	"strings"
	"testing"

	"portail.example/consent"
)

// mailed are the texts that leave in e-mails, or speak of them.
func mailed(key string) bool {
	return strings.HasPrefix(key, "mail.") || strings.HasPrefix(key, "citizen.notice")
}

// An e-mail may be read by others: it names no data, least what tells of health.
func TestNoMailNamesData(t *testing.T) {
	for _, lang := range languages(t) {
		texts := catalogue(t, lang)
		for _, set := range consent.DataSets() {
			names := []message{texts["data_set."+set.Type+".name"]}
			for _, g := range set.Groups {
				if g == consent.GroupAdresse { // "your address" is an e-mail's too
					continue
				}
				names = append(names, texts["group."+string(g)+".name"], texts["group."+string(g)+".asked"])
			}
			for _, name := range names {
				if len(name) == 0 {
					t.Fatalf("%s: %s has no name", lang, set.Type)
				}
				for key, text := range texts {
					if mailed(key) && says(text, name) {
						t.Errorf("%s: %s names %v", lang, key, name)
					}
				}
			}
		}
	}
}

func says(text, name message) bool {
	for _, form := range text {
		for _, word := range name {
			if strings.Contains(strings.ToLower(form), strings.ToLower(word)) {
				return true
			}
		}
	}
	return false
}

// Data come from many services: whose preview, e-mail or correction it is does not follow
// from CAF and MSA. Where a text names these, it names the family quotient they are of.
func TestTextsOfAnyDataSpeakOfNoFundAlone(t *testing.T) {
	quotient := map[string]string{"fr": "quotient", "en": "quotient", "es": "cociente", "ar": "المعامل"}
	for _, lang := range languages(t) {
		for key, text := range catalogue(t, lang) {
			if strings.HasPrefix(key, "purpose.") || strings.HasPrefix(key, "data_set.") || strings.HasPrefix(key, "group.") || key == "citizen.preview.not_yet" {
				continue // of that data set
			}
			for _, form := range text {
				of := strings.Contains(form, "CAF") || strings.Contains(form, "MSA") || strings.Contains(form, "votre caisse")
				among := strings.Contains(form, "API Particulier") || key == "dpo.report.sources_text" // where other services stand beside them
				if of && !among && !strings.Contains(strings.ToLower(form), quotient[lang]) {
					t.Errorf("%s: %s: %s", lang, key, form)
				}
			}
		}
	}
}
