package export

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"portail.example/consent"
)

// told is something that data.json tells and that the ledger has an entry of.
type told struct {
	kind, id string
	at       time.Time
	grant    string // empty: not compared
	text     string // SHA-256 of the text that was read
	mayHide  bool   // its row may be left out
	row      func(fact []byte) error
}

// provable are the lists with entries, and what reads an item of each; nil for one that
// has no entry.
var provable = map[string]func(json.RawMessage) (*told, error){
	string(consent.PartAnswers): toldAnswer, string(consent.PartConsents): toldWithdrawal, string(consent.PartAccesses): toldAccess,
}

// eachTold reads data.json to its end, item by item, and hands over what entries speak
// of.
func eachTold(r io.Reader, each func(told) error) error {
	decoder := json.NewDecoder(r)
	if _, err := decoder.Token(); err != nil { // {
		return notRead(err)
	}
	var about bounds // before all lists, see JSON.Begin
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return notRead(err)
		}
		if err := eachOf(decoder, fmt.Sprint(name), &about, each); err != nil {
			return err
		}
	}
	_, err := decoder.Token() // }
	return notRead(err)
}

// eachOf reads one member. Consents in an authority's report come without proofs.
func eachOf(decoder *json.Decoder, name string, about *bounds, each func(told) error) error {
	if name == "report" {
		return notRead(decoder.Decode(about))
	}
	read, ok := provable[name]
	if !ok || name == string(consent.PartConsents) && about.Authority != "" {
		return skip(decoder)
	}
	return eachItem(decoder, read, each)
}

func eachItem(decoder *json.Decoder, read func(json.RawMessage) (*told, error), each func(told) error) error {
	if _, err := decoder.Token(); err != nil { // [
		return notRead(err)
	}
	for decoder.More() {
		var item json.RawMessage
		if err := decoder.Decode(&item); err != nil {
			return notRead(err)
		}
		t, err := read(item)
		if err != nil {
			return notRead(err)
		}
		if t == nil {
			continue
		}
		if err := each(*t); err != nil {
			return err
		}
	}
	_, err := decoder.Token() // ]
	return notRead(err)
}

// skip passes over a value, token by token: a list may be long.
func skip(decoder *json.Decoder) error {
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return notRead(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func notRead(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %s: %w", ErrProofs, DataName, err)
}
