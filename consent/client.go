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

// Kind is what a client may do here.
type Kind string

// The kinds of clients.
const (
	Administration Kind = "administration"
	Editor         Kind = "editor"        // acts for the authorities that delegated to it, never a recipient
	DataProvider   Kind = "data_provider" // asks about tokens for its audience (RFC 7662), nothing else
)

// Authority is a public body that may receive data: a GDPR recipient.
type Authority struct {
	SIRET       SIRET
	LegalName   string // "Commune de Lisière-sur-Ource"
	ServiceName string // "Portail famille"
	// Habilitation is the DataPass number that entitles the authority.
	Habilitation string
	// HabilitationRevoked is what DataPass said of it; read, never registered.
	HabilitationRevoked bool
	// DPOContact is an address citizens can write to.
	DPOContact string
	// Website is where the citizen may go on without the portal; may be empty.
	Website string
	Groups  []DataGroup
	// Retention is how many months the authority keeps the data, by purpose
	// slug; a purpose that is absent is not registered for it.
	Retention map[string]int
}

// Client is who asks: an OAuth client. It is an authority itself, or an editor
// that acts for several.
type Client struct {
	ID   string // client_id
	Kind Kind
	// Authority is the administration itself; an editor's holds its own name and
	// no right, until ActingFor puts a recipient's in its place.
	Authority
	// Through is the editor's name, on a client that acts for another body.
	Through string
	// Provider is what a data provider serves.
	Provider     Provider
	RedirectURIs []string
	// EventEndpoint is where events are pushed (RFC 8935); empty for clients that
	// poll (RFC 8936).
	EventEndpoint string
	AuthMethod    AuthMethod
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
	// Watch lets it ask to be told when a value changed.
	Watch bool
	// Suspended stops every request, token and access of the client.
	Suspended bool
}

// Provider is a data API other than ours, that accepts consent tokens.
type Provider struct {
	Audience string // `aud` of the tokens it accepts
	Location string // where its data set is: `locations` in authorization_details
	DataSet  string // the type it serves
	// Identity entitles it to the pivot identity at introspection, encrypted to it.
	Identity bool
}

// Registered reports whether the purpose may be asked for.
func (a Authority) Registered(purpose string) bool { _, ok := a.Retention[purpose]; return ok }

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
	d.Groups, d.Watch = kept, d.Watch && c.Watch
	return d.watchable(), nil
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
	if c.Suspended || c.HabilitationRevoked {
		return Refuse(UnauthorizedClient, "client_id", "this client is suspended")
	}
	return nil
}

// MayAsk fails with UnauthorizedClient when the client is no one that consents are
// given to: a data provider only asks about tokens.
func (c Client) MayAsk() error {
	if c.Kind == DataProvider {
		return Refuse(UnauthorizedClient, "client_id", "a data provider may only introspect")
	}
	return nil
}
