package consent

import (
	"context"
	"time"
)

// ReportReader finds persons for agents, and reads reports on them.
type ReportReader interface {
	// Lookup is one of an agent's own searches.
	Lookup(ctx context.Context, agent AgentID, id string) (Lookup, error)
	// SubjectByNumber is whom a request, a consent or an answer is about; NotFound when
	// it was not that authority's, unless authority is empty.
	SubjectByNumber(ctx context.Context, number string, authority SIRET) (SubjectID, error)
	// SubjectsNamed are the persons whose sign-ins had a search key, at most limit; those
	// that follow after, when it is not empty.
	SubjectsNamed(ctx context.Context, key string, after SubjectID, limit int) ([]SubjectID, error)
	// Concerns reports whether an authority ever asked a citizen.
	Concerns(ctx context.Context, subject SubjectID, authority SIRET) (bool, error)
	// Report is one of an agent's own.
	Report(ctx context.Context, agent AgentID, id string) (Report, error)
	// Reports are an agent's own, newest first.
	Reports(ctx context.Context, agent AgentID, limit int) ([]Report, error)
	// Consultations are an authority's accesses that say who consulted, oldest first;
	// those that follow after, when it is not zero.
	Consultations(ctx context.Context, authority SIRET, after Access, limit int) ([]Access, error)
	// ReportPiece is one piece of an archive, decrypted.
	ReportPiece(ctx context.Context, r Report, number int) ([]byte, error)
}

// ReportTx orders and makes reports.
type ReportTx interface {
	InsertReport(ctx context.Context, r Report) error
	// CountOpenReports counts an agent's that are not made yet. Others of the agent's
	// wait until the transaction ends.
	CountOpenReports(ctx context.Context, agent AgentID) (int, error)
	// MoveReport writes state, lines, size and instants of a report that last moved at
	// before; false when somebody else began it again.
	MoveReport(ctx context.Context, r Report, before time.Time) (bool, error)
	// PutReportPiece keeps a piece under the person's key; NotFound when that is gone.
	PutReportPiece(ctx context.Context, r Report, number int, piece []byte) error
}
