package franceconnect

import "slices"

// dataLabels are scopes that FranceConnect knows and gives to those entitled to them: all
// of API Particulier's that we could want, and two more. With each comes what the
// information page says. They are from its published sources (back/libs/scopes): there
// the establishment of studies is in the singular, at API Particulier in the plural, and
// neither knows the other's.
var dataLabels = map[string]string{
	"cnaf_quotient_familial": "quotient familial CAF & MSA et composition familiale", "cnaf_allocataires": "identité de l’allocataire et de son conjoint",
	"cnaf_enfants": "identité des enfants", "cnaf_adresse": "adresse du foyer",
	"prime_activite": "statut bénéficiaire prime d’activité", "prime_activite_majoration": "statut bénéficiaire majoration",
	"allocation_adulte_handicape": "statut bénéficiaire AAH", "allocation_soutien_familial": "statut bénéficiaire ASF",
	"complementaire_sante_solidaire": "statut bénéficiaire C2S",
	"mesri_identite":                 "identité de l’étudiant", "mesri_admissions": "liste des admissions de l’étudiant",
	"mesri_admission_inscrit": "si le statut de l’étudiant est passé à inscrit", "mesri_admission_regime_formation": "régime de formation",
	"mesri_admission_commune_etudes": "commune de l’établissement", "mesri_admission_etablissement_etude": "appellation et code de l’établissement",
	"cnous_statut_boursier": "statut étudiant boursier", "cnous_echelon_bourse": "échelon de la bourse", "cnous_email": "e-mail",
	"cnous_periode_versement": "période de versement", "cnous_statut_bourse": "statut définitif de la bourse", "cnous_ville_etudes": "ville d’étude",
	"cnous_identite": "identité", "dgfip_rfr": "revenu fiscal de référence", "email": "adresse électronique",
}

// grants tells whether a scope may be asked, and whether it is granted: one that nobody
// knows is passed over.
func (c Client) grants(scope string) (may, granted bool) {
	if _, data := dataLabels[scope]; data {
		entitled := slices.Contains(c.DataScopes, scope)
		return entitled, entitled
	}
	_, identity := scopeClaims[scope]
	return true, identity
}

func (in *interaction) data() (out []string) {
	for _, scope := range in.scopes {
		if label, ok := dataLabels[scope]; ok {
			out = append(out, label)
		}
	}
	return out
}
