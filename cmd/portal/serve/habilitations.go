package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"portail.example/consent"
	"portail.example/internal/apiparticulier"
)

// habilitation is one entry of API_PARTICULIER_HABILITATIONS.
type habilitation struct {
	Recipient    string `json:"recipient"`
	Token        string `json:"token"`
	DelegationID string `json:"delegation_id"`
}

// habilitations are those of the recipients that have one of their own. Its errors name
// no token.
func (a APIParticulier) habilitations() (map[consent.SIRET]apiparticulier.Habilitation, error) {
	text := a.Habilitations.Value()
	if text == "" {
		return nil, nil
	}
	var list []habilitation
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&list) != nil || decoder.More() {
		return nil, errors.New("a JSON list of objects with recipient, and token or delegation_id, is expected")
	}
	out := map[consent.SIRET]apiparticulier.Habilitation{}
	for i, entry := range list {
		recipient, err := consent.ParseSIRET(entry.Recipient)
		_, twice := out[recipient]
		if err != nil || twice || (entry.Token == "") == (entry.DelegationID == "") {
			return nil, fmt.Errorf("entry %d: a SIRET that no other entry has, and either its token or the delegation_id it gave the editor", i+1)
		}
		out[recipient] = apiparticulier.Habilitation{Token: entry.Token, DelegationID: entry.DelegationID}
	}
	return out, nil
}
