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

// What receipts say in the words of the Data Privacy Vocabulary (DPV).
const (
	publicTask = "dpv-gdpr:A6-1-e" // the lawful basis: GDPR article 6(1)(e)
	receives   = "dpv:Recipient"
	given      = "dpv:ConsentGiven"
	refused    = "dpv:ConsentRefused"
	withdrawn  = "dpv:ConsentWithdrawn"
)

// signed is the receipt for programs. It holds pseudonyms and hashes: the citizen
// may hand it to anybody without saying who they are.
func (room *Room) signed(r consent.Receipt) (string, error) {
	d, done := r.Decision, room.processing(r.Details, r.Asked)
	if d.Allowed {
		done.Data, done.EndsOn = names(r.Details.Groups), r.Details.EndsOn.String()
		done.RetentionMonths = r.Client.Retention[r.Details.Purpose]
	}
	return room.mint(token.Receipt{
		RecordID: d.ID, PIIPrincipal: r.Grant.Sub, Parties: recipient(r.Client, r.Details), Processing: []token.Processing{done}, Events: moments(r),
		Notice: token.Notice{Language: d.Statement.Language, Version: d.Statement.Version, Hash: held.HashOf(d.Statement)},
	})
}

// mint signs a receipt as made now, under the number of what it records.
func (room *Room) mint(r token.Receipt) (string, error) {
	r.SchemaVersion = token.ReceiptSchema
	return room.Receipts.MintReceipt(token.ReceiptClaims{Issuer: room.Issuer, ID: r.RecordID, IssuedAt: token.At(room.Now()), Receipt: r})
}

func recipient(c consent.Client, d consent.Details) []token.Party {
	return []token.Party{{Role: receives, Name: c.LegalName, ID: string(d.Recipient), Contact: c.DPOContact}}
}

// processing is what was asked for, of which nothing is shared yet.
func (room *Room) processing(d consent.Details, asked []consent.DataGroup) token.Processing {
	purpose, _ := consent.PurposeOf(d.Purpose)
	return token.Processing{
		Purpose: d.Purpose, LawfulBasis: publicTask, LegalSource: purpose.LegalSource, Data: []string{}, Asked: names(asked), Withdrawal: room.Issuer + "/home",
	}
}

// moments are what happened to the answer, oldest first.
func moments(r consent.Receipt) []token.RecordEvent {
	state := refused
	if r.Decision.Allowed {
		state = given
	}
	out := []token.RecordEvent{{State: state, Time: token.At(r.Decision.At)}}
	if r.Grant.Status == consent.GrantTakenBack {
		out = append(out, token.RecordEvent{State: withdrawn, Time: token.At(r.Grant.WithdrawnAt)})
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
