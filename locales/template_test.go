package locales_test

import (
	"strings"
	"testing"
)

// An officer's answer sends people to the page where a restriction is shown and an
// objection is made, under the title that the page has in their language.
func TestAnswersNameThePageTheySendTo(t *testing.T) {
	for _, lang := range languages(t) {
		words := catalogue(t, lang)
		page := words["citizen.measures.title"][""]
		for _, key := range []string{"dpo.template.restriction", "dpo.template.objection", "dpo.template.accepted.restriction", "dpo.template.accepted.objection"} {
			if page == "" || !strings.Contains(words[key][""], page) {
				t.Errorf("%s in %s does not name %q", key, lang, page)
			}
		}
	}
}
