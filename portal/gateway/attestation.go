package gateway

import (
	"encoding/json"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/internal/i18n"
)

// AttestationSigner signs attestations with the portal's key of the moment.
type AttestationSigner interface {
	MintAttestation(claims token.AttestationClaims) (string, error)
}

// Papers is what attestations are made with.
type Papers struct {
	Signer AttestationSigner
	Words  i18n.Localizer // French: papers go into the files of French administrations
	Issuer string         // the portal's address
	Demo   bool           // says so on every paper
}

// verificationURL is where a paper is checked. The code is no part of it.
func (p Papers) verificationURL() string { return p.Issuer + "/attestation" }

// paper is an attestation before it is signed.
type paper struct {
	open  consent.OpenAccess
	set   consent.DataSet
	month bool // the data speak of the month that was asked, not of the day alone
	lines []token.AttestationLine
	data  map[string]json.RawMessage
	code  consent.AttestationCode
}

// attest makes what was asked for of data that are about to leave, and notes in the
// access what is kept of it. It comes before the record is closed, so that a failure
// costs nobody their single release; nothing of it leaves unless the record is.
func (room *Room) attest(open *consent.OpenAccess, out *released, mode string) (err error) {
	p := paper{open: *open, data: out.Data, code: consent.NewAttestationCode()}
	p.set, _ = consent.DataSetOf(open.Access.DataSet)
	_, p.month = p.data[p.set.Month]
	p.lines = room.lines(p)
	open.Access.Attestation = p.code.Attest(printed(p.lines))
	out.Proof.Code = p.code
	if out.Proof.Signed, err = room.Signer.MintAttestation(room.claims(p)); err != nil {
		return err
	}
	if mode == proofPDF {
		out.Proof.PDF, err = room.pdf(p, out.Proof.Signed)
	}
	return err
}

func (room *Room) claims(p paper) token.AttestationClaims {
	a := p.open.Access
	out := token.AttestationClaims{
		Issuer: room.Issuer, ID: a.ID, IssuedAt: token.At(room.Service.Now()),
		Recipient: string(a.Recipient), RecipientName: p.open.Client.LegalName, Purpose: p.open.Details.Purpose, GrantID: a.GrantID, Reference: p.open.Reference,
		DataSet: a.DataSet, Fund: fund(p), Data: p.data, Lines: p.lines,
	}
	if p.month {
		out.Period = a.Period.String()
	}
	return out
}

// fund is who computed what has a month; empty when nothing says it.
func fund(p paper) string {
	var of struct {
		Fund string `json:"fournisseur"`
	}
	if raw, ok := p.data[p.set.Month]; ok && json.Unmarshal(raw, &of) == nil {
		return of.Fund
	}
	return ""
}

func printed(lines []token.AttestationLine) (out []consent.PrintedLine) {
	for _, l := range lines {
		out = append(out, consent.PrintedLine(l))
	}
	return out
}
