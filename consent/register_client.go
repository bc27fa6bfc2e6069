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
	for _, check := range []func() []error{c.nameFaults, c.purposeFaults, c.redirectFaults, c.credentialFaults} {
		out = append(out, check()...)
	}
	return out
}

func fault(field, detail string) error { return Refuse(InvalidRequest, field, "%s", detail) }

func (c Client) nameFaults() []error {
	checks := []struct {
		bad           bool
		field, detail string
	}{
		{!clientID.MatchString(c.ID), "client_id", "3 to 64 lower-case letters, digits and hyphens"},
		{!validSIRET(c.SIRET), "siret", "not a SIRET"},
		{strings.TrimSpace(c.LegalName) == "", "legal_name", "empty"},
		{strings.TrimSpace(c.Habilitation) == "", "habilitation", "empty"},
		{!strings.Contains(c.DPOContact, "@"), "dpo_contact", "an e-mail address is expected"},
		{c.Website != "" && !safeAddress(c.Website), "website", "an https address is expected"},
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

func (c Client) purposeFaults() []error {
	var out []error
	if len(c.Retention) == 0 {
		out = append(out, fault("retention_months", "at least one purpose is needed"))
	}
	for id, months := range c.Retention {
		purpose, known := PurposeOf(id)
		switch {
		case !known:
			out = append(out, Refuse(InvalidRequest, "retention_months", "%q is not a purpose", id))
		case months < 1 || months > purpose.MaxKeepOn:
			out = append(out, Refuse(InvalidRequest, "retention_months", "%s: between 1 and %d months", id, purpose.MaxKeepOn))
		}
	}
	return append(out, c.groupFaults()...)
}

func (c Client) groupFaults() []error {
	var out []error
	if len(c.Groups) == 0 {
		out = append(out, fault("data_groups", "at least one data group is needed"))
	}
	for _, g := range c.Groups {
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
	if len(c.RedirectURIs) == 0 {
		out = append(out, fault("redirect_uris", "at least one address is needed"))
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
