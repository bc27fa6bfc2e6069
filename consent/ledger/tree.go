package ledger

import "golang.org/x/mod/sumdb/tlog"

// Growth is what appending entries adds to the stored hashes of a tree.
type Growth struct {
	Size   int64 // of the tree afterwards, in entries
	First  int64 // place of the first new hash among the stored ones
	Hashes []tlog.Hash
	stored tlog.HashReader
}

// Grow appends entries to a tree of a size whose hashes are read from stored.
func Grow(size int64, entries []Entry, stored tlog.HashReader) (*Growth, error) {
	g := &Growth{Size: size, First: tlog.StoredHashCount(size), stored: stored}
	for _, e := range entries {
		hashes, err := tlog.StoredHashesForRecordHash(g.Size, e.Hash(), g)
		if err != nil {
			return nil, err
		}
		g.Hashes = append(g.Hashes, hashes...)
		g.Size++
	}
	return g, nil
}

// ReadHashes reads the hashes that are stored and those that are new.
func (g *Growth) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var missing, places []int64
	for i, index := range indexes {
		if index >= g.First {
			out[i] = g.Hashes[index-g.First]
			continue
		}
		missing, places = append(missing, index), append(places, int64(i))
	}
	if len(missing) == 0 {
		return out, nil
	}
	found, err := g.stored.ReadHashes(missing)
	for i, hash := range found {
		out[places[i]] = hash
	}
	return out, err
}

// Root is the tree's hash at its size.
func (g *Growth) Root() (tlog.Hash, error) { return tlog.TreeHash(g.Size, g) }

// Empty is the stored hashes of a tree without entries.
var Empty = tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) { return make([]tlog.Hash, len(indexes)), nil })
