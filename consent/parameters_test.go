package consent_test

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// pupil is a push about a pupil, changed.
func pupil(t *testing.T, w *consenttest.World, change func(consent.Parameters)) consent.Push {
	set := consenttest.Set(t, "statut_eleve")
	p := w.PushOf(t, set, "bourse_eleve")
	change(p.Parameters)
	return p
}

func TestParametersAreThoseOfTheDataSetInTheirForm(t *testing.T) {
	set := func(name, value string) func(consent.Parameters) {
		return func(p consent.Parameters) { p[name] = value }
	}
	cases := map[string]struct {
		change func(consent.Parameters)
		field  string
	}{
		"missing":            {func(p consent.Parameters) { delete(p, "sexe") }, "parameters.sexe"},
		"unknown":            {set("nir", "187060848000112"), "parameters"},
		"empty":              {set("nom", ""), "parameters.nom"},
		"too long":           {set("nom", strings.Repeat("a", 101)), "parameters.nom"},
		"a zero byte":        {set("nom", "MERCIER\x00"), "parameters.nom"},
		"a line break":       {set("nom", "MERCIER\n"), "parameters.nom"},
		"another sex":        {set("sexe", "X"), "parameters.sexe"},
		"four first names":   {set("prenoms", "A,B,C,D"), "parameters.prenoms"},
		"no first name":      {set("prenoms", "A,,B"), "parameters.prenoms"},
		"an unknown day":     {set("date_naissance", "2017-05-00"), "parameters.date_naissance"},
		"a day that is none": {set("date_naissance", "2017-02-30"), "parameters.date_naissance"},
		"a school year":      {set("annee_scolaire", "2026"), "parameters.annee_scolaire"},
		"a school":           {set("etablissement", "0951234"), "parameters.etablissement"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			p := pupil(t, w, c.change)
			_, _, err := w.Service.PushRequest(t.Context(), p)
			if !errors.Is(err, consent.InvalidAuthorizationDetails) || consent.FieldOf(err) != c.field {
				t.Errorf("%v", err)
			}
			f := w.Filing(consenttest.Angela().Identity)
			f.Client, f.Details, f.Parameters = p.Client, p.Details, p.Parameters
			if _, err := w.Service.FileRequest(t.Context(), f); consent.FieldOf(err) != c.field {
				t.Errorf("filed: %v", err)
			}
			rehearsed, err := w.Service.Rehearse(t.Context(), p)
			if err != nil || rehearsed.Good || len(rehearsed.Findings) != 1 || rehearsed.Findings[0].Field != c.field {
				t.Errorf("rehearsed: %v, %+v", err, rehearsed.Findings)
			}
			for _, value := range p.Parameters {
				if len(value) > 5 && strings.Contains(fmt.Sprint(err), value) {
					t.Errorf("%q is quoted", value)
				}
			}
		})
	}
}

func TestADataSetThatAsksForNothingTakesNothing(t *testing.T) {
	w := consenttest.NewWorld(t)
	p := w.Push()
	p.Parameters = consent.Parameters{"identifiant": "angela.dubois"}
	_, _, err := w.Service.PushRequest(t.Context(), p)
	if !errors.Is(err, consent.InvalidAuthorizationDetails) || consent.FieldOf(err) != "parameters" {
		t.Error(err)
	}
}

func TestParametersAreReadApartFromTheDetails(t *testing.T) {
	details, parameters, err := consent.ParseDetails([]byte(`[{"type":"statut_demandeur_emploi","parameters":{"identifiant":"angela.dubois"}}]`))
	if err != nil || details.Type != "statut_demandeur_emploi" || !maps.Equal(parameters, consent.Parameters{"identifiant": "angela.dubois"}) {
		t.Errorf("%v %v", details, err)
	}
	for _, raw := range []string{`[{"parameters":"x"}]`, `[{"parameters":{"identifiant":1}}]`, `[{"parameters":[{}]}]`} {
		if _, _, err := consent.ParseDetails([]byte(raw)); !errors.Is(err, consent.InvalidAuthorizationDetails) {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if told := fmt.Sprintf("%v %+v %#v %s", parameters, parameters, parameters, parameters); strings.Contains(told, "angela") {
		t.Error(told)
	}
}

func TestParametersFillTheProvidersOwn(t *testing.T) {
	set, got := consenttest.Set(t, "statut_eleve"), url.Values{}
	given := consenttest.ParametersOf(set)
	given["prenoms"] = "Julie, Anne-Marie"
	for _, p := range set.Given {
		p.Fill(got, given[p.Name])
	}
	want := url.Values{
		"nomNaissance": {"MERCIER"}, "prenoms[]": {"Julie", "Anne-Marie"}, "anneeDateNaissance": {"2017"}, "moisDateNaissance": {"5"}, "jourDateNaissance": {"5"},
		"sexeEtatCivil": {"F"}, "anneeScolaire": {"2026-2027"}, "codeEtablissement": {"0951234B"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnAnswerIsAboutTheCitizenOrIsNot(t *testing.T) {
	who := consent.PivotIdentity{FamilyName: "Ano'nymos-Lons", GivenNames: []string{"Éloïse", "Marie"}, Birthdate: "1980-05-24"}
	for _, c := range []struct {
		about consent.Person
		want  bool
	}{
		{consent.Person{FamilyName: "ANO NYMOS LONS", GivenName: "ELOISE", Birthdate: "1980-05-24"}, true},
		{consent.Person{FamilyName: "Ano'nymos-Lons", GivenName: "Eloïse Marie", Birthdate: "1980-05-24"}, true},
		{consent.Person{FamilyName: "ANO NYMOS LONS", GivenName: "MARIE", Birthdate: "1980-05-24"}, false},
		{consent.Person{FamilyName: "ANO NYMOS LONS", GivenName: "", Birthdate: "1980-05-24"}, false},
		{consent.Person{FamilyName: "ANO NYMOS", GivenName: "ELOISE", Birthdate: "1980-05-24"}, false},
		{consent.Person{FamilyName: "ANO NYMOS LONS", GivenName: "ELOISE", Birthdate: "1980-05-25"}, false},
		{consent.Person{FamilyName: "ANO NYMOS LONS", GivenName: "ELOISE"}, false},
		{consent.Person{}, false},
	} {
		if got := c.about.Is(who); got != c.want {
			t.Errorf("%q %q %q: %v", c.about.FamilyName, c.about.GivenName, c.about.Birthdate, got)
		}
	}
	if (consent.Person{}).Is(consent.PivotIdentity{}) {
		t.Error("nobody is somebody")
	}
}
