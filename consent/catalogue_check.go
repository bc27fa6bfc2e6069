package consent

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	catalogueName = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)
	cataloguePath = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	upstreamPath  = regexp.MustCompile(`^(/[a-z0-9_]+)+$`)
)

// groupTexts are what is said of a group: its name, how it stands in a sentence that
// asks for it, what it holds, its name in the record of processing activities, and a line
// with its values, in parts that are left out when the provider did not say them.
var groupTexts = []string{"name", "asked", "explain", "register", "line"}

// setTexts are what is said of a data set: its name, where the data come from, the two
// ways of finding nothing, and where a mistake is mended.
var setTexts = []string{"name", "source", "no_file", "not_identified", "mistake"}

// civilStatus are the parameters that a pivot identity fills.
var civilStatus = []string{
	"nomNaissance", "prenoms[]", "anneeDateNaissance", "moisDateNaissance", "jourDateNaissance", "sexeEtatCivil", "codeCogInseePaysNaissance", "codeCogInseeCommuneNaissance",
}

// placeholder is a value in a line.
var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

// checking gathers the faults of a catalogue, and what must be one file's alone.
type checking struct {
	file   string
	faults []error
	owner  map[string]string
	langs  []string // of the first text; every other has the same
}

func (c *checking) fault(member, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("catalogue: %s: %s: %s", c.file, member, fmt.Sprintf(format, args...)))
}

// dataSet checks one file, and reports whether it had no fault.
func (c *checking) dataSet(f dataSetFile) bool {
	before := len(c.faults)
	c.matches("type", f.Type, catalogueName)
	c.matches("path", f.Path, cataloguePath)
	c.matches("upstream.identity", f.Upstream.Identity, upstreamPath)
	if f.Upstream.FranceConnect != "" {
		c.matches("upstream.france_connect", f.Upstream.FranceConnect, upstreamPath)
	}
	c.alone("type", f.Type)
	c.alone("path", f.Path)
	c.set(f)
	if len(f.Groups) == 0 {
		c.fault("groups", "at least one is needed")
	}
	whole := Shape{}
	for i, g := range f.Groups {
		at := fmt.Sprintf("groups[%d]", i)
		c.group(at, g)
		if g.IdentityOnly && f.Upstream.FranceConnect == "" {
			c.fault(at+".identity_only", "all are, without upstream.france_connect")
		}
		merged, ok := whole.and(g.Data)
		if !ok || g.Data.List {
			c.fault(at+".data", "an object is expected, whose values are no other group's")
			continue
		}
		whole = merged
	}
	c.month(f.Month, whole)
	if f.Watch != "" && whole.member(f.Month).member(f.Watch).Kind == "" {
		c.fault("watch", "no value %s beside the month", f.Watch)
	}
	c.purposes(f)
	c.given(f)
	return len(c.faults) == before
}

// set checks what is said of the whole.
func (c *checking) set(f dataSetFile) {
	parts := setTexts
	switch f.Sensitive {
	case "":
	case "health", "another":
		parts = append(slices.Clone(parts), "warning")
	default:
		c.fault("sensitive", `"health", "another" or nothing is expected`)
	}
	for i, name := range f.Parameters {
		if !slices.Contains(civilStatus, name) || slices.Contains(f.Parameters[:i], name) {
			c.fault("parameters", "%q is not of the civil status, or stands twice", name)
		}
	}
	c.texts("texts", f.Texts, parts)
}

func (c *checking) matches(member, value string, pattern *regexp.Regexp) {
	if !pattern.MatchString(value) {
		c.fault(member, "%q is not of the form %s", value, pattern)
	}
}

// alone refuses what stands before, in this data set or another.
func (c *checking) alone(member, value string) {
	if owner, taken := c.owner[member+" "+value]; taken {
		c.fault(member, "%q is in %s already", value, owner)
	}
	c.own(member, value)
}

// ours refuses what another data set has: groups of one may share a right.
func (c *checking) ours(member, value string) {
	if owner, taken := c.owner[member+" "+value]; taken && owner != c.file {
		c.fault(member, "%q is in %s already", value, owner)
	}
	c.own(member, value)
}

func (c *checking) own(member, value string) {
	if c.owner == nil {
		c.owner = map[string]string{}
	}
	c.owner[member+" "+value] = c.file
}

func (c *checking) group(at string, g groupFile) {
	c.matches(at+".name", string(g.Name), catalogueName)
	c.alone("groups.name", string(g.Name))
	if len(g.Scopes) == 0 {
		c.fault(at+".scopes", "at least one is needed")
	}
	for _, scope := range g.Scopes {
		c.matches(at+".scopes", scope, catalogueName)
		c.ours("groups.scopes", scope)
	}
	if len(g.Data.Members) == 0 {
		c.fault(at+".data", "missing")
	}
	c.texts(at+".texts", g.Texts, groupTexts)
	names := g.Data.names()
	for lang, said := range g.Texts {
		for _, found := range placeholder.FindAllStringSubmatch(said["line"], -1) {
			if !names[found[1]] {
				c.fault(at+".texts."+lang+".line", "%q is no value of this group", found[1])
			}
		}
	}
}

// texts wants every part in every language, and nothing else.
func (c *checking) texts(at string, texts map[string]map[string]string, parts []string) {
	langs := slices.Sorted(maps.Keys(texts))
	if c.langs == nil {
		c.langs = langs
	}
	if !slices.Equal(langs, c.langs) || !slices.Contains(langs, "fr") {
		c.fault(at, "in %v, not in %v with French", langs, c.langs)
	}
	for lang, said := range texts {
		for part, text := range said {
			if strings.TrimSpace(text) == "" || !slices.Contains(parts, part) {
				c.fault(at+"."+lang+"."+part, "empty, or not a text of this")
			}
		}
		for _, part := range parts {
			if _, there := said[part]; !there {
				c.fault(at+"."+lang+"."+part, "missing")
			}
		}
	}
}

// month wants a year and a month where they are said to be.
func (c *checking) month(key string, whole Shape) {
	if key == "" {
		return
	}
	for _, name := range []string{"annee", "mois"} {
		if whole.member(key).member(name).Kind != KindNumber {
			c.fault("month", "no number %s.%s in any group", key, name)
		}
	}
}

// member is empty for one that is not there.
func (s Shape) member(name string) Shape {
	for _, m := range s.Members {
		if m.Name == name && !s.List {
			return m.Shape
		}
	}
	return Shape{}
}

func (c *checking) purposes(f dataSetFile) {
	if len(f.Purposes) == 0 {
		c.fault("purposes", "no purpose admits it, so nobody could ask for it")
	}
	for id, groups := range f.Purposes {
		if !slices.ContainsFunc(legalPurposes(), func(p Purpose) bool { return p.ID == id }) {
			c.fault("purposes."+id, "not a purpose")
		}
		for i, g := range groups {
			known := slices.ContainsFunc(f.Groups, func(of groupFile) bool { return of.Name == g })
			if !known || slices.Contains(groups[:i], g) {
				c.fault("purposes."+id, "%q is not a group of this, or stands twice", g)
			}
		}
		if len(groups) == 0 {
			c.fault("purposes."+id, "at least one group is needed")
		}
	}
}
