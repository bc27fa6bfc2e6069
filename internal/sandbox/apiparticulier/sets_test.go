package apiparticulier_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/internal/sandbox/apiparticulier"
)

const student = "olivier"

// Each data set answers by FranceConnect's token with what the scopes open, and never with
// an identity, whatever FranceConnect granted.
func TestEachDataSetByFranceConnectsToken(t *testing.T) {
	for _, set := range consent.DataSets() {
		if set.Upstream.FranceConnect == "" {
			continue
		}
		t.Run(set.Type, func(t *testing.T) {
			for _, g := range set.Groups {
				p, scopes := newPair(t), set.LiveScopes([]consent.DataGroup{g})
				if len(scopes) == 0 {
					continue
				}
				a := p.getAt(set.Upstream.FranceConnect, "?recipient=21990012300015", p.grant(student, append(scopes, "mesri_identite", "cnous_identite")...))
				want := keys(set.Shape(openTo(set, scopes)...))
				if a.status != 200 || !slices.Equal(slices.Sorted(maps.Keys(a.Data)), want) {
					t.Errorf("%s: %d %s, keys %v, want %v", g, a.status, a.code(), slices.Sorted(maps.Keys(a.Data)), want)
				}
			}
			p := newPair(t)
			if a := p.getAt(set.Upstream.FranceConnect, "?recipient=21990012300015", p.grant(student, "mesri_identite", "cnous_identite")); a.status != 403 || a.code() != "00100" {
				t.Errorf("without a scope of it: %d %s", a.status, a.code())
			}
		})
	}
}

// openTo are the groups that scopes open: some share one.
func openTo(set consent.DataSet, scopes []string) []consent.DataGroup {
	return slices.DeleteFunc(slices.Clone(set.Groups), func(g consent.DataGroup) bool {
		return slices.ContainsFunc(set.Scopes(g), func(scope string) bool { return !slices.Contains(scopes, scope) })
	})
}

func keys(s consent.Shape) (out []string) {
	for _, m := range s.Members {
		out = append(out, m.Name)
	}
	slices.Sort(out)
	return out
}

// What is said of an admission beside its days has a scope for each part, which opens
// nothing without the one of the list.
func TestPartsOfAnAdmission(t *testing.T) {
	set, _ := consent.DataSetOf("statut_etudiant")
	for name, c := range map[string]struct {
		scopes      []string
		has, hasNot []string
	}{
		"days":             {[]string{"mesri_admissions"}, []string{"date_debut"}, []string{"est_inscrit", "libelle", "29019", "BREST"}},
		"and the kind":     {[]string{"mesri_admissions", "mesri_admission_regime_formation"}, []string{"date_debut", "libelle"}, []string{"est_inscrit", "29019"}},
		"and the town":     {[]string{"mesri_admissions", "mesri_admission_commune_etudes"}, []string{"29019"}, []string{"BREST"}},
		"FC's singular":    {[]string{"mesri_admissions", "mesri_admission_etablissement_etude"}, []string{"date_debut"}, []string{"BREST"}},
		"a part by itself": {[]string{"mesri_admission_inscrit"}, nil, []string{"est_inscrit", "date_debut"}},
	} {
		p := newPair(t)
		a := p.getAt(set.Upstream.FranceConnect, "?recipient=21990012300015", p.grant(student, c.scopes...))
		text := string(a.Data["admissions"])
		for _, word := range c.has {
			if !strings.Contains(text, word) {
				t.Errorf("%s: no %s in %s", name, word, text)
			}
		}
		for _, word := range c.hasNot {
			if a.status != 200 || strings.Contains(text, word) {
				t.Errorf("%s: %d, %s in %s", name, a.status, word, text)
			}
		}
	}
}

// By identity a habilitation with the scope reads whom the students' office found.
func TestAnIdentityIsGivenByIdentityAlone(t *testing.T) {
	for typ, scopes := range map[string][]string{"statut_etudiant": {"mesri_admissions", "mesri_identite"}, "etudiant_boursier": {"cnous_statut_boursier", "cnous_identite", "cnous_email"}} {
		set, _ := consent.DataSetOf(typ)
		p := newPair(t)
		p.tokens["t"] = apiparticulier.Habilitation{Scopes: scopes}
		const who = "?recipient=21990012300015&nomNaissance=ANO'NYMOS-LONS&prenoms[]=Olivier&anneeDateNaissance=1980&moisDateNaissance=5&jourDateNaissance=24&sexeEtatCivil=M&codeCogInseeCommuneNaissance=95491"
		if a := p.getAt(set.Upstream.Identity, who, "t"); a.status != 200 || a.Data["identite"] == nil || (a.Data["email"] != nil) != (typ == "etudiant_boursier") {
			t.Errorf("%s: %d %s %v", typ, a.status, a.code(), a.Data)
		}
	}
}
