package main

import (
	"bytes"
	"strings"
	"testing"

	"portail.example/internal/postgres/pgtest"
)

// The very first platform DPO, from a fresh database, and their end.
func TestTheFirstOfficerIsInvitedFromTheConsole(t *testing.T) {
	environ := map[string]string{"DATABASE_URL": pgtest.URL(t), "MASTER_KEY": strings.Repeat("A", 43) + "="}
	do := func(args string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append([]string{"agent"}, strings.Fields(args)...), environ, &out)
		return strings.Join(strings.Fields(out.String()), " "), err
	}
	invited, err := do("invite dpo@portail.example 13990012000003 platform_dpo")
	if err != nil || !strings.Contains(invited, "as platform_dpo of 13990012000003") {
		t.Fatal(invited, err)
	}
	id := strings.Fields(invited)[1]
	for _, step := range []struct{ args, want, fault string }{
		{"list", id + " invited platform_dpo 13990012000003", ""},
		{"list", "dpo@portail.example", ""},
		{"invite dpo@portail.example 13990012000003 auditor", "", "email"},
		{"invite nobody 13990012000003 dpo", "", "email"},
		{"invite dpo@portail.example 13990012000004 dpo", "", "siret"},
		{"invite dpo@portail.example 13990012000003 king", "", "role"},
		{"revoke nobody", "", "not_found"},
		{"revoke " + id, "revoked " + id, ""},
		{"list", id + " revoked platform_dpo", ""},
	} {
		got, err := do(step.args)
		if step.fault == "" && (err != nil || !strings.Contains(got, step.want)) {
			t.Errorf("%s: %v, %s", step.args, err, got)
		}
		if step.fault != "" && (err == nil || !strings.Contains(err.Error(), step.fault) || strings.Contains(err.Error(), "@")) {
			t.Errorf("%s: %v, want %s", step.args, err, step.fault)
		}
	}
	environ["MASTER_KEY"] = ""
	if _, err := do("list"); err == nil || !strings.Contains(err.Error(), "MASTER_KEY") {
		t.Errorf("without the master key: %v", err)
	}
}
