package ledger

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent"
)

// Entry is one line of evidence as it was written: pseudonyms, versions and hashes.
type Entry struct {
	ID int64 // its place in the table; the tree may hold it elsewhere
	consent.LedgerEntry
	// Fact is the SHA-256 of the row the entry speaks of, as it was when the entry
	// was written; nil for kinds that speak of none.
	Fact []byte
}

// leaf is what is hashed. Its members and their order never change: a new one is a
// new version.
type leaf struct {
	Version  int    `json:"v"`
	ID       int64  `json:"id"`
	At       string `json:"at"`
	Kind     string `json:"kind"`
	Subject  string `json:"subject"`
	Client   string `json:"client"`
	Ref      string `json:"ref"`
	Request  string `json:"request"`
	Grant    string `json:"grant"`
	TextHash string `json:"text_hash"`
	Fact     string `json:"fact"`
}

// Bytes are what the tree holds of an entry: JSON that anybody can write again.
func (e Entry) Bytes() []byte {
	raw, _ := json.Marshal(leaf{ // strings and numbers do not fail
		Version: 1, ID: e.ID, At: e.At.UTC().Format(time.RFC3339Nano), Kind: string(e.Kind), Subject: string(e.Subject), Client: e.ClientID,
		Ref: e.Ref, Request: e.RequestID, Grant: e.GrantID, TextHash: hex.EncodeToString(e.TextHash), Fact: hex.EncodeToString(e.Fact),
	})
	return raw
}

// Hash is the leaf's (RFC 6962 section 2.1).
func (e Entry) Hash() tlog.Hash { return tlog.RecordHash(e.Bytes()) }
