package export

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// element is a node of the structure tree (ISO 32000-1 section 14.7.2).
type element struct {
	tag    string // H1, P, Table…
	kids   []*element
	pieces []piece
	object int
	// Of a figure only: what it shows, and where, in millimetres.
	alt string
	box [4]float64
}

// piece is marked content: its page, from 1, and its number there.
type piece struct{ page, id int }

func (e *element) add(tag string) *element {
	kid := &element{tag: tag}
	e.kids = append(e.kids, kid)
	return kid
}

// each visits the element and all below it.
func (e *element) each(visit func(e, parent *element), parent *element) {
	visit(e, parent)
	for _, kid := range e.kids {
		kid.each(visit, e)
	}
}

// update is an incremental update (ISO 32000-1 section 7.5.6): objects appended to a
// finished file, and a cross-reference section that names them.
type update struct {
	file    *bytes.Buffer
	offsets map[int]int
	next    int   // number of the next new object
	pages   []int // object of each page
}

// withTags appends the structure tree and the metadata to a document of fpdf's, which
// writes none, and a file when there is one.
func withTags(pdf []byte, d *Document) ([]byte, error) {
	plain, err := readFile(pdf)
	if err != nil {
		return nil, err
	}
	u, tree := &update{file: bytes.NewBuffer(bytes.Clone(pdf)), offsets: map[int]int{}, next: plain.size, pages: plain.pages}, d.tree
	root, parents, about := u.reserve(), u.reserve(), u.reserve()
	u.write(about, fmt.Sprintf("<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream", len(d.meta), d.meta))
	tree.each(func(e, _ *element) { e.object = u.reserve() }, nil)
	u.write(root, fmt.Sprintf("<</Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d>>", tree.object, parents, len(u.pages)))
	owners := map[piece]int{}
	tree.each(func(e, parent *element) {
		for _, p := range e.pieces {
			owners[p] = e.object
		}
		u.write(e.object, u.structure(e, parent, root))
	}, nil)
	u.write(parents, parentTree(owners, len(u.pages)))
	for i, page := range u.pages {
		u.write(page, plain.extended(page, fmt.Sprintf("/StructParents %d /Tabs /S", i)))
	}
	entries := fmt.Sprintf("/Version /1.7 /MarkInfo <</Marked true>> /ViewerPreferences <</DisplayDocTitle true>> /StructTreeRoot %d 0 R /Metadata %d 0 R", root, about) + u.attach(d.attached)
	u.write(plain.catalog, plain.extended(plain.catalog, entries))
	return u.close(plain), nil
}

func (u *update) reserve() int {
	u.next++
	return u.next - 1
}

func (u *update) write(number int, body string) {
	u.offsets[number] = u.file.Len()
	fmt.Fprintf(u.file, "%d 0 obj\n%s\nendobj\n", number, body)
}

// structure is an element's dictionary.
func (u *update) structure(e, parent *element, root int) string {
	above := root
	if parent != nil {
		above = parent.object
	}
	var kids strings.Builder
	for _, kid := range e.kids {
		fmt.Fprintf(&kids, "%d 0 R ", kid.object)
	}
	for _, p := range e.pieces {
		fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", u.pages[p.page-1], p.id)
	}
	more := e.figure()
	if e.tag == "TH" {
		more = " /A <</O /Table /Scope /Row>>"
	}
	return fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R /K [%s]%s>>", e.tag, above, kids.String(), more)
}

// parentTree finds an element from a piece (ISO 32000-1 section 14.7.4.4).
func parentTree(owners map[piece]int, pages int) string {
	var out strings.Builder
	out.WriteString("<</Nums [")
	for page := 1; page <= pages; page++ {
		fmt.Fprintf(&out, "%d [", page-1)
		for id := 0; owners[piece{page, id}] != 0; id++ {
			fmt.Fprintf(&out, "%d 0 R ", owners[piece{page, id}])
		}
		out.WriteString("] ")
	}
	return out.String() + "]>>"
}

// close writes the cross-reference section and the trailer.
func (u *update) close(f finished) []byte {
	at := u.file.Len()
	u.file.WriteString("xref\n")
	for number := range u.next {
		if offset, written := u.offsets[number]; written {
			fmt.Fprintf(u.file, "%d 1\n%010d 00000 n \n", number, offset)
		}
	}
	fmt.Fprintf(u.file, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", u.next, f.catalog, f.info, f.xref, at)
	return u.file.Bytes()
}

// finished is what an update must know of the file it is appended to.
type finished struct {
	raw                       []byte
	xref, size, catalog, info int
	offsets                   []int
	pages                     []int
}

var (
	startxref = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	trailer   = map[string]*regexp.Regexp{"Size": regexp.MustCompile(`/Size (\d+)`), "Root": regexp.MustCompile(`/Root (\d+) 0 R`), "Info": regexp.MustCompile(`/Info (\d+) 0 R`)}
	entry     = regexp.MustCompile(`(\d{10}) \d{5} [nf]`)
	reference = regexp.MustCompile(`(\d+) 0 R`)
	noNames   = regexp.MustCompile(`/Names <<\s*/EmbeddedFiles << /Names \[\s*\] >>\s*>>\s*`)
	kids      = regexp.MustCompile(`/Kids \[([^\]]*)\]`)
)

// readFile reads a file with one cross-reference section, as fpdf writes them.
func readFile(pdf []byte) (f finished, err error) {
	f.raw = pdf
	match := startxref.FindSubmatch(pdf)
	if match == nil {
		return f, fmt.Errorf("export: the document has no end")
	}
	f.xref, _ = strconv.Atoi(string(match[1]))
	tail := pdf[f.xref:]
	for name, into := range map[string]*int{"Size": &f.size, "Root": &f.catalog, "Info": &f.info} {
		found := trailer[name].FindSubmatch(tail)
		if found == nil {
			return f, fmt.Errorf("export: the trailer has no %s", name)
		}
		*into, _ = strconv.Atoi(string(found[1]))
	}
	for _, e := range entry.FindAllSubmatch(tail, -1) {
		offset, _ := strconv.Atoi(string(e[1]))
		f.offsets = append(f.offsets, offset)
	}
	if list := kids.FindString(f.object(1)); list != "" { // fpdf's object 1 is the page tree
		for _, page := range reference.FindAllStringSubmatch(list, -1) {
			number, _ := strconv.Atoi(page[1])
			f.pages = append(f.pages, number)
		}
	}
	return f, nil
}

// object is the text of an object that holds no stream.
func (f finished) object(number int) string {
	text := f.raw[f.offsets[number]:]
	_, text, _ = bytes.Cut(text, []byte("obj"))
	text, _, _ = bytes.Cut(text, []byte("endobj"))
	return strings.TrimSpace(string(text))
}

// extended is an object's dictionary with entries added. fpdf writes /Names with nothing
// in it.
func (f finished) extended(number int, entries string) string {
	return "<<" + entries + " " + noNames.ReplaceAllString(strings.TrimPrefix(f.object(number), "<<"), "")
}
