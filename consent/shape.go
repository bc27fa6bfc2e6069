package consent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// ValueKind is what a single value says, so that it can be shown.
type ValueKind string

// The kinds of single values. Providers write null for any of them.
const (
	KindText    ValueKind = "text"
	KindNumber  ValueKind = "number"
	KindBoolean ValueKind = "boolean"
	KindDay     ValueKind = "date" // YYYY-MM-DD; parts may be 00, which is no date
)

// Shape is what a provider documents of a value: one value of a ValueKind, an object of named
// members, or a list of either. A member that it does not name was on no consent
// screen.
type Shape struct {
	Kind    ValueKind // empty for an object and for a list of objects
	List    bool
	Members []Member
}

// Member is one member of an object.
type Member struct {
	Name  string
	Shape Shape
}

// UnmarshalJSON reads "text", {"name": …}, ["text"] or [{"name": …}], and keeps the order of the
// members, which is the one they are shown in.
func (s *Shape) UnmarshalJSON(raw []byte) error {
	switch raw[0] {
	case '"':
		return s.readKind(raw)
	case '[':
		var items []Shape
		if err := json.Unmarshal(raw, &items); err != nil {
			return err
		}
		if len(items) != 1 || items[0].List {
			return fmt.Errorf("a list holds one shape, which is that of each of its items")
		}
		*s = items[0]
		s.List = true
		return nil
	case '{':
		return s.readMembers(raw)
	}
	return fmt.Errorf("a kind, an object or a list is expected")
}

func (s *Shape) readKind(raw []byte) error {
	if err := json.Unmarshal(raw, &s.Kind); err != nil {
		return err
	}
	if !slices.Contains([]ValueKind{KindText, KindNumber, KindBoolean, KindDay}, s.Kind) {
		return fmt.Errorf("%q is not a kind", s.Kind)
	}
	return nil
}

func (s *Shape) readMembers(raw []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		member := Member{Name: name.(string)}
		if err := decoder.Decode(&member.Shape); err != nil {
			return fmt.Errorf("%s: %w", member.Name, err)
		}
		s.Members = append(s.Members, member)
	}
	if len(s.Members) == 0 {
		return fmt.Errorf("an object without members")
	}
	return nil
}

// and is what either names; false when a value would be two things, or be named twice.
func (s Shape) and(other Shape) (Shape, bool) {
	if s.Kind != "" || other.Kind != "" || s.List != other.List {
		return Shape{}, false
	}
	out := Shape{List: s.List, Members: slices.Clone(s.Members)}
	for _, m := range other.Members {
		i := slices.IndexFunc(out.Members, func(known Member) bool { return known.Name == m.Name })
		if i < 0 {
			out.Members = append(out.Members, m)
			continue
		}
		merged, ok := out.Members[i].Shape.and(m.Shape)
		if !ok {
			return Shape{}, false
		}
		out.Members[i].Shape = merged
	}
	return out, true
}

// cut leaves of a value what the shape names; false when the value is not of this shape.
// An object may be null: it says nothing.
func (s Shape) cut(raw json.RawMessage) (json.RawMessage, bool) {
	switch {
	case s.List:
		return s.cutList(raw)
	case s.Kind != "":
		first := bytes.TrimSpace(raw)[0]
		return raw, first != '{' && first != '['
	case string(bytes.TrimSpace(raw)) == "null":
		return raw, true
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil, false
	}
	kept, ok := s.cutMembers(members)
	if !ok {
		return nil, false
	}
	out, err := json.Marshal(kept)
	return out, err == nil
}

func (s Shape) cutList(raw json.RawMessage) (json.RawMessage, bool) {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || items == nil {
		return nil, false
	}
	each := s
	each.List = false
	for i := range items {
		var ok bool
		if items[i], ok = each.cut(items[i]); !ok {
			return nil, false
		}
	}
	out, err := json.Marshal(items)
	return out, err == nil
}

func (s Shape) cutMembers(members map[string]json.RawMessage) (map[string]json.RawMessage, bool) {
	kept := map[string]json.RawMessage{}
	for _, m := range s.Members {
		raw, present := members[m.Name]
		if !present {
			continue
		}
		value, ok := m.Shape.cut(raw)
		if !ok {
			return nil, false
		}
		kept[m.Name] = value
	}
	return kept, true
}
