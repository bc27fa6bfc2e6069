package citizen

import (
	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web/held"
)

// ReceiptSigner signs receipts with the portal's key of the moment.
type ReceiptSigner interface {
	MintReceipt(claims token.ReceiptClaims) (string, error)
}

// signed is the receipt for programs. It holds pseudonyms and hashes: the citizen
// may hand it to anybody without saying who they are.
func (room *Room) signed(r consent.Receipt) (string, error) {
	d := r.Decision
	return room.Receipts.MintReceipt(token.ReceiptClaims{
		Issuer: room.Issuer, ID: d.ID, IssuedAt: token.At(room.Now()),
		Receipt: token.Receipt{
			SchemaVersion: token.ReceiptSchema, RecordID: d.ID, PIIPrincipal: r.Grant.Sub,
			Parties:    recipient(r.Client, r.Details),
			Processing: []token.Processing{room.processing(r)}, Events: moments(r),
			Notice: token.Notice{Language: d.Statement.Language, Version: d.Statement.Version, Hash: held.HashOf(d.Statement)},
		},
	})
}

func recipient(c consent.Client, d consent.Details) []token.Party {
	return []token.Party{{Role: "dpv:Recipient", Name: c.LegalName, ID: string(d.Recipient), Contact: c.DPOContact}}
}

func (room *Room) processing(r consent.Receipt) token.Processing {
	purpose, _ := consent.PurposeOf(r.Details.Purpose)
	out := token.Processing{
		Purpose: r.Details.Purpose, LawfulBasis: "dpv-gdpr:A6-1-e", LegalSource: purpose.LegalSource,
		Data: []string{}, Asked: names(r.Asked), Withdrawal: room.Issuer + "/home",
	}
	if r.Decision.Allowed {
		out.Data, out.EndsOn = names(r.Details.Groups), r.Details.EndsOn.String()
		out.RetentionMonths = r.Client.Retention[r.Details.Purpose]
	}
	return out
}

// moments are what happened to the answer, oldest first.
func moments(r consent.Receipt) []token.RecordEvent {
	state := "dpv:ConsentRefused"
	if r.Decision.Allowed {
		state = "dpv:ConsentGiven"
	}
	out := []token.RecordEvent{{State: state, Time: token.At(r.Decision.At)}}
	if r.Grant.Status == consent.GrantTakenBack {
		out = append(out, token.RecordEvent{State: "dpv:ConsentWithdrawn", Time: token.At(r.Grant.WithdrawnAt)})
	}
	return out
}

func names(groups []consent.DataGroup) []string {
	out := make([]string, 0, len(groups))
	for _, g := range groups {
		out = append(out, string(g))
	}
	return out
}
