package export_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portail.example/consent/export/exporttest"
)

// unpacked is the sample with streams that can be read, and changed.
func unpacked(t *testing.T) string {
	t.Helper()
	from, to := filepath.Join(t.TempDir(), "packed.pdf"), filepath.Join(t.TempDir(), "unpacked.pdf")
	if err := os.WriteFile(from, sample(t), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "qpdf", "--qdf", "--object-streams=disable", from, to)
	raw, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// What the look at a PDF is for is found where it is: each fault is made, and told.
func TestFaultsOfAPDFAreSeen(t *testing.T) {
	whole := unpacked(t)
	if faults := exporttest.Faults(t, []byte(whole)); len(faults) > 0 {
		t.Fatal(faults)
	}
	for name, c := range map[string]struct{ is, becomes, told string }{
		"not said to be tagged":     {"/Marked true", "/Marked null", "does not say that it is tagged"},
		"no language":               {"/Lang (", "/Lung (", "no language"},
		"the name of the file":      {"/DisplayDocTitle true", "/DisplayDocTitle null", "file name"},
		"another standard":          {"<pdfuaid:part>1", "<pdfuaid:part>2", "PDF/UA-1"},
		"another title":             {`xml:lang="x-default">R`, `xml:lang="x-default">S`, "its titles are"},
		"metadata that is not XML":  {"</rdf:RDF>", "<rdf:RDF/>", "metadata"},
		"no structure":              {"/Type /StructTreeRoot", "/Type /StructTreeRoof", "no structure"},
		"a heading too deep":        {"/S /H2", "/S /H3", "level 3 after one of level 1"},
		"two first headings":        {"/S /H2", "/S /H1", "level 1 after one of level 1"},
		"an element nobody knows":   {"/S /Table", "/S /Tible", "a Tible where"},
		"a header of nothing":       {"/Scope /Row", "/Scope /Raw", "a header of nothing"},
		"a row without a header":    {"/S /TH", "/S /TD", "a row of TD TD"},
		"an item without a label":   {"/S /Lbl", "/S /LBl", "a list item of"},
		"read in another order":     {"/Tabs /S", "/Tabs /R", "in the order of its structure"},
		"a way back to nowhere":     {"/StructParents 0", "/StructParents 9", "does not lead back"},
		"a piece that is not there": {"/MCID 1\n", "/MCID 7\n", "is not for a"},
		"letters without a shape":   {"/FontFile2", "/FontFile9", "no shape"},
		"letters without a meaning": {"/ToUnicode", "/ToUnicoda", "no meaning"},
		"content as another thing":  {"/P <</MCID 2>> BDC", "/L <</MCID 2>> BDC", "is a L, and the structure says"},
		"a mark that is neither":    {"/Artifact BMC", "/Artefact BMC", "neither"},
		"content without a mark":    {"/Artifact BMC", "             ", "neither content nor decoration"},
		"a mark within a mark":      {"EMC", "   ", "a mark within a mark"},
		"not a PDF":                 {"%PDF-", "%DPF-", "qpdf --check"},
	} {
		if len(c.is) != len(c.becomes) || !strings.Contains(whole, c.is) {
			t.Errorf("%s: %q is not in the sample", name, c.is)
			continue
		}
		faults := strings.Join(exporttest.Faults(t, []byte(strings.Replace(whole, c.is, c.becomes, 1))), "\n")
		if !strings.Contains(faults, c.told) {
			t.Errorf("%s is not seen, but %q", name, faults)
		}
	}
}
