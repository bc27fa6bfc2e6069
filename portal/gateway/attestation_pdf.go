package gateway

import (
	"bytes"
	"strconv"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web/held"
)

// pdf prints a paper: tagged, in French, its signed data inside as a file. The same
// numbers stand before the lines here and on the page that checks them.
func (room *Room) pdf(p paper, signed string) ([]byte, error) {
	d := export.NewDocument("Attestation de données transmises", "fr", room.Service.Now())
	if room.Demo {
		d.Paragraph("Démonstration : document sans valeur, personne fictive.")
	}
	room.printHead(d, p)
	d.Heading(2, "Données transmises")
	var lines [][2]string
	for i, l := range p.lines {
		lines = append(lines, [2]string{strconv.Itoa(i+1) + ". " + l.Name, l.Value})
	}
	d.Facts(lines)
	d.Paragraph(agreed(p.set) + " Elles sont celles du jour de la transmission.")
	room.printCheck(d, p)
	d.Attach("attestation.jwt", "Les données de cette attestation, signées par le portail", []byte(signed))
	var out bytes.Buffer
	_, err := d.WriteTo(&out)
	return out.Bytes(), err
}

// printHead says to whom data went, when and what for.
func (room *Room) printHead(d *export.Document, p paper) {
	w, a := room.Words, p.open.Access
	facts := []held.Fact{
		{Name: "Transmises à", Value: p.open.Client.LegalName},
		{Name: "Service", Value: p.open.Client.ServiceName},
		{Name: "SIRET", Value: string(a.Recipient)},
		{Name: "Le", Value: w.DateTime(a.OpenedAt)},
		{Name: "Pour", Value: w.T("purpose." + p.open.Details.Purpose + ".name")},
		{Name: "Dossier", Value: p.open.Reference},
		{Name: "Consultation", Value: a.ID},
		{Name: "Données", Value: w.T("data_set." + p.set.Type + ".name")},
		{Name: "Source", Value: "API Particulier, avec l’accord de " + decider(p.set)},
	}
	d.Facts(held.Lines(held.Known(facts)))
}

// printCheck says how anybody finds out whether the paper is as it was made.
func (room *Room) printCheck(d *export.Document, p paper) {
	url := room.verificationURL()
	d.Heading(2, "Vérifier cette attestation")
	d.Paragraph("Ouvrez la page ci-dessous, sans compte, et recopiez le code et une ou plusieurs lignes numérotées (de 1 à " + strconv.Itoa(consent.AttestationLines) +
		"). Le portail ne garde pas ces données : il dit seulement si elles correspondent. Vérifiez que l’adresse de la page est bien celle-ci.")
	d.Facts([][2]string{{"Page", url}, {"Code", p.code.Printed()}})
	d.QRCode(url, "Code QR de l’adresse "+url)
	d.Paragraph("Le fichier PDF contient aussi les données signées (attestation.jwt), vérifiables sans le portail. Ce n’est pas une signature électronique qualifiée du document.")
}

// agreed says what is on a paper, and why.
func agreed(set consent.DataSet) string {
	if set.OfAnother {
		return "Figurent ici l’élève que l’administration a désigné, et les seules données qu’" + decider(set) + " a accepté de partager."
	}
	return "Seules les données que " + decider(set) + " a accepté de partager figurent ici, son nom compris."
}

// decider is who agreed.
func decider(set consent.DataSet) string {
	if set.OfAnother {
		return "une personne qui déclare être cet élève ou exercer l’autorité parentale"
	}
	return "la personne concernée"
}
