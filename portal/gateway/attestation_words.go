package gateway

import "strings"

// words are the names of members of API Particulier's as a paper says them. A member
// that is not here is named as its documentation does, which is in French too.
var words = map[string]string{
	"fournisseur": "Organisme", "valeur": "Quotient familial", "annee_calcul": "Calculé en",
	"allocataires": "Allocataire", "enfants": "Enfant",
	"nom_naissance": "Nom de naissance", "nom_usage": "Nom d’usage", "prenoms": "Prénoms", "date_naissance": "Né(e) le", "sexe": "Sexe",
	"destinataire": "Destinataire", "complement_information": "Complément", "complement_information_geographique": "Bâtiment",
	"numero_libelle_voie": "Voie", "lieu_dit": "Lieu-dit", "code_postal_ville": "Commune", "pays": "Pays",
}

// wordOf names a member.
func wordOf(member string) string {
	if word, ok := words[member]; ok {
		return word
	}
	name := strings.ReplaceAll(member, "_", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}
