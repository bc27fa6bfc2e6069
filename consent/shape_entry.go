package consent

import (
	"bytes"
	"encoding/json"
)

// Entry is what a group says of one thing, such as one of several children: its single
// values, each under the names that lead to it.
type Entry map[string]Value

// Value is a single value as the provider sent it, or several of one kind; Raw is empty
// when it said nothing.
type Value struct {
	Kind ValueKind
	Raw  json.RawMessage
}

// Entries are what an answer says of a group, in the provider's order. A group that is
// one key of the answer has entries of what is under that key.
func (s DataSet) Entries(g DataGroup, data map[string]json.RawMessage) (out []Entry) {
	shape := s.Shape(g)
	if len(shape.Members) != 1 || shape.Members[0].Shape.Kind != "" {
		return shape.entry("", data, out)
	}
	inner, raw := shape.Members[0].Shape, data[shape.Members[0].Name]
	if !inner.List {
		return inner.entryOf(raw, out)
	}
	var items []json.RawMessage
	_ = json.Unmarshal(raw, &items) // what is no list says nothing
	for _, item := range items {
		out = inner.entryOf(item, out)
	}
	return out
}

func (s Shape) entryOf(raw json.RawMessage, out []Entry) []Entry {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return out
	}
	return s.entry("", members, out)
}

// entry adds an entry, unless it says nothing.
func (s Shape) entry(prefix string, members map[string]json.RawMessage, out []Entry) []Entry {
	one := Entry{}
	if !s.fill(prefix, members, one) {
		return out
	}
	return append(out, one)
}

// fill reports whether anything is said.
func (s Shape) fill(prefix string, members map[string]json.RawMessage, one Entry) (said bool) {
	for _, m := range s.Members {
		raw := bytes.TrimSpace(members[m.Name])
		if m.Shape.Kind == "" && m.Shape.List { // several things beside others are nowhere shown
			continue
		}
		if m.Shape.Kind == "" {
			var inner map[string]json.RawMessage
			_ = json.Unmarshal(raw, &inner)
			said = m.Shape.fill(prefix+m.Name+"_", inner, one) || said
			continue
		}
		if string(raw) == "null" {
			raw = nil
		}
		one[prefix+m.Name] = Value{m.Shape.Kind, json.RawMessage(raw)}
		said = said || len(raw) > 0
	}
	return said
}

// names are those that an Entry of this group has.
func (s Shape) names() map[string]bool {
	inner := s
	if len(s.Members) == 1 && s.Members[0].Shape.Kind == "" {
		inner = s.Members[0].Shape
	}
	one, out := Entry{}, map[string]bool{}
	inner.fill("", nil, one)
	for name := range one {
		out[name] = true
	}
	return out
}
