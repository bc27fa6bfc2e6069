package consenttest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"portail.example/consent"
)

// PushOf is a push for groups of a data set, by TownHall, which is given the right to all
// of the set for the purpose that admits most of it.
func (w *World) PushOf(t testing.TB, set consent.DataSet, groups ...consent.DataGroup) consent.Push {
	t.Helper()
	purpose := PurposeFor(set)
	w.Client.Groups, w.Client.Retention = set.Groups, map[string]int{purpose.ID: 12}
	registry, ok := w.Store.(interface {
		PutClient(context.Context, consent.Client) error
	})
	if !ok {
		t.Fatal("this store registers nobody")
	}
	must(t, registry.PutClient(context.Background(), w.Client))
	out := w.Push()
	out.Client = w.Client
	out.Parameters = ParametersOf(set)
	out.Details.Type, out.Details.Groups, out.Details.Purpose, out.Details.Access = set.Type, groups, purpose.ID, purpose.Modes[0]
	return out
}

// ParametersOf are the examples of a data set's file; nil when it asks for nothing.
func ParametersOf(set consent.DataSet) consent.Parameters {
	if len(set.Given) == 0 {
		return nil
	}
	out := consent.Parameters{}
	for _, p := range set.Given {
		out[p.Name] = p.Example
	}
	return out
}

// DetailsOf are a push's authorization_details, as its client writes them.
func DetailsOf(t testing.TB, p consent.Push) string {
	t.Helper()
	raw, err := json.Marshal([]struct {
		consent.Details
		Parameters consent.Parameters `json:"parameters,omitempty"`
	}{{p.Details, p.Parameters}})
	must(t, err)
	return string(raw)
}

// Paths are the operations that a question by identity, or by what was given, calls.
func Paths(set consent.DataSet) []string {
	if whose := set.Upstream.Whose; whose != nil && whose.Path != "" {
		return []string{whose.Path, set.Upstream.Identity}
	}
	return []string{set.Upstream.Identity}
}

// TellWhose adds to an answer that it is about Angela, where the data set wants that told,
// with more beside it that nobody may see.
func TellWhose(data map[string]any, set consent.DataSet, more string) {
	whose := set.Upstream.Whose
	if whose == nil {
		return
	}
	who := Angela().Identity
	for keys, value := range map[string]string{whose.FamilyName: who.FamilyName, whose.GivenName: who.GivenNames[0], whose.Birthdate: who.Birthdate} {
		outer, inner, _ := strings.Cut(keys, ".")
		if data[outer] == nil {
			data[outer] = map[string]any{"more": more}
		}
		data[outer].(map[string]any)[inner] = value
	}
}

// PurposeFor is the purpose that admits most of a data set.
func PurposeFor(set consent.DataSet) (most consent.Purpose) {
	for _, p := range consent.Purposes() {
		if len(set.InOrder(p.Groups)) > len(set.InOrder(most.Groups)) {
			most = p
		}
	}
	return most
}

// Set is a data set that must be there.
func Set(t testing.TB, typ string) consent.DataSet {
	t.Helper()
	set, known := consent.DataSetOf(typ)
	if !known {
		t.Fatal(typ + " is no data set")
	}
	return set
}
