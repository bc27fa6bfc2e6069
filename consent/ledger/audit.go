package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Fault is what is wrong with a ledger, and the first entry it is wrong with.
type Fault struct {
	Entry int64 // zero when it is with no entry
	What  string
}

// Error says it in a sentence.
func (f Fault) Error() string {
	if f.Entry == 0 {
		return "ledger: " + f.What
	}
	return fmt.Sprintf("ledger: entry %d: %s", f.Entry, f.What)
}

// Before reports whether f is to be named rather than other: the earlier entry, and
// an entry rather than none.
func (f Fault) Before(other Fault) bool {
	return f.Entry != 0 && (other.Entry == 0 || f.Entry <= other.Entry)
}

// Audit builds a tree again, leaf by leaf, in the memory of a few hashes.
type Audit struct {
	size    int64
	subtree []tlog.Hash // roots of the complete subtrees, the largest first
}

// Size is how many leaves were added.
func (a *Audit) Size() int64 { return a.size }

// Add appends a leaf and returns the nodes that it completes, in the order of
// stored hashes.
func (a *Audit) Add(leaf tlog.Hash) []tlog.Hash {
	node, nodes := leaf, []tlog.Hash{leaf}
	for n := a.size; n&1 == 1; n >>= 1 {
		last := len(a.subtree) - 1
		node = tlog.NodeHash(a.subtree[last], node)
		a.subtree, nodes = a.subtree[:last], append(nodes, node)
	}
	a.subtree = append(a.subtree, node)
	a.size++
	return nodes
}

// Root is the tree's hash now (RFC 6962 section 2.1); it has a leaf at least.
func (a *Audit) Root() tlog.Hash {
	root := a.subtree[len(a.subtree)-1]
	for i := len(a.subtree) - 2; i >= 0; i-- {
		root = tlog.NodeHash(a.subtree[i], root)
	}
	return root
}
