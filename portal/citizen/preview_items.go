package citizen

import (
	"encoding/json"
	"strings"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// previewItems are the asked groups of the answer in words, whatever else it holds.
func previewItems(p web.Page, set consent.DataSet, groups []consent.DataGroup, answer consent.ProviderAnswer) []PreviewItem {
	var out []PreviewItem
	for _, g := range groups {
		var lines []string
		for _, entry := range set.Entries(g, answer.Data) {
			if line := previewLine(p, g, entry); line != "" {
				lines = append(lines, line)
			}
		}
		if len(lines) == 0 {
			lines = []string{p.T("citizen.preview.empty")}
		}
		out = append(out, PreviewItem{Name: held.GroupName(p.Localizer, g), Lines: lines})
	}
	return out
}

// absent stands for what the source did not say; no text of ours has it.
const absent = "\x00"

// previewLine is a group's line with its values, without the parts whose value is absent.
func previewLine(p web.Page, g consent.DataGroup, entry consent.Entry) string {
	var pairs []any
	for name, value := range entry {
		pairs = append(pairs, name, previewValue(p, value))
	}
	var kept []string
	for part := range strings.SplitSeq(p.T("group."+string(g)+".line", pairs...), "|") {
		if !strings.Contains(part, absent) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, " – ")
}

// previewValue is a value in words; of several, all.
func previewValue(p web.Page, v consent.Value) string {
	var several []json.RawMessage
	if json.Unmarshal(v.Raw, &several) != nil {
		several = []json.RawMessage{v.Raw}
	}
	var words []string
	for _, raw := range several {
		if word := previewWord(p, v.Kind, raw); word != "" {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return absent
	}
	return strings.ReplaceAll(strings.Join(words, " "), "|", "/") // which parts a line
}

// previewWord reads what the source may send as another kind than it documents.
func previewWord(p web.Page, kind consent.ValueKind, raw json.RawMessage) string {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return ""
	}
	switch v := value.(type) {
	case bool:
		return p.T(map[bool]string{true: "common.yes", false: "common.no"}[v])
	case float64:
		return p.Amount(v)
	case string:
		if day, err := consent.ParseDate(v); kind == consent.KindDay && err == nil {
			return p.Date(day)
		}
		return v
	}
	return ""
}
