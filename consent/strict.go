package consent

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Ambiguous tells whether any object names a member twice, even in another case: two
// readers would understand two things, and we look at one before the other leaves.
// What is not JSON, or nested without end, is no better.
func Ambiguous(body []byte) bool {
	if !json.Valid(body) {
		return true
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return !uniqueMembers(decoder)
}

// uniqueMembers reads one value.
func uniqueMembers(decoder *json.Decoder) bool {
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
		if delim == '{' && !freshMember(decoder, seen) {
			return false
		}
		if !uniqueMembers(decoder) {
			return false
		}
	}
	_, err = decoder.Token()
	return err == nil
}

// freshMember reads a member's name.
func freshMember(decoder *json.Decoder, seen map[string]bool) bool {
	token, err := decoder.Token()
	name, _ := token.(string)
	name = strings.ToLower(strings.ToUpper(name))
	if err != nil || seen[name] {
		return false
	}
	seen[name] = true
	return true
}
