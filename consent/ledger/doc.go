// Package ledger makes the evidence checkable by someone who does not trust whoever
// keeps it: entries are leaves of a Merkle tree (RFC 6962 hashing, by
// golang.org/x/mod/sumdb/tlog), and each size of the tree is signed as a checkpoint
// (C2SP tlog-checkpoint and signed-note). It stores nothing: internal/postgres does.
package ledger
