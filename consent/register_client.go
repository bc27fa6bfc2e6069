package consent

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var clientID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$`)

// Faults lists everything that is wrong with a registration, each an
// InvalidRequest Error naming the member; none means the client may be stored.
func (c Client) Faults() []error {
	var out []error
	for _, check := range []func() []error{c.idFaults, c.nameFaults, c.rightFaults, c.redirectFaults, c.credentialFaults} {
		out = append(out, check()...)
	}
	return out
}

func (c Client) idFaults() []error {
	if !clientID.MatchString(c.ID) {
		return []error{fault("client_id", "3 to 64 lower-case letters, digits and hyphens")}
	}
	return nil
}

// rightFaults: an editor has no right of its own.
func (c Client) rightFaults() []error {
	switch c.Kind {
	case Administration:
		return c.purposeFaults()
	case Editor:
		if len(c.Groups) > 0 || len(c.Retention) > 0 || c.Default != nil {
			return []error{fault("data_groups", "an editor is never a recipient: rights belong to its delegations")}
		}
		return nil
	case DataProvider:
		return c.Provider.faults()
	}
	return []error{fault("kind", `"administration", "editor" or "data_provider" is expected`)}
}

func (p Provider) faults() []error {
	var out []error
	if !safeAddress(p.Audience) {
		out = append(out, fault("audience", "an https address is expected"))
	}
	if !safeAddress(p.Location) {
		out = append(out, fault("location", "an https address is expected"))
	}
	if _, known := DataSetOf(p.DataSet); !known {
		out = append(out, fault("data_set", "unknown type"))
	}
	return out
}

func fault(field, detail string) error { return Refuse(InvalidRequest, field, "%s", detail) }

func (a Authority) nameFaults() []error {
	checks := []struct {
		bad           bool
		field, detail string
	}{
		{!validSIRET(a.SIRET), "siret", "not a SIRET"},
		{strings.TrimSpace(a.LegalName) == "", "legal_name", "empty"},
		{strings.TrimSpace(a.Habilitation) == "", "habilitation", "empty"},
		{!strings.Contains(a.DPOContact, "@"), "dpo_contact", "an e-mail address is expected"},
		{a.Website != "" && !safeAddress(a.Website), "website", "an https address is expected"},
	}
	var out []error
	for _, check := range checks {
		if check.bad {
			out = append(out, fault(check.field, check.detail))
		}
	}
	return out
}

func validSIRET(s SIRET) bool {
	_, err := ParseSIRET(string(s))
	return err == nil
}

func (a Authority) purposeFaults() []error {
	var out []error
	if len(a.Retention) == 0 {
		out = append(out, fault("retention_months", "at least one purpose is needed"))
	}
	for id, months := range a.Retention {
		purpose, known := PurposeOf(id)
		switch {
		case !known:
			out = append(out, Refuse(InvalidRequest, "retention_months", "%q is not a purpose", id))
		case months < 1 || months > purpose.MaxKeepOn:
			out = append(out, Refuse(InvalidRequest, "retention_months", "%s: between 1 and %d months", id, purpose.MaxKeepOn))
		}
	}
	return append(out, a.groupFaults()...)
}

func (a Authority) groupFaults() []error {
	var out []error
	if len(a.Groups) == 0 {
		out = append(out, fault("data_groups", "at least one data group is needed"))
	}
	for _, g := range a.Groups {
		if !slices.ContainsFunc(DataSets(), func(s DataSet) bool { return s.Has(g) }) {
			out = append(out, Refuse(InvalidRequest, "data_groups", "%q is not a data group", g))
		}
	}
	return out
}

// redirectFaults refuses addresses a code could leak from: RFC 9700 section 4.1
// wants exact https addresses; http is for this very machine.
func (c Client) redirectFaults() []error {
	var out []error
	if len(c.RedirectURIs) == 0 && c.Kind != DataProvider {
		out = append(out, fault("redirect_uris", "at least one address is needed"))
	}
	if c.EventEndpoint != "" && !safeAddress(c.EventEndpoint) {
		out = append(out, fault("event_endpoint", "an https address is expected"))
	}
	for _, uri := range c.RedirectURIs {
		if !safeAddress(uri) {
			out = append(out, fault("redirect_uris", "absolute https addresses without fragment are expected"))
		}
	}
	return out
}

func safeAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Fragment != "" || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && loopback
}

func (c Client) credentialFaults() []error {
	switch c.AuthMethod {
	case PrivateKeyJWT:
		if len(c.JWKS) == 0 {
			return []error{fault("jwks", "a public key set is needed for private_key_jwt")}
		}
	case ClientSecretBasic:
		if len(c.SecretHash) == 0 {
			return []error{fault("secret", "a secret is needed for client_secret_basic")}
		}
	default:
		return []error{fault("auth_method", `"private_key_jwt" or "client_secret_basic" is expected`)}
	}
	return nil
}
