package apiparticulier

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// problem is one entry of the nomenclature of errors.
type problem struct {
	status    int
	code      string
	title     string
	parameter string
	retryIn   int
}

var problems = index(
	problem{status: 401, code: "00101", title: "Jeton invalide"},
	problem{status: 401, code: "00103", title: "Jeton expiré"},
	problem{status: 401, code: "00105", title: "Jeton révoqué"},
	problem{status: 401, code: "00108", title: "Jeton de production"},
	problem{status: 401, code: "00109", title: "Jeton de test"},
	problem{status: 401, code: "51501", title: "Jeton FranceConnect mal formé"},
	problem{status: 401, code: "51502", title: "Jeton FranceConnect inconnu ou expiré"},
	problem{status: 401, code: "51503", title: "Jeton FranceConnect sans identité pivot"},
	problem{status: 401, code: "51504", title: "Jeton FranceConnect absent"},
	problem{status: 422, code: "51564", title: "Identité FranceConnect incomplète"},
	problem{status: 502, code: "51000", title: "Erreur de FranceConnect"},
	problem{status: 504, code: "51002", title: "FranceConnect n’a pas répondu"},
	problem{status: 503, code: "51020", title: "Maintenance de FranceConnect", retryIn: 60},
	problem{status: 403, code: "00100", title: "Droits insuffisants"},
	problem{status: 403, code: "00107", title: "Adresse non autorisée"},
	problem{status: 403, code: "00213", title: "Délégation absente"},
	problem{status: 400, code: "00401", title: "Requête invalide"},
	problem{status: 404, code: "00404", title: "Route inconnue"},
	problem{status: 404, code: "23003", title: "Dossier allocataire absent de la CNAF"},
	problem{status: 404, code: "10003", title: "Dossier absent de la MSA"},
	problem{status: 404, code: "35003", title: "Aucune caisse de rattachement"},
	problem{status: 404, code: "24003", title: "Situation absente de France Travail"},
	problem{status: 404, code: "30003", title: "Élève non trouvé"},
	problem{status: 422, code: "00380", title: "Identifiant absent", parameter: "identifiant"},
	problem{status: 422, code: "00410", title: "Code d’établissement invalide", parameter: "codeEtablissement"},
	problem{status: 422, code: "00411", title: "Année scolaire invalide", parameter: "anneeScolaire"},
	problem{status: 404, code: "40003", title: "Dossier absent du RNCPS"},
	problem{status: 404, code: "37003", title: "Dossier allocataire absent"},
	problem{status: 404, code: "00402", title: "Version inconnue"},
	problem{status: 409, code: "00015", title: "Appel identique en cours"},
	problem{status: 422, code: "00203", title: "Paramètre recipient absent", parameter: "recipient"},
	problem{status: 422, code: "00210", title: "SIRET du destinataire invalide", parameter: "recipient"},
	problem{status: 422, code: "00212", title: "Plusieurs délégations"},
	problem{status: 422, code: "00354", title: "Mois invalide", parameter: "mois"},
	problem{status: 422, code: "00355", title: "Période trop ancienne", parameter: "mois"},
	problem{status: 422, code: "00356", title: "Année invalide", parameter: "annee"},
	problem{status: 422, code: "00363", title: "Date de naissance invalide", parameter: "anneeDateNaissance"},
	problem{status: 422, code: "00365", title: "Commune de naissance invalide", parameter: "codeCogInseeCommuneNaissance"},
	problem{status: 422, code: "00367", title: "Prénoms invalides", parameter: "prenoms"},
	problem{status: 422, code: "00400", title: "Pays de naissance invalide", parameter: "codeCogInseePaysNaissance"},
	problem{status: 422, code: "00420", title: "Nom de naissance invalide", parameter: "nomNaissance"},
	problem{status: 422, code: "00422", title: "Année de naissance absente", parameter: "anneeDateNaissance"},
	problem{status: 422, code: "00427", title: "Sexe invalide", parameter: "sexeEtatCivil"},
	problem{status: 422, code: "35560", title: "Identité non reconnue"},
	problem{status: 422, code: "35561", title: "Identité refusée"},
	problem{status: 422, code: "37561", title: "Identité refusée"},
	problem{status: 422, code: "00428", title: "Département de naissance invalide"},
	problem{status: 422, code: "35565", title: "Période refusée par la caisse"},
	problem{status: 429, code: "00429", title: "Trop de requêtes"},
	problem{status: 502, code: "00501", title: "Erreur de réseau", retryIn: 10},
	problem{status: 502, code: "35000", title: "Erreur de la caisse"},
	problem{status: 502, code: "35999", title: "Réponse inconnue de la caisse"},
	problem{status: 502, code: "37999", title: "Réponse inconnue du fournisseur"},
	problem{status: 502, code: "35001", title: "Caisse indisponible"},
	problem{status: 502, code: "35004", title: "Caisse introuvable"},
	problem{status: 502, code: "35008", title: "La caisse limite les appels"},
	problem{status: 502, code: "35009", title: "Erreur TLS de la caisse"},
	problem{status: 502, code: "35011", title: "Erreur temporaire de la caisse"},
	problem{status: 503, code: "35020", title: "Maintenance de la caisse", retryIn: 300},
	problem{status: 504, code: "35002", title: "La caisse n’a pas répondu"},
	problem{status: 504, code: "37002", title: "Le fournisseur n’a pas répondu"},
	problem{status: 504, code: "37001", title: "Fournisseur indisponible"},
	problem{status: 504, code: "37004", title: "Fournisseur introuvable"},
)

func index(list ...problem) map[string]problem {
	out := map[string]problem{}
	for _, p := range list {
		out[p.code] = p
	}
	return out
}

var providers = map[string]string{"00": "API Particulier", "10": "MSA", "23": "CNAF", "35": "CNAF & MSA", "36": "Sécurité sociale", "40": "RNCPS", "51": "FranceConnect", "37": "CNAV"}

// write answers in API Particulier's error format.
func write(w http.ResponseWriter, p problem) {
	meta := map[string]any{"provider": providers[p.code[:2]]}
	if p.retryIn > 0 {
		meta["retry_in"] = p.retryIn
	}
	var source any
	if p.parameter != "" {
		source = map[string]string{"parameter": p.parameter}
	}
	if p.status == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", strconv.Itoa(max(p.retryIn, 1)))
	}
	send(w, p.status, map[string]any{"errors": []any{map[string]any{"code": p.code, "title": p.title, "detail": p.title + ".", "source": source, "meta": meta}}})
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/vnd.api+json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
