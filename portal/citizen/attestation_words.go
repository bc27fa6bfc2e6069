package citizen

import (
	"strconv"
	"strings"

	"portail.example/consent"
	"portail.example/portal/web"
)

// tell puts the answer in words. Whom and when it was made for is said when the lines
// agree: it is on the paper, for its reader to compare.
func (p *AttestationPage) tell(a consent.AttestationAnswer) {
	switch a.Verdict {
	case consent.Agrees:
		p.Tone, p.Answer = "success", p.T("citizen.attestation.agrees")
		p.Detail = p.T("citizen.attestation.agrees_text", "Lines", named(p.Page, a.Right))
		p.Made = []string{
			p.T("citizen.attestation.made_on", "Date", p.Date(consent.DateOf(a.Access.ClosedAt))),
			p.T("citizen.attestation.made_for", "Client", a.Client.LegalName, "SIRET", a.Access.Recipient),
			p.T("citizen.attestation.made_of", "Data", dataOf(p.Page, a.Access.Groups)),
		}
	case consent.Differs:
		p.Tone, p.Answer = "error", p.T("citizen.attestation.differs", "Lines", numbers(p.Page, a.Wrong))
		p.Detail = p.T("citizen.attestation.differs_text")
	default: // a mistyped code was told beside its field
		p.Tone, p.Answer = "warning", p.T("citizen.attestation.unknown")
		p.Detail = p.T("citizen.attestation.unknown_text", "Months", consent.EvidenceMonths)
	}
}

// dataOf names data to whoever they are not about.
func dataOf(p web.Page, groups []consent.DataGroup) string {
	var names []string
	for _, g := range groups {
		names = append(names, p.T("group."+string(g)+".register"))
	}
	return strings.Join(names, p.T("common.comma"))
}

// named are lines of the paper under the names it was made with, which are French.
func named(p web.Page, lines []consent.ReadLine) string {
	var out []string
	for _, l := range lines {
		out = append(out, strconv.Itoa(l.Number)+" (« "+l.Name+" »)")
	}
	return p.List(out)
}

// numbers are lines of the paper in one list.
func numbers(p web.Page, lines []int) string {
	var out []string
	for _, n := range lines {
		out = append(out, strconv.Itoa(n))
	}
	return p.List(out)
}
