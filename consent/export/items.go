package export

import (
	"encoding/json"
	"io"
)

// Items is a JSON document with one list, written as it goes: its memory is one item.
type Items struct {
	w      io.Writer
	filled bool
}

// NewItems writes the members of head, which has some, and begins the list.
func NewItems(w io.Writer, head any, list string) (*Items, error) {
	raw, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(w, string(raw[:len(raw)-1])+",\n\""+list+"\": [") // left open
	return &Items{w: w}, err
}

// Item writes one.
func (i *Items) Item(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	separator := "\n"
	if i.filled {
		separator = ",\n"
	}
	i.filled = true
	_, err = io.WriteString(i.w, separator+string(raw))
	return err
}

// End closes the list and the document.
func (i *Items) End() error {
	_, err := io.WriteString(i.w, "\n]}\n")
	return err
}
