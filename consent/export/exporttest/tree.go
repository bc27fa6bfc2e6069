package exporttest

import "strings"

// inside says what an element may hold: its kinds of children, or content (“”). Whatever
// is not here is not an element that our documents have.
var inside = map[string]string{
	"Document": "H1 H2 H3 P L Table", "H1": "", "H2": "", "H3": "", "P": "", "L": "LI", "LI": "Lbl LBody", "Lbl": "", "LBody": "", "Table": "TR", "TR": "TH TD", "TH": "", "TD": "",
}

// structure walks the tree from its root: elements where they belong, headings in order
// (ISO 14289-1 section 7.4.2), lists (7.6), tables with headers (7.5).
func (f *file) structure() {
	f.marked, f.owner = map[mark]string{}, map[mark]string{}
	root := f.dict(f.dict(f.objects["trailer"].Value)["/Root"])["/StructTreeRoot"]
	tops := f.list(f.dict(root)["/K"])
	if f.dict(root)["/Type"] != "/StructTreeRoot" || len(tops) != 1 {
		f.fault("it has no structure")
		return
	}
	level := 0
	f.element(tops[0], root, "Document", &level)
	if level == 0 {
		f.fault("it has no heading")
	}
	f.parents(f.dict(f.dict(root)["/ParentTree"]))
}

// element looks at one, and at all below it.
func (f *file) element(reference, parent any, allowed string, level *int) {
	e := f.dict(reference)
	tag := tagOf(e)
	holds, known := inside[tag]
	if !known || !contains(allowed, tag) || e["/P"] != parent {
		f.fault("a %s where %s belongs", tag, allowed)
		return
	}
	f.heading(tag, level)
	kids := f.list(e["/K"])
	if len(kids) == 0 {
		f.fault("an empty %s", tag)
	}
	f.shape(tag, e, kids)
	for _, kid := range kids {
		if piece := f.dict(kid); piece["/Type"] == "/MCR" {
			f.piece(piece, tag, reference, holds)
			continue
		}
		f.element(kid, reference, holds, level)
	}
}

// piece notes a piece of content and whose it is.
func (f *file) piece(piece map[string]any, tag string, reference any, holds string) {
	page, _ := piece["/Pg"].(string)
	id, _ := piece["/MCID"].(float64)
	at := mark{page, int(id)}
	if _, twice := f.marked[at]; twice || holds != "" {
		f.fault("piece %d of page %s is not for a %s", at.id, at.page, tag)
	}
	f.marked[at] = tag
	f.owner[at], _ = reference.(string)
}

// heading: one H1, first, and no level skipped on the way down.
func (f *file) heading(tag string, level *int) {
	if len(tag) != 2 || tag[0] != 'H' {
		return
	}
	next := int(tag[1] - '0')
	if next > *level+1 || (next == 1) != (*level == 0) {
		f.fault("a heading of level %d after one of level %d", next, *level)
	}
	*level = next
}

// shape: a row begins with its header, which says that it is the row's; a list item has
// a label and a body; whatever is a picture is told in words.
func (f *file) shape(tag string, e map[string]any, kids []any) {
	var tags []string
	for _, kid := range kids {
		tags = append(tags, tagOf(f.dict(kid)))
	}
	switch got := strings.Join(tags, " "); {
	case tag == "TR" && got != "TH TD":
		f.fault("a row of %s", got)
	case tag == "LI" && got != "Lbl LBody":
		f.fault("a list item of %s", got)
	case tag == "TH" && f.dict(e["/A"])["/Scope"] != "/Row":
		f.fault("a header of nothing")
	}
}

// parents looks whether each piece leads back to its element (ISO 32000-1 section
// 14.7.4.4).
func (f *file) parents(tree map[string]any) {
	numbers := f.list(tree["/Nums"])
	byKey := map[float64][]any{}
	for i := 0; i+1 < len(numbers); i += 2 {
		key, _ := numbers[i].(float64)
		byKey[key] = f.list(numbers[i+1])
	}
	for at, owner := range f.owner {
		key, has := f.dict(at.page)["/StructParents"].(float64)
		if back := byKey[key]; !has || at.id >= len(back) || back[at.id] != owner {
			f.fault("piece %d of page %s does not lead back to its element", at.id, at.page)
		}
	}
}

func tagOf(e map[string]any) string {
	tag, _ := e["/S"].(string)
	return strings.TrimPrefix(tag, "/")
}

func contains(words, word string) bool {
	for _, w := range strings.Fields(words) {
		if w == word {
			return true
		}
	}
	return false
}
