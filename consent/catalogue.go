package consent

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"sync"
)

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// catalogue is read once. A file that is not as it must be stops the program where it
// begins: the files are part of it, and tests read them first.
var catalogue = sync.OnceValue(func() []DataSet {
	files, err := fs.Sub(catalogueFiles, "catalogue")
	if err == nil {
		var sets []DataSet
		if sets, err = ReadCatalogue(files); err == nil {
			return sets
		}
	}
	panic(err)
})

// dataSetFile is one file: everything the portal knows of a data set.
type dataSetFile struct {
	Type       string                       `json:"type"`
	Path       string                       `json:"path"`
	Upstream   Upstream                     `json:"upstream"`
	Parameters []string                     `json:"parameters"`
	Given      []parameterFile              `json:"given"`
	Sensitive  string                       `json:"sensitive"` // "health", "another", or nothing
	Month      string                       `json:"month"`
	Watch      string                       `json:"watch"`    // a member beside the month
	Purposes   map[string][]DataGroup       `json:"purposes"` // the ceiling of each that admits it
	Texts      map[string]map[string]string `json:"texts"`    // by language, then by part
	Groups     []groupFile                  `json:"groups"`
}

type parameterFile struct {
	Name    string                       `json:"name"`
	Kind    ParameterKind                `json:"kind"`
	Form    string                       `json:"form"` // of a text: a regular expression that the whole value matches
	To      []string                     `json:"to"`
	Example string                       `json:"example"`
	Texts   map[string]map[string]string `json:"texts"` // by language, then by part
}

type groupFile struct {
	Name   DataGroup `json:"name"`
	Scopes []string  `json:"scopes"`
	// IdentityOnly: FranceConnect does not know all of the scopes.
	IdentityOnly bool                         `json:"identity_only"`
	AboutOthers  bool                         `json:"about_others"`
	Data         Shape                        `json:"data"`
	Texts        map[string]map[string]string `json:"texts"` // by language, then by part
}

// ReadCatalogue reads a folder of data sets, one JSON file each, by name. Its error lists
// every fault of every file.
func ReadCatalogue(files fs.FS) ([]DataSet, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var sets []DataSet
	c := checking{}
	for _, name := range names {
		c.file = name
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if f, err := parseDataSet(raw); err != nil {
			c.fault("", "%v", err)
		} else if c.dataSet(f) {
			sets = append(sets, f.dataSet())
		}
	}
	return sets, errors.Join(c.faults...)
}

// parseDataSet is strict: a member that is misspelt would be a rule that does not hold.
func parseDataSet(raw []byte) (f dataSetFile, err error) {
	if Ambiguous(raw) {
		return f, errors.New("not JSON, or a member stands twice")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return f, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return f, errors.New("something follows the object")
	}
	return f, nil
}

func (f dataSetFile) dataSet() DataSet {
	out := DataSet{
		Type: f.Type, Path: f.Path, Upstream: f.Upstream, Parameters: f.Parameters, Sensitive: f.Sensitive == "health", OfAnother: f.Sensitive == "another", Month: f.Month, Watch: f.Watch, purposes: f.Purposes,
		scopes: map[DataGroup][]string{}, shapes: map[DataGroup]Shape{}, texts: map[string]map[string]string{},
	}
	for lang, parts := range f.Texts {
		out.say(lang, "data_set."+f.Type, parts)
	}
	for _, p := range f.Given {
		out.Given = append(out.Given, p.parameter())
		for lang, parts := range p.Texts {
			out.say(lang, "parameter."+f.Type+"."+p.Name, parts)
		}
	}
	for _, g := range f.Groups {
		out.Groups = append(out.Groups, g.Name)
		if g.AboutOthers {
			out.ThirdPersons = append(out.ThirdPersons, g.Name)
		}
		if g.IdentityOnly {
			out.identityOnly = append(out.identityOnly, g.Name)
		}
		out.scopes[g.Name], out.shapes[g.Name] = g.Scopes, g.Data
		for lang, parts := range g.Texts {
			out.say(lang, "group."+string(g.Name), parts)
		}
	}
	return out
}

func (p parameterFile) parameter() Parameter {
	return Parameter{Name: p.Name, Kind: p.Kind, To: p.To, Example: p.Example, form: regexp.MustCompile(`^(?:` + p.Form + `)$`)}
}

// say adds texts under a key.
func (s DataSet) say(lang, key string, parts map[string]string) {
	if s.texts[lang] == nil {
		s.texts[lang] = map[string]string{}
	}
	for part, text := range parts {
		s.texts[lang][fmt.Sprintf("%s.%s", key, part)] = text
	}
}
