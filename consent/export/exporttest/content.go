package exporttest

import (
	"regexp"
	"strconv"
	"strings"
)

// paints are the operators that put something on the page (ISO 32000-1 annex A).
var paints = map[string]bool{
	"Tj": true, "TJ": true, "'": true, `"`: true, "S": true, "s": true, "f": true, "F": true, "f*": true, "B": true, "B*": true, "b": true, "b*": true, "Do": true, "sh": true, "BI": true,
}

// token is a part of a content stream: a string, a name, a bracket, or a word.
var token = regexp.MustCompile(`(?s)\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f\s]*>|/[^\s()<>\[\]/]*|\[|\]|[^\s()<>\[\]/]+`)

// contents reads each page: all that is painted is marked, as the element that the tree
// says or as decoration, and all that the tree names is there (ISO 14289-1 section 7.1).
func (f *file) contents() {
	seen := map[mark]bool{}
	for _, page := range f.pages {
		if f.dict(page)["/Tabs"] != "/S" {
			f.fault("page %s is not gone through in the order of its structure", page)
		}
		var all strings.Builder
		for _, part := range f.list(f.dict(page)["/Contents"]) {
			all.WriteString(f.data(part) + "\n")
		}
		f.page(page, token.FindAllString(all.String(), -1), seen)
	}
	for at := range f.marked {
		if !seen[at] {
			f.fault("piece %d of page %s is in the structure and not on the page", at.id, at.page)
		}
	}
}

// page reads one page's tokens. Marks of ours do not nest.
func (f *file) page(page string, tokens []string, seen map[mark]bool) {
	open, painted := "", 0
	for i, word := range tokens {
		switch {
		case word == "BMC" || word == "BDC":
			if open != "" {
				f.fault("page %s: a mark within a mark", page)
			}
			open = f.opened(page, tokens[:i], seen)
		case word == "EMC":
			open = ""
		case paints[word] && open == "":
			f.fault("page %s: something is painted that is neither content nor decoration", page)
		case paints[word]:
			painted++
		}
	}
	if open != "" || painted == 0 {
		f.fault("page %s: nothing is painted, or a mark does not end", page)
	}
}

// opened is the tag of the mark that the last tokens open.
func (f *file) opened(page string, before []string, seen map[mark]bool) string {
	n := len(before)
	if n > 0 && before[n-1] == "/Artifact" {
		return "Artifact"
	}
	if n < 5 || before[n-3] != "/MCID" {
		f.fault("page %s: a mark that is neither", page)
		return "?"
	}
	id, _ := strconv.Atoi(before[n-2])
	at, tag := mark{page, id}, strings.TrimPrefix(before[n-5], "/")
	if seen[at] || f.marked[at] != tag {
		f.fault("page %s: piece %d is a %s, and the structure says %q", page, id, tag, f.marked[at])
	}
	seen[at] = true
	return tag
}
