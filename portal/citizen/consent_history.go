package citizen

import (
	"portail.example/consent"
	"portail.example/portal/web"
)

// Happening is one event of a consent in words.
type Happening struct{ When, What string }

// happenings are what became of a consent, oldest first, from its evidence.
func happenings(p web.Page, facts []consent.GrantFact) (out []Happening) {
	for _, f := range facts {
		if key := happeningKey(f.Kind); key != "" {
			out = append(out, Happening{When: p.Instant(f.At), What: p.T(key, "Version", f.Version)})
		}
	}
	return out
}

func happeningKey(kind consent.EntryKind) string {
	return map[consent.EntryKind]string{
		consent.EntryGrant: "citizen.happened.grant", consent.EntryReduced: "citizen.happened.reduction",
		consent.EntryPaused: "citizen.happened.pause", consent.EntryResumed: "citizen.happened.resumption",
		consent.EntryWithdrawn: "citizen.happened.withdrawal", consent.EntryRelinquished: "citizen.happened.relinquishment",
		consent.EntryReplaced: "citizen.happened.replacement",
	}[kind]
}
