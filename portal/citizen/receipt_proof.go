package citizen

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/portal/web"
)

// Proofs shows that things are in the ledger.
type Proofs interface {
	// Proof is that of the first entry of a kind about a thing of the citizen's; it fails
	// with consent.NotFound as long as the entry has no place in the tree.
	Proof(ctx context.Context, subject consent.SubjectID, kind consent.EntryKind, ref string) (ledger.Proof, error)
}

// receiptProof is the receipt with the proof that its answer is in the ledger: a file
// that proves itself to whoever has our public keys. About a second after the answer
// it can be had; before, the page says to come back.
func (room *Room) receiptProof(c *gin.Context) error {
	receipt, signed, err := room.signedReceipt(c)
	if err != nil {
		return err
	}
	d := receipt.Decision
	proof, err := room.Proofs.Proof(c.Request.Context(), d.Subject, consent.EntryDecision, d.ID)
	if consent.CodeOf(err) == consent.NotFound {
		return consent.Refuse(consent.NotPlaced, "", "the entry waits for the sequencer")
	}
	if err != nil {
		return err
	}
	web.Attach(c, "preuve.json")
	c.JSON(http.StatusOK, ledger.Bundle{Receipt: signed, Proof: proof})
	return nil
}
