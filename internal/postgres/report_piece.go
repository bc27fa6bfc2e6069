package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// pieceOf binds a piece to its report and its place in it.
func pieceOf(x consent.Report, number int) []byte { return fmt.Appendf(nil, "%s/%d", x.ID, number) }

// wrappedKey is a citizen's; NotFound once they are erased.
func (r reader) wrappedKey(ctx context.Context, subject consent.SubjectID) ([]byte, error) {
	return one(ctx, r, pgx.RowTo[[]byte], `SELECT wrapped_key FROM subject WHERE id = $1`, subject)
}

func (t *tx) PutReportPiece(ctx context.Context, x consent.Report, number int, piece []byte) error {
	known, err := t.sealing(ctx, x.Subject)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO report_piece (subject_id, report_id, number, sealed) VALUES ($1, $2, $3, $4)`,
		x.Subject, x.ID, number, known.key.Seal(nil, nil, piece, pieceOf(x, number)))
}

// ReportPiece is one piece of an archive, decrypted.
func (r reader) ReportPiece(ctx context.Context, x consent.Report, number int) ([]byte, error) {
	wrapped, err := r.wrappedKey(ctx, x.Subject)
	if err != nil {
		return nil, err
	}
	sealed, err := one(ctx, r, pgx.RowTo[[]byte], `SELECT sealed FROM report_piece WHERE subject_id = $1 AND report_id = $2 AND number = $3`, x.Subject, x.ID, number)
	if err != nil {
		return nil, err
	}
	key, err := r.keys.openSubjectKey(string(x.Subject), wrapped)
	if err != nil {
		return nil, err
	}
	return key.Open(nil, nil, sealed, pieceOf(x, number))
}
