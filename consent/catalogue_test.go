package consent_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
)

// invented is a data set that nobody has, as its file would be.
const invented = `{
  "type": "carte_de_peche", "path": "carte-de-peche", "upstream": {"identity": "/v3/peche/carte/identite"}, "month": "carte", "watch": "numero",
  "parameters": ["nomNaissance", "prenoms[]"], "sensitive": "health", "purposes": {"tarification-cantine": ["carte_de_peche", "prises_de_peche"]},
  "texts": {"fr": {"name": "f", "source": "g", "no_file": "h", "not_identified": "i", "mistake": "j", "warning": "k"},
            "en": {"name": "f", "source": "g", "no_file": "h", "not_identified": "i", "mistake": "j", "warning": "k"}},
  "groups": [
    {"name": "carte_de_peche", "scopes": ["peche_carte"], "data": {"carte": {"numero": "text", "annee": "number", "mois": "number"}, "prises": [{"jour": "date"}]},
     "texts": {"fr": {"name": "a", "asked": "b", "explain": "c", "register": "d", "line": "{{.carte_numero}}"}, "en": {"name": "a", "asked": "b", "explain": "c", "register": "d", "line": "e"}}},
    {"name": "prises_de_peche", "scopes": ["peche_prises"], "about_others": true, "data": {"prises": [{"poids": "number", "lieu": {"nom": "text", "noms": ["text"]}}]},
     "texts": {"fr": {"name": "a", "asked": "b", "explain": "c", "register": "d", "line": "{{.poids}}|{{.lieu_nom}}|{{.lieu_noms}}"}, "en": {"name": "a", "asked": "b", "explain": "c", "register": "d", "line": "e"}}}
  ]}`

func readCatalogue(files ...string) ([]consent.DataSet, error) {
	folder := fstest.MapFS{}
	for i, text := range files {
		folder[string(rune('a'+i))+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	return consent.ReadCatalogue(folder)
}

func TestADataSetIsOneFile(t *testing.T) {
	sets, err := readCatalogue(invented)
	if err != nil || len(sets) != 1 {
		t.Fatalf("%v, %d sets", err, len(sets))
	}
	set := sets[0]
	groups := []consent.DataGroup{"carte_de_peche", "prises_de_peche"}
	if set.Type != "carte_de_peche" || set.Path != "carte-de-peche" || set.Upstream.Identity != "/v3/peche/carte/identite" || set.Month != "carte" || set.Watch != "numero" || !slices.Equal(set.Groups, groups) {
		t.Errorf("%+v", set)
	}
	if !set.Sensitive || !slices.Equal(set.Parameters, []string{"nomNaissance", "prenoms[]"}) {
		t.Errorf("%+v", set)
	}
	if set.AboutOthers(groups[0]) || !set.AboutOthers(groups[1]) || !slices.Equal(set.Scopes(groups[1]), []string{"peche_prises"}) {
		t.Error("what is said of the groups is not what the file says")
	}
}

// Groups may share an object, and each member of it is one group's.
func TestAnAnswerIsCutToItsGroups(t *testing.T) {
	sets, err := readCatalogue(invented)
	if err != nil {
		t.Fatal(err)
	}
	const sent = `{"carte": {"numero": "12", "annee": 2026, "mois": 11, "nir": "1"}, "nir": "1",
		"prises": [{"jour": "2026-01-00", "poids": 3, "lieu": {"nom": "Source", "noms": ["a", null], "gps": 1}}, {"lieu": null, "nir": 1}]}`
	for name, c := range map[string]struct {
		groups []consent.DataGroup
		want   string
	}{
		"one":                 {[]consent.DataGroup{"prises_de_peche"}, `{"prises":[{"lieu":{"nom":"Source","noms":["a",null]},"poids":3},{"lieu":null}]}`},
		"other":               {[]consent.DataGroup{"carte_de_peche"}, `{"carte":{"annee":2026,"mois":11,"numero":"12"},"prises":[{"jour":"2026-01-00"},{}]}`},
		"both":                {sets[0].Groups, `{"carte":{"annee":2026,"mois":11,"numero":"12"},"prises":[{"jour":"2026-01-00","lieu":{"nom":"Source","noms":["a",null]},"poids":3},{"lieu":null}]}`},
		"none":                {nil, `{}`},
		"of another data set": {[]consent.DataGroup{"enfants"}, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			var data map[string]json.RawMessage
			if err := json.Unmarshal([]byte(sent), &data); err != nil {
				t.Fatal(err)
			}
			kept, ok := sets[0].Cut(data, c.groups)
			left, err := json.Marshal(kept)
			if err != nil || !ok || string(left) != c.want {
				t.Errorf("%v, %v: %s", err, ok, left)
			}
		})
	}
}

// What a group says is read thing by thing, under the names its line uses.
func TestAGroupsEntries(t *testing.T) {
	sets, err := readCatalogue(invented)
	if err != nil {
		t.Fatal(err)
	}
	var data map[string]json.RawMessage
	if err := json.Unmarshal([]byte(`{"carte": {"numero": null, "annee": 2026}, "prises": [{"poids": 3, "lieu": {"nom": "Source"}}, {}, {"lieu": null, "poids": null}, {"lieu": {"noms": ["a"]}}]}`), &data); err != nil {
		t.Fatal(err)
	}
	got := map[consent.DataGroup][]map[string]string{}
	for _, g := range sets[0].Groups {
		for _, entry := range sets[0].Entries(g, data) {
			words := map[string]string{}
			for name, value := range entry {
				words[name] = string(value.Raw)
			}
			got[g] = append(got[g], words)
		}
	}
	want := map[consent.DataGroup][]map[string]string{
		"carte_de_peche":  {{"carte_numero": "", "carte_annee": "2026", "carte_mois": ""}},
		"prises_de_peche": {{"poids": "3", "lieu_nom": `"Source"`, "lieu_noms": ""}, {"poids": "", "lieu_nom": "", "lieu_noms": `["a"]`}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNotOfTheDocumentedKindIsNoAnswer(t *testing.T) {
	sets, err := readCatalogue(invented)
	if err != nil {
		t.Fatal(err)
	}
	for _, sent := range []string{
		`{"carte": []}`, `{"carte": "x"}`, `{"carte": {"numero": {}}}`, `{"carte": {"numero": [1]}}`, `{"prises": {}}`, `{"prises": null}`, `{"prises": [1]}`, `{"prises": [{"lieu": "x"}]}`,
		`{"prises": [{}, {"lieu": {"nom": []}}]}`, `{"prises": [{"lieu": {"noms": "x"}}]}`, `{"prises": [{"lieu": {"noms": [{}]}}]}`,
	} {
		var data map[string]json.RawMessage
		if err := json.Unmarshal([]byte(sent), &data); err != nil {
			t.Fatal(err)
		}
		if kept, ok := sets[0].Cut(data, sets[0].Groups); ok {
			t.Errorf("%s: left %s", sent, kept)
		}
	}
}

func TestEveryFaultOfAFileIsTold(t *testing.T) {
	change := func(old, text string) string {
		if !strings.Contains(invented, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(invented, old, text, 1)
	}
	for name, c := range map[string]struct{ file, want string }{
		"not JSON":                  {"{", "not JSON"},
		"a member twice":            {change(`"month":`, `"type": "x", "month":`), "stands twice"},
		"an unknown member":         {change(`"month"`, `"months"`), "months"},
		"something follows":         {invented + "{}", "not JSON"},
		"a type with a capital":     {change(`"carte_de_peche"`, `"Carte"`), "type"},
		"a path with a slash":       {change(`"carte-de-peche"`, `"carte/peche"`), "path"},
		"no upstream path":          {change(`"/v3/peche/carte/identite"`, `""`), "upstream.identity"},
		"an upstream query":         {change(`carte/identite"`, `carte?x=1"`), "upstream.identity"},
		"identity only anyway":      {change(`"about_others": true`, `"identity_only": true`), "identity_only"},
		"a month nowhere":           {change(`"month": "carte"`, `"month": "prises"`), "month"},
		"a month that is text":      {change(`"mois": "number"`, `"mois": "text"`), "month"},
		"a watch nowhere":           {change(`"watch": "numero"`, `"watch": "poids"`), "watch"},
		"an unknown purpose":        {change(`tarification-cantine`, `tarification-peche`), "purposes.tarification-peche"},
		"no purpose":                {change(`"tarification-cantine": ["carte_de_peche", "prises_de_peche"]`, ``), "purposes"},
		"a ceiling of other groups": {change(`"carte_de_peche", "prises_de_peche"]`, `"enfants"]`), "purposes.tarification-cantine"},
		"an empty ceiling":          {change(`"carte_de_peche", "prises_de_peche"]`, `]`), "purposes.tarification-cantine"},
		"no groups":                 {invented[:strings.Index(invented, `"groups"`)] + `"groups": []}`, "groups"},
		"a group twice":             {change(`"name": "prises_de_peche"`, `"name": "carte_de_peche"`), "groups.name"},
		"a group without a name":    {change(`"name": "prises_de_peche"`, `"name": ""`), "groups[1].name"},
		"no scope":                  {change(`["peche_prises"]`, `[]`), "groups[1].scopes"},
		"an odd scope":              {change(`["peche_prises"]`, `["cnaf prises"]`), "groups[1].scopes"},
		"no data":                   {change(`"data": {"prises": [{"poids": "number", "lieu": {"nom": "text", "noms": ["text"]}}]}`, `"data": {}`), "without members"},
		"data that are a list":      {change(`"data": {"prises": [{"poids": "number", "lieu": {"nom": "text", "noms": ["text"]}}]}`, `"data": [{"poids": "number"}]`), "groups[1].data"},
		"a value of two groups":     {change(`"poids": "number"`, `"jour": "date"`), "groups[1].data"},
		"an object and a list":      {change(`{"prises": [{"poids": "number", "lieu": {"nom": "text", "noms": ["text"]}}]}`, `{"prises": {"poids": "number"}}`), "groups[1].data"},
		"an unknown kind":           {change(`"poids": "number"`, `"poids": "kilos"`), "kilos"},
		"a list of two shapes":      {change(`[{"jour": "date"}]`, `[{"jour": "date"}, {"nuit": "date"}]`), "a list holds one shape"},
		"a list of lists":           {change(`[{"jour": "date"}]`, `[["date"]]`), "a list holds one shape"},
		"a number as a shape":       {change(`"poids": "number"`, `"poids": 3`), "expected"},
		"a text missing":            {change(`"explain": "c", `, ``), "groups[0].texts.fr.explain"},
		"a text empty":              {change(`"explain": "c"`, `"explain": " "`), "groups[0].texts.fr.explain"},
		"a text too many":           {change(`"explain": "c"`, `"explain": "c", "poem": "p"`), "groups[0].texts.fr.poem"},
		"a language missing":        {change(`, "en": {"name": "a", "asked": "b", "explain": "c", "register": "d", "line": "e"}}},`, `}},`), "groups[0].texts"},
		"a value of no group":       {change(`{{.lieu_nom}}`, `{{.carte_numero}}`), "groups[1].texts.fr.line"},
		"a warning of nothing":      {change(`"sensitive": "health", `, ``), "texts.fr.warning"},
		"no warning":                {change(`, "warning": "k"`, ``), "texts.fr.warning"},
		"an unknown sensitivity":    {change(`"health"`, `"wealth"`), "sensitive"},
		"an unknown parameter":      {change(`"nomNaissance"`, `"nir"`), "parameters"},
		"a parameter twice":         {change(`"nomNaissance"`, `"prenoms[]"`), "parameters"},
		"no French":                 {strings.ReplaceAll(invented, `"fr"`, `"br"`), "with French"},
	} {
		t.Run(name, func(t *testing.T) {
			sets, err := readCatalogue(c.file)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "a.json") || len(sets) != 0 {
				t.Errorf("%d sets, %v", len(sets), err)
			}
		})
	}
}

// byNumber is the invented data set, found by a number that the administration tells.
var byNumber = strings.Replace(strings.Replace(invented, `"parameters": ["nomNaissance", "prenoms[]"],`, `"given": [{"name": "numero", "kind": "text", "form": "[0-9]{3,8}", "to": ["numeroCarte"], "example": "1234",
	"texts": {"fr": {"name": "Numéro"}, "en": {"name": "Number"}}}],`, 1), `"/v3/peche/carte/identite"}`, `"/v3/peche/carte/numero",
	"whose": {"family_name": "identite.nom", "given_name": "identite.prenom", "birthdate": "identite.naissance", "scopes": ["peche_identite"]}}`, 1)

func TestADataSetIsFoundByANumberOfTheCitizens(t *testing.T) {
	sets, err := readCatalogue(byNumber)
	if err != nil {
		t.Fatal(err)
	}
	set := sets[0]
	if len(set.Given) != 1 || !set.Given[0].Fits("1234") || set.Given[0].Fits("12") || set.Given[0].Fits("1234 ") || set.Given[0].Fits("12\n34") || len(set.CivilStatus()) != 0 || !set.Knows("numeroCarte") {
		t.Errorf("%+v", set.Given)
	}
	if !slices.Contains(set.Rights(), "peche_identite") || set.Upstream.Whose.Birthdate != "identite.naissance" {
		t.Errorf("%v", set.Rights())
	}
}

// Nobody's data are to be had by telling a number: a file that would allow it is refused.
func TestEveryFaultOfWhatIsGivenIsTold(t *testing.T) {
	change := func(old, text string) string {
		if !strings.Contains(byNumber, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(byNumber, old, text, 1)
	}
	const whose = `,
	"whose": {"family_name": "identite.nom", "given_name": "identite.prenom", "birthdate": "identite.naissance", "scopes": ["peche_identite"]}`
	for name, c := range map[string]struct{ file, want string }{
		"nobody tells whose it is":     {change(whose, ``), "upstream.whose: missing"},
		"no right to know whose it is": {change(`["peche_identite"]`, `[]`), "upstream.whose.scopes"},
		"whose birth date is not said": {change(`"birthdate": "identite.naissance", `, ``), "upstream.whose.birthdate"},
		"an odd way to the name":       {change(`"identite.nom"`, `"identite[0]"`), "upstream.whose.family_name"},
		"an odd path":                  {change(`"whose": {`, `"whose": {"path": "x", `), "upstream.whose.path"},
		"by FranceConnect too":         {change(`carte/numero"`, `carte/numero", "france_connect": "/v3/peche/carte/france_connect"`), "upstream.france_connect"},
		"an odd name":                  {change(`"name": "numero", "kind"`, `"name": "Numero", "kind"`), "given[0].name"},
		"an unknown kind":              {change(`"kind": "text"`, `"kind": "word"`), "given[0]:"},
		"a date to one parameter":      {change(`"kind": "text", "form": "[0-9]{3,8}"`, `"kind": "date"`), "given[0]:"},
		"a text without a form":        {change(`"form": "[0-9]{3,8}", `, ``), "given[0]:"},
		"an odd form":                  {change(`[0-9]{3,8}`, `[0-9`), "given[0].form"},
		"an example of another form":   {change(`"1234"`, `"x"`), "given[0].example"},
		"the recipient":                {change(`["numeroCarte"]`, `["recipient"]`), "given[0].to"},
		"a number beside the name":     {strings.Replace(change(whose, ``), `"given"`, `"parameters": ["nomNaissance"], "given"`, 1), "upstream.whose: missing"},
		"a name that is given":         {change(`["numeroCarte"]`, `["nomNaissance"]`), "sensitive"},
		"a number of another's":        {change(`"sensitive": "health"`, `"sensitive": "another"`), "sensitive"},
		"a parameter filled already":   {strings.Replace(change(`"given"`, `"parameters": ["nomNaissance"], "given"`), `["numeroCarte"]`, `["nomNaissance"]`, 1), "filled already"},
		"no name in English":           {change(`, "en": {"name": "Number"}`, ``), "given[0].texts"},
	} {
		t.Run(name, func(t *testing.T) {
			sets, err := readCatalogue(c.file)
			if refused := c.want != ""; refused != (err != nil) || refused && !strings.Contains(err.Error(), c.want) || refused != (len(sets) == 0) {
				t.Errorf("%d sets, %v", len(sets), err)
			}
		})
	}
}

func TestNamesAreOneDataSetsAlone(t *testing.T) {
	_, err := readCatalogue(invented, invented)
	for _, member := range []string{"type", "path", "groups.name", "groups.scopes"} {
		if err == nil || !strings.Contains(err.Error(), "b.json: "+member) {
			t.Errorf("%s: %v", member, err)
		}
	}
}

// What the program holds is what the files say, all of them.
func TestTheCatalogueIsItsFiles(t *testing.T) {
	sets, err := consent.ReadCatalogue(os.DirFS("catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	var files, held []string
	for _, set := range sets {
		files = append(files, set.Type)
	}
	for _, set := range consent.DataSets() {
		held = append(held, set.Type)
	}
	if diff := cmp.Diff(files, held); diff != "" {
		t.Error(diff)
	}
}

// The facts page of API Particulier lists these members (section 1.5).
func TestTheQuotientFamilialIsAsDocumented(t *testing.T) {
	got := map[consent.DataGroup]string{}
	for _, g := range consent.QuotientFamilial.Groups {
		for _, key := range consent.QuotientFamilial.Shape(g).Members {
			got[g] += key.Name + ":"
			for _, m := range key.Shape.Members {
				got[g] += " " + m.Name
			}
		}
	}
	want := map[consent.DataGroup]string{
		consent.GroupQuotientFamilial: "quotient_familial: fournisseur valeur annee mois annee_calcul mois_calcul",
		consent.GroupAllocataires:     "allocataires: nom_naissance nom_usage prenoms date_naissance sexe",
		consent.GroupEnfants:          "enfants: nom_naissance nom_usage prenoms date_naissance sexe",
		consent.GroupAdresse:          "adresse: destinataire complement_information complement_information_geographique numero_libelle_voie lieu_dit code_postal_ville pays",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FranceConnect is asked for each scope once, and for none at all when its token could not
// open all that is asked.
func TestTheScopesOfALook(t *testing.T) {
	c2s, _ := consent.DataSetOf("complementaire_sante_solidaire")
	if got := c2s.LiveScopes(c2s.Groups); !slices.Equal(got, []string{"complementaire_sante_solidaire"}) {
		t.Errorf("two groups under one scope: %v", got)
	}
	student, _ := consent.DataSetOf("statut_etudiant")
	if got := student.LiveScopes([]consent.DataGroup{"formation_etudiant"}); !slices.Equal(got, []string{"mesri_admissions", "mesri_admission_regime_formation"}) {
		t.Errorf("a part of each admission: %v", got)
	}
	if got := student.LiveScopes(student.Groups); got != nil {
		t.Errorf("with a group that FranceConnect cannot open: %v", got)
	}
	all := consent.LiveScopes()
	if slices.Contains(all, "mesri_admission_etablissement_etudes") || !slices.Contains(all, "cnous_echelon_bourse") || !slices.Contains(all, "cnaf_adresse") {
		t.Errorf("of the catalogue: %v", all)
	}
}
