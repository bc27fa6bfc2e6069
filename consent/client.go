package consent

import (
	"encoding/json"
	"slices"
)

// AuthMethod is how a client proves itself at the back-channel endpoints.
type AuthMethod string

// The two methods of the protocol.
const (
	PrivateKeyJWT     AuthMethod = "private_key_jwt"     // RFC 7523
	ClientSecretBasic AuthMethod = "client_secret_basic" // RFC 6749 section 2.3.1
)

// Client is the administration that asks: an OAuth client, a GDPR recipient.
type Client struct {
	ID          string // client_id
	SIRET       SIRET
	LegalName   string // "Commune de Lisière-sur-Ource"
	ServiceName string // "Portail famille"
	// Habilitation is the DataPass number that entitles the administration.
	Habilitation string
	// DPOContact is an address citizens can write to.
	DPOContact string
	// Website is where the citizen may go on without the portal; may be empty.
	Website string
	Groups  []DataGroup
	// Retention is how many months the administration keeps the data, by purpose
	// slug; a purpose that is absent is not registered for this client.
	Retention    map[string]int
	RedirectURIs []string
	AuthMethod   AuthMethod
	// SecretHash is the SHA-256 of the client's secret (client_secret_basic).
	// Secrets are ours and random, 256 bits: a slow hash would protect nothing.
	SecretHash []byte
	// JWKS is the client's public key set (private_key_jwt), RFC 7517.
	JWKS json.RawMessage
	// Default is what scope=<type> stands for; nil when the client must always
	// send authorization_details.
	Default *Details
	// RequireDPoP refuses tokens that are not bound to a key (RFC 9449).
	RequireDPoP bool
	// Suspended stops every request, token and access of the client.
	Suspended bool
}

// Registered reports whether the client may ask for the purpose.
func (c Client) Registered(purpose string) bool { _, ok := c.Retention[purpose]; return ok }

// HasRedirectURI matches exactly, as RFC 9700 section 4.1.3 demands.
func (c Client) HasRedirectURI(uri string) bool { return slices.Contains(c.RedirectURIs, uri) }

// Narrow is what is left of a consent under the registration as it is now: an
// administration that lost a data group, a purpose or its SIRET receives no more
// of it, whatever was granted before. It fails with UnauthorizedClient when
// nothing is left.
func (c Client) Narrow(d Details) (Details, error) {
	kept := slices.DeleteFunc(slices.Clone(d.Groups), func(g DataGroup) bool { return !slices.Contains(c.Groups, g) })
	if len(kept) == 0 || !c.Registered(d.Purpose) || d.Recipient != c.SIRET {
		return Details{}, Refuse(UnauthorizedClient, "client_id", "the registration no longer covers this consent")
	}
	d.Groups = kept
	return d, nil
}

// Bound fails with InvalidRequest when the client must prove a key and did not.
func (c Client) Bound(jkt string) error {
	if c.RequireDPoP && jkt == "" {
		return Refuse(InvalidRequest, "DPoP", "this client is registered for tokens bound to a key")
	}
	return nil
}

// Usable fails with UnauthorizedClient when the client is suspended.
func (c Client) Usable() error {
	if c.Suspended {
		return Refuse(UnauthorizedClient, "client_id", "this client is suspended")
	}
	return nil
}
