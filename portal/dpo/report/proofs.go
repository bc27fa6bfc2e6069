package report

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"portail.example/consent"
	"portail.example/consent/ledger"
)

// proofs writes, line by line, that what the report tells is in the ledger.
func (w *Writer) proofs(ctx context.Context, to io.Writer, from consent.ReportSource) error {
	buffered := bufio.NewWriter(to)
	p := &proven{ctx: ctx, ledger: w.Proofs, subject: from.Report.Subject, out: json.NewEncoder(buffered)}
	p.out.SetEscapeHTML(false)
	if err := from.Collect(ctx, p, proved(from.Report)...); err != nil {
		return err
	}
	return buffered.Flush()
}

// proved are the lists that proofs are of. An authority's report has none of withdrawals:
// the row that was hashed says why the citizen took the consent back, which is not for
// that authority, and it would be guessed from its hash, being one of six words.
func proved(r consent.Report) []consent.Part {
	if r.Authority != "" {
		return []consent.Part{consent.PartAnswers, consent.PartAccesses}
	}
	return []consent.Part{consent.PartAnswers, consent.PartConsents, consent.PartAccesses}
}

// line is one of proofs.jsonl. An entry that had no place in the tree yet, when the
// report was made, is said not to be placed and has no proof.
type line struct {
	Kind   consent.EntryKind `json:"kind"`
	ID     string            `json:"id"`
	Placed bool              `json:"placed"`
	*ledger.Proof
}

// proven is a consent.Collector that writes the proofs of answers, withdrawals and
// consultations.
type proven struct {
	nothing
	ctx     context.Context
	ledger  Proofs
	subject consent.SubjectID
	out     *json.Encoder
}

// Answer proves a decision.
func (p *proven) Answer(r consent.Receipt) error {
	return p.prove(consent.EntryDecision, r.Decision.ID, true)
}

// Grant proves a withdrawal.
func (p *proven) Grant(g consent.Grant, _ consent.Client) error {
	if g.Status != consent.GrantTakenBack {
		return nil
	}
	return p.prove(consent.EntryWithdrawn, g.ID, true)
}

// Access proves a use of the data: its outcome, or that it began. A row that says which
// agent consulted is a third person's too (article 15(4); CJEU C-579/21): its hash alone
// is shown, in the entry.
func (p *proven) Access(a consent.Access, _, _ consent.Client) error {
	shown := a.By == consent.ConsultedBy{}
	if a.Outcome == consent.Open {
		return p.prove(consent.EntryAccess, a.ID, shown)
	}
	return p.prove(consent.EntryOutcome, a.ID, shown)
}

// prove writes a proof, with the row that was hashed or without: an access may end while
// the report is written.
func (p *proven) prove(kind consent.EntryKind, id string, row bool) error {
	proof, err := p.ledger.Proof(p.ctx, p.subject, kind, id)
	if consent.CodeOf(err) == consent.NotFound {
		return p.out.Encode(line{Kind: kind, ID: id})
	}
	if err != nil {
		return err
	}
	if !row || !proof.ShowsRow() {
		proof.Fact = ""
	}
	return p.out.Encode(line{kind, id, true, &proof})
}
