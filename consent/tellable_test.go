package consent

import "testing"

func TestAReasonIsToldUnlessItMayNameSomebodyElse(t *testing.T) {
	who := PivotIdentity{FamilyName: "DE LA TOUR-DUBOIS", PreferredName: "Lefèvre", GivenNames: []string{"Angela", "Zoé"}}
	for reason, told := range map[string]bool{
		"demande du 3 mars, dossier 12":              true,
		"Demande d’accès reçue le 3 mars.":           true,
		"Demande reçue. Réponse due. « Urgent »":     false, // a word in quotes may be a name
		"Réponse au courrier 12. Demande de copie":   true,
		"demande RGPD d’Angela Dubois, née Lefevre":  true,
		"appel de MME DE LA TOUR-DUBOIS pour la CAF": false, // MME is no word that is known
		"appel de DE LA TOUR à propos de la CAF":     true,
		"à la demande de Pierre":                     false,
		"demande de M. Martin pour sa cliente":       false,
		"PIERRE a demandé ce que nous détenons":      false,
		"Pierre MARTIN demande pour elle":            false,
		"Demande transmise par l’étude. M. Durand":   false,
		"à répondre à quelqu’un@example.org":         false,
		"demande d’Élodie":                           false,
		"demande de Zoe":                             true,
		"demande de Jean-Angela":                     false,
		"plainte relayée par la mairie de Lisière":   false,
		"طلب اطلاع ورد في 3 مارس":                    true,
	} {
		if got := tellable(reason, who); (got == reason) != told || !told && got != "" {
			t.Errorf("%q: told %q, want %v", reason, got, told)
		}
	}
}
