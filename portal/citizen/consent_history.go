package citizen

import (
	"portail.example/consent"
	"portail.example/portal/web"
)

// Happening is one event of a consent in words.
type Happening struct {
	When, What string
	Receipt    string // address of its proof; may be empty
	Text       string // address of what was read; may be empty
}

// happenings are what became of a consent, oldest first.
func happenings(p web.Page, view consent.GrantView) (out []Happening) {
	for _, f := range view.History {
		if what := happened(p, f, view.Client); what != "" {
			out = append(out, Happening{When: p.Instant(f.At), What: what, Receipt: proofOf(f, view.Grant), Text: textOf(f)})
		}
	}
	return out
}

func happened(p web.Page, f consent.GrantFact, client consent.Client) string {
	switch {
	case f.Kind == consent.FactAsked && client.Through != "":
		return p.T("citizen.happened.asked_through", "Editor", client.Through, "Client", client.LegalName)
	case f.Kind == consent.FactAsked:
		return p.T("citizen.happened.asked", "Client", client.LegalName)
	case f.Kind == consent.FactRenewed:
		return p.T("citizen.happened.renewed", "Client", client.LegalName, "Times", f.Count)
	}
	if key := happeningKey(f.Kind); key != "" {
		return p.T(key, "Version", f.Version)
	}
	return ""
}

// proofOf is the address of the receipt of an answer, or of the withdrawal.
func proofOf(f consent.GrantFact, g consent.Grant) string {
	switch {
	case f.DecisionID != "":
		return "/receipts/" + f.DecisionID
	case f.Kind == consent.EntryWithdrawn:
		return withdrawalOf(g)
	}
	return ""
}

func happeningKey(kind consent.EntryKind) string {
	return map[consent.EntryKind]string{
		consent.EntryGrant: "citizen.happened.grant", consent.EntryReduced: "citizen.happened.reduction",
		consent.EntryPaused: "citizen.happened.pause", consent.EntryResumed: "citizen.happened.resumption",
		consent.EntryWithdrawn: "citizen.happened.withdrawal", consent.EntryRelinquished: "citizen.happened.relinquishment",
		consent.EntryRestricted: "citizen.happened.restricted", consent.EntryFreed: "citizen.happened.freed",
		consent.EntryReplaced: "citizen.happened.replacement", consent.EntryEnding: "citizen.happened.ending", consent.FactExpired: "citizen.happened.expired",
	}[kind]
}
