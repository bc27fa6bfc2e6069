package consent

import (
	"context"
	"errors"
	"io"
)

// ReportContent is a report's archive, which may be read from any place. It fails
// with NotFound when it is not the agent's, not made, or no longer kept.
func (s *Service) ReportContent(ctx context.Context, agent Agent, id string) (Report, io.ReadSeeker, error) {
	r, err := s.Report(ctx, agent, id)
	if err != nil {
		return Report{}, nil, err
	}
	if r.State != ReportDone || !s.Now().Before(r.ExpiresAt()) {
		return Report{}, nil, Refuse(NotFound, "", "not made, or no longer kept")
	}
	return r, &reportReader{ctx: ctx, store: s.store, report: r, number: -1}, nil
}

// reportReader reads piece after piece; one is in memory.
type reportReader struct {
	ctx    context.Context
	store  Reader
	report Report
	at     int64
	number int // of the piece in memory
	piece  []byte
}

// Read is io.Reader's.
func (r *reportReader) Read(p []byte) (int, error) {
	if r.at >= r.report.Size {
		return 0, io.EOF
	}
	number, offset := int(r.at/ReportPiece), r.at%ReportPiece
	if number != r.number {
		piece, err := r.store.ReportPiece(r.ctx, r.report, number)
		if err != nil {
			return 0, err
		}
		r.number, r.piece = number, piece
	}
	if offset >= int64(len(r.piece)) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, r.piece[offset:])
	r.at += int64(n)
	return n, nil
}

// Seek is io.Seeker's.
func (r *reportReader) Seek(offset int64, whence int) (int64, error) {
	at := map[int]int64{io.SeekStart: 0, io.SeekCurrent: r.at, io.SeekEnd: r.report.Size}[whence] + offset
	if at < 0 {
		return 0, errors.New("before the beginning")
	}
	r.at = at
	return at, nil
}
