package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent/ledger"
)

// placed is a leaf of the tree beside the entry it stands for.
type placed struct {
	index int64
	id    int64
	gone  bool // the entry is not there any more
	entry ledger.Entry
}

func scanPlaced(row pgx.CollectableRow) (p placed, err error) {
	p.entry, err = scanEntryWith(row, &p.index, &p.id, &p.gone)
	return p, err
}

// verifyChain reads entries and nodes in the order of the tree, and holds the tree
// against each checkpoint when it has its size, and tells how far it is.
func (r reader) verifyChain(ctx context.Context, signed []ledger.Checkpoint, report *ledger.Report, progress func(int64) error) error {
	var audit ledger.Audit
	for {
		rows, err := many(ctx, r, scanPlaced, `
			SELECT coalesce(e.id, 0), coalesce(e.at, 'epoch'), coalesce(e.kind, ''), coalesce(e.subject_id, ''), coalesce(e.client_id, ''), coalesce(e.ref, ''),
				coalesce(e.request_id, ''), coalesce(e.grant_id, ''), e.text_hash, e.fact, l.index, l.entry_id, e.id IS NULL
			FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id WHERE l.index >= $1 ORDER BY l.index LIMIT $2`, audit.Size(), sequenceAtOnce)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		if signed, err = r.verifyLeaves(ctx, &audit, rows, signed); err != nil {
			return err
		}
		if err := progress(audit.Size()); err != nil {
			return err
		}
	}
	report.Entries = audit.Size()
	if len(signed) > 0 {
		return ledger.Fault{What: fmt.Sprintf("the tree has %d entries; a signed checkpoint knows %d", audit.Size(), signed[0].Size)}
	}
	return r.verifyPlaces(ctx, report)
}

// verifyLeaves adds leaves to the audit and returns the checkpoints still to come.
func (r reader) verifyLeaves(ctx context.Context, audit *ledger.Audit, rows []placed, signed []ledger.Checkpoint) ([]ledger.Checkpoint, error) {
	nodes, err := r.nodesFrom(ctx, tlog.StoredHashCount(audit.Size()), tlog.StoredHashCount(audit.Size()+int64(len(rows))))
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.gone || row.index != audit.Size() {
			return nil, ledger.Fault{Entry: row.id, What: "it is gone, or its place in the tree is"}
		}
		made := audit.Add(row.entry.Hash())
		if len(nodes) < len(made) || nodes[0] != made[0] {
			return nil, ledger.Fault{Entry: row.id, What: "it is not as it was written"}
		}
		for i := range made {
			if nodes[i] != made[i] {
				return nil, ledger.Fault{Entry: row.id, What: "a node of the tree above it is not as it was"}
			}
		}
		nodes = nodes[len(made):]
		for ; len(signed) > 0 && signed[0].Size <= audit.Size(); signed = signed[1:] {
			if signed[0].Size > 0 && signed[0].Root != audit.Root() {
				return nil, ledger.Fault{Entry: row.id, What: fmt.Sprintf("the tree up to it is not the one of the checkpoint of size %d", signed[0].Size)}
			}
		}
	}
	return signed, nil
}

// nodesFrom are the stored nodes at the places from first up to last, last excluded.
func (r reader) nodesFrom(ctx context.Context, first, last int64) ([]tlog.Hash, error) {
	return many(ctx, r, scanNode, `SELECT hash FROM ledger_hash WHERE index >= $1 AND index < $2 ORDER BY index`, first, last)
}

func scanNode(row pgx.CollectableRow) (h tlog.Hash, err error) {
	var raw []byte
	err = row.Scan(&raw)
	copy(h[:], raw)
	return h, err
}

// verifyPlaces finds entries that the tree should have and has not, and counts those
// that wait for their place.
func (r reader) verifyPlaces(ctx context.Context, report *ledger.Report) error {
	found, err := one(ctx, r, pgx.RowToStructByPos[struct{ Head, Skipped, Waiting int64 }], `
		SELECT h.size, coalesce(min(e.id) FILTER (WHERE (e.tx, e.id) <= (h.tx, h.entry_id)), 0), count(e.id)
		FROM ledger_head h LEFT JOIN (ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id) ON l.entry_id IS NULL GROUP BY h.size`)
	if err != nil {
		return err
	}
	if found.Skipped != 0 {
		return ledger.Fault{Entry: found.Skipped, What: "it is in no place of the tree although later ones are"}
	}
	if found.Head != report.Entries {
		return ledger.Fault{What: fmt.Sprintf("the sequencer placed %d entries and the tree has %d", found.Head, report.Entries)}
	}
	report.Waiting = found.Waiting
	return nil
}
