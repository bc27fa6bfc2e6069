package held

import (
	"strconv"
	"strings"

	"portail.example/consent"
)

// What the first line of an attestation is called: its data speak of a month, or of a day.
const (
	PaperMonth = "Mois"
	PaperDay   = "Jour"
)

// words are the names of members of API Particulier's as a paper says them. A member
// that is not here is named as its documentation does, which is in French too.
var words = map[string]string{
	"fournisseur": "Organisme", "valeur": "Quotient familial", "annee_calcul": "Calculé en",
	"allocataires": "Allocataire", "enfants": "Enfant",
	"nom_naissance": "Nom de naissance", "nom_usage": "Nom d’usage", "prenoms": "Prénoms", "date_naissance": "Né(e) le", "sexe": "Sexe",
	"destinataire": "Destinataire", "complement_information": "Complément", "complement_information_geographique": "Bâtiment",
	"numero_libelle_voie": "Voie", "lieu_dit": "Lieu-dit", "code_postal_ville": "Commune", "pays": "Pays",
	"est_beneficiaire": "Bénéficiaire", "date_debut_droit": "Début du droit", "avec_participation": "Avec participation", "avec_majoration": "Avec majoration",
	"est_boursier": "Boursier", "est_radie": "Radié", "date_radiation": "Date de radiation", "echelon": "Échelon", "echelon_bourse_regionale_provisoire": "Échelon provisoire d’une bourse régionale",
	"date_rentree": "Date de rentrée", "duree": "Durée en mois", "nom_commune": "Commune", "nom_etablissement": "Établissement",
	"admissions": "Inscription", "date_debut": "Début", "date_fin": "Fin", "est_inscrit": "Inscrit", "code": "Code", "libelle": "Libellé",
	"est_scolarise": "Scolarisé", "annee_scolaire": "Année scolaire", "echelon_bourse": "Échelon de la bourse", "code_uai": "Code UAI", "code_mef_stat": "Code de la formation", "prenom": "Prénom",
	"paiements": "Paiement", "date_versement": "Versé le", "montant_total": "Montant total", "montant_allocations": "Dont allocations", "montant_aides": "Dont aides", "montant_autres": "Dont autres sommes",
	"ligne_nom": "Nom", "ligne_voie": "Voie", "ligne_complement_destinataire": "Étage ou appartement", "ligne_complement_adresse": "Bâtiment", "ligne_complement_distribution": "Lieu-dit ou boîte postale",
	"code_postal": "Code postal", "localite": "Localité",
	"code_cog_insee_commune": "Code INSEE de la commune", "uai": "Code UAI", "nom": "Nom",
}

// PaperWord names a member on an attestation, in French.
func PaperWord(member string) string {
	if word, ok := words[member]; ok {
		return word
	}
	name := strings.ReplaceAll(member, "_", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

// PaperItem names one of several things on an attestation.
func PaperItem(member string, number int) string {
	return PaperWord(member) + " " + strconv.Itoa(number)
}

// PaperNames are all that the lines of an attestation about a data set can be called.
func PaperNames(set consent.DataSet) []string {
	out := []string{PaperMonth, PaperDay}
	if words, known := consent.Texts("fr"); known && set.OfAnother {
		for _, p := range set.Given {
			out = append(out, words["parameter."+set.Type+"."+p.Name+".name"])
		}
	}
	return namesOf(out, set.Shape(set.Groups...))
}

func namesOf(out []string, s consent.Shape) []string {
	for _, m := range s.Members {
		switch {
		case m.Shape.Kind != "":
			out = append(out, PaperWord(m.Name))
		case m.Shape.List:
			out = append(out, PaperWord(m.Name))
			for n := 1; n <= consent.AttestationLines; n++ {
				out = append(out, PaperItem(m.Name, n))
			}
		default:
			out = namesOf(out, m.Shape)
		}
	}
	return out
}
