package gateway_test

import (
	"strings"
	"testing"

	"portail.example/consent"
)

func TestWhoConsultsIsRecordedOrRefusedByName(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	if r := w.get(path, bearer, "X-Agent-Id", "agent-4812", "X-Agent-Service", "cantine"); r.status != 200 || w.last().By != (consent.ConsultedBy{Agent: "agent-4812", Service: "cantine"}) {
		t.Fatalf("%d, recorded %+v", r.status, w.last().By)
	}
	calls := len(w.upstream.Calls())
	cases := map[string][]string{
		"an address":    {"X-Agent-Id", "lea.bertin@lisiere.example"},
		"too long":      {"X-Agent-Service", strings.Repeat("x", 65)},
		"given twice":   {"X-Agent-Id", "a", "X-Agent-Id", "b"},
		"a name":        {"X-Agent-Service", "Léa Bertin"},
		"one good only": {"X-Agent-Service", "a b", "X-Agent-Id", "a"},
	}
	for name, headers := range cases {
		t.Run(name, func(t *testing.T) {
			r := w.get(path, bearer, headers...)
			if r.status != 400 || r.code() != "00401" || r.Errors[0].Source == nil || r.Errors[0].Source.Parameter != headers[0] {
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
	if len(w.upstream.Calls()) != calls || strings.Contains(w.log.String(), "agent-4812") {
		t.Error("upstream was called, or the log tells who consulted")
	}
}
