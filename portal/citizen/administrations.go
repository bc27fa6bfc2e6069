package citizen

import (
	"slices"
	"strings"

	"portail.example/consent"
)

// Option is one option of a filter.
type Option struct {
	Value, Name string
	Selected    bool
}

// administrations are the options of a filter, by name.
func administrations(parties []consent.Party, clients map[consent.Party]consent.Client, chosen consent.Party) (out []Option) {
	for _, p := range parties {
		out = append(out, Option{Value: optionOf(p), Name: clients[p].LegalName, Selected: p == chosen})
	}
	slices.SortFunc(out, func(a, b Option) int { return strings.Compare(a.Name, b.Name) })
	return out
}

const betweenParty = "~" // in no client_id

// optionOf names a party in a filter; partyOf reads it back.
func optionOf(p consent.Party) string {
	return strings.TrimSuffix(p.ClientID+betweenParty+string(p.Recipient), betweenParty)
}

func partyOf(option string) consent.Party {
	client, recipient, _ := strings.Cut(option, betweenParty)
	return consent.Party{ClientID: client, Recipient: consent.SIRET(recipient)}
}
