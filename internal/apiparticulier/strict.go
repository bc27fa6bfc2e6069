package apiparticulier

import (
	"bytes"
	"encoding/json"
	"mime"
	"strings"
)

// isJSON tells a proxy's page from an answer.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// ambiguous tells whether any object names a member twice, even in another case: two
// readers would understand two things, and we look at one before the other leaves.
// What is not JSON, or nested without end, is no better.
func ambiguous(body []byte) bool {
	if !json.Valid(body) {
		return true
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return !unique(decoder)
}

// unique reads one value.
func unique(decoder *json.Decoder) bool {
	token, err := decoder.Token()
	if err != nil {
		return false
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return true
	}
	seen := map[string]bool{}
	for decoder.More() {
		if delim == '{' && !fresh(decoder, seen) {
			return false
		}
		if !unique(decoder) {
			return false
		}
	}
	_, err = decoder.Token()
	return err == nil
}

// fresh reads a member's name.
func fresh(decoder *json.Decoder, seen map[string]bool) bool {
	token, err := decoder.Token()
	name, _ := token.(string)
	name = strings.ToLower(strings.ToUpper(name))
	if err != nil || seen[name] {
		return false
	}
	seen[name] = true
	return true
}
