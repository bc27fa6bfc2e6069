package apiparticulier

import (
	"encoding/json"
	"maps"
	"slices"

	"portail.example/consent"
)

// letsIn tells whether scopes let a caller in. They mask: one is enough.
func letsIn(set consent.DataSet, scopes []string) bool {
	return slices.ContainsFunc(set.Groups, func(g consent.DataGroup) bool {
		return slices.ContainsFunc(set.Scopes(g), func(scope string) bool { return slices.Contains(scopes, scope) })
	})
}

// mask leaves of an answer what scopes open, as the real one's serializers do.
func mask(set consent.DataSet, held answer, scopes []string) answer {
	var open []consent.DataGroup
	for _, g := range set.Groups {
		if !slices.ContainsFunc(set.Scopes(g), func(scope string) bool { return !slices.Contains(scopes, scope) }) {
			open = append(open, g)
		}
	}
	out, _ := set.Cut(held, open)
	if raw, asked := held["admissions"]; asked && slices.Contains(scopes, "mesri_admissions") {
		out["admissions"] = maskAdmissions(raw, scopes)
	}
	for scope, key := range aside[set.Type] {
		if slices.Contains(scopes, scope) {
			out[key] = held[key]
		}
	}
	return out
}

// aside are the keys that no data group of ours has, by data set and scope.
var aside = map[string]map[string]string{
	"statut_etudiant":   {"mesri_identite": "identite"},
	"etudiant_boursier": {"cnous_identite": "identite", "cnous_email": "email"},
}

// admissionScopes open the members of an admission, which has its days in any case.
var admissionScopes = map[string]string{
	"est_inscrit": "mesri_admission_inscrit", "regime_formation": "mesri_admission_regime_formation",
	"code_cog_insee_commune": "mesri_admission_commune_etudes", "etablissement_etudes": "mesri_admission_etablissement_etudes",
}

func maskAdmissions(raw json.RawMessage, scopes []string) json.RawMessage {
	var list []answer
	if err := json.Unmarshal(raw, &list); err != nil {
		panic(err) // the stand-in's own file
	}
	for _, admission := range list {
		for member, scope := range admissionScopes {
			if !slices.Contains(scopes, scope) {
				delete(admission, member)
			}
		}
	}
	out, _ := json.Marshal(list)
	return out
}

// EveryScope opens all data sets of the catalogue, and what nobody may ask for.
func EveryScope() (out []string) {
	for _, set := range consent.DataSets() {
		out = append(out, set.Rights()...)
		out = slices.AppendSeq(out, maps.Keys(aside[set.Type]))
	}
	return out
}
