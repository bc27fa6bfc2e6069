package serve

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"portail.example/consent"
	"portail.example/internal/mail"
)

// faults lists what parsing alone cannot see. Each line names the variable.
func (c Config) faults(environ map[string]string) []string {
	checks := []struct {
		bad  bool
		text string
	}{
		{c.URL != "" && !isOrigin(c.URL), "PORTAL_URL: an https origin without path is expected (http only for localhost)"},
		{c.TokenLifetime < time.Minute || c.TokenLifetime > consent.MaxTokenLifetime, "TOKEN_LIFETIME: between 1m and 15m"},
		{c.MaxConns < 2, "DATABASE_MAX_CONNS: at least 2"},
		{c.AddressRate < 1 || c.ClientRate < 1, "RATE_LIMIT_ADDRESS, RATE_LIMIT_CLIENT: at least 1"},
		{c.Database.Value() == "", "DATABASE_URL or DATABASE_URL_FILE is not set"},
		{len(c.master()) != 32, "MASTER_KEY or MASTER_KEY_FILE: 32 bytes in base64 are expected (openssl rand -base64 32)"},
		{c.SigningKey == KeyRing{}, "SIGNING_KEY or SIGNING_KEY_FILE is not set (openssl ecparam -name prime256v1 -genkey -noout)"},
		{(c.Module.Path == "") != (c.Module.PIN.Value() == ""), "SIGNING_PKCS11_MODULE and SIGNING_PKCS11_PIN: both or none"},
		{c.FranceConnect.Issuer != "" && !isSafeURL(c.FranceConnect.Issuer), "FRANCECONNECT_ISSUER: an https URL is expected (http only for localhost)"},
		{c.FranceConnect.ClientSecret.Value() == "", "FRANCECONNECT_CLIENT_SECRET or FRANCECONNECT_CLIENT_SECRET_FILE is not set"},
		{c.FranceConnect.SigningAlg != "ES256" && c.FranceConnect.SigningAlg != "RS256", "FRANCECONNECT_SIGNING_ALG: ES256 or RS256"},
		{!c.FranceConnect.agree(), "FRANCECONNECT_*_ENDPOINT and FRANCECONNECT_JWKS_URI: all five or none"},
		{c.APIParticulier.URL != "" && !isSafeURL(c.APIParticulier.URL), "API_PARTICULIER_URL: an https URL is expected (http only for localhost)"},
		{c.DataPass.Value() != "" && len(c.DataPass.Value()) < 16, "DATAPASS_WEBHOOK_SECRET: at least 16 characters"},
		{len(c.FranceConnect.Data) > 0 && c.APIParticulier.OwnSIRET == "", "FRANCECONNECT_DATA: needs API_PARTICULIER_OWN_SIRET, in whose name citizens look"},
		{!isOwnSIRET(c.APIParticulier.OwnSIRET), "API_PARTICULIER_OWN_SIRET: not a SIRET"},
		{c.APIParticulier.Token.Value() == "", "API_PARTICULIER_TOKEN or API_PARTICULIER_TOKEN_FILE is not set"},
	}
	var out []string
	for _, check := range checks {
		if check.bad {
			out = append(out, check.text)
		}
	}
	out = append(out, c.FranceConnect.badData()...)
	out = append(out, c.badMail()...)
	out = append(out, c.badProxies()...)
	out = append(out, c.ProConnect.faults()...)
	out = append(out, c.APIParticulier.faults()...)
	return append(out, twice(environ)...)
}

// twice names secrets given both ways: which one counts would be a guess.
func twice(environ map[string]string) []string {
	var out []string
	for _, name := range []string{"DATABASE_URL", "MASTER_KEY", "SIGNING_KEY", "SIGNING_PKCS11_PIN", "FRANCECONNECT_CLIENT_SECRET", "API_PARTICULIER_TOKEN", "API_PARTICULIER_HABILITATIONS", "DATAPASS_WEBHOOK_SECRET", "SMTP_URL", "PROCONNECT_CLIENT_SECRET"} {
		if environ[name] != "" && environ[name+"_FILE"] != "" {
			out = append(out, name+" and "+name+"_FILE are both set")
		}
	}
	return out
}

// badMail never quotes SMTP_URL, which holds a password.
func (c Config) badMail() []string {
	if c.SMTP.Value() == "" && c.MailFrom == "" {
		return nil
	}
	if c.SMTP.Value() == "" || c.MailFrom == "" {
		return []string{"SMTP_URL and MAIL_FROM: both or none"}
	}
	if _, err := mail.ParseServer(c.SMTP.Value(), c.MailFrom); err != nil {
		return []string{"SMTP_URL, MAIL_FROM: " + err.Error()}
	}
	return nil
}

// faults of the agents' sign-in, which may be left out whole.
func (p ProConnect) faults() (out []string) {
	if p.Issuer == "" && p.ClientID == "" && p.ClientSecret.Value() == "" {
		return nil
	}
	for _, check := range []struct {
		bad  bool
		text string
	}{
		{p.Issuer == "" || p.ClientID == "" || p.ClientSecret.Value() == "", "PROCONNECT_ISSUER, PROCONNECT_CLIENT_ID and PROCONNECT_CLIENT_SECRET: all three or none"},
		{p.Issuer != "" && !isSafeURL(p.Issuer), "PROCONNECT_ISSUER: an https URL is expected (http only for localhost)"},
		{p.SigningAlg != "ES256" && p.SigningAlg != "RS256", "PROCONNECT_SIGNING_ALG: ES256 or RS256"},
		{!p.agree(), "PROCONNECT_*_ENDPOINT and PROCONNECT_JWKS_URI: all five or none"},
	} {
		if check.bad {
			out = append(out, check.text)
		}
	}
	return out
}

// faults of the limits towards API Particulier. An answer that takes longer than
// twenty seconds would meet the end of our own.
func (a APIParticulier) faults() (out []string) {
	for _, check := range []struct {
		bad  bool
		text string
	}{
		{a.Timeout < time.Second || a.Timeout > 20*time.Second, "API_PARTICULIER_TIMEOUT: between 1s and 20s"},
		{a.Rate < 1 || a.RecipientRate < 1 || a.RecipientRate > a.Rate, "API_PARTICULIER_RATE, API_PARTICULIER_RECIPIENT_RATE: at least 1, the second no more than the first"},
		{a.BatchRate < 1 || a.BatchRate > a.Rate, "API_PARTICULIER_BATCH_RATE: at least 1, no more than API_PARTICULIER_RATE"},
		{a.Calls < 1 || a.RecipientCalls < 1 || a.RecipientCalls > a.Calls, "API_PARTICULIER_CALLS, API_PARTICULIER_RECIPIENT_CALLS: at least 1, the second no more than the first"},
		{a.LivePerHour < 1 || a.LivePerHour > 580, "API_PARTICULIER_FRANCECONNECT_HOUR: between 1 and 580"},
		{a.Failures < 1 || a.CoolDown < time.Second, "API_PARTICULIER_FAILURES: at least 1; API_PARTICULIER_COOL_DOWN: at least 1s"},
	} {
		if check.bad {
			out = append(out, check.text)
		}
	}
	if _, err := a.habilitations(); err != nil {
		out = append(out, "API_PARTICULIER_HABILITATIONS: "+err.Error())
	}
	return out
}

func (c Config) badProxies() []string {
	var out []string
	for _, proxy := range c.TrustedProxies {
		_, asPrefix := netip.ParsePrefix(proxy)
		_, asAddr := netip.ParseAddr(proxy)
		if asPrefix != nil && asAddr != nil {
			out = append(out, "TRUSTED_PROXIES: "+proxy+" is neither an address nor a network")
		}
	}
	return out
}

func (c Config) master() []byte {
	key, err := base64.StdEncoding.DecodeString(c.MasterKey.Value())
	if err != nil {
		return nil
	}
	return key
}

// agree: all of them, or none.
func (e Endpoints) agree() bool {
	given := 0
	all := []string{e.AuthorizationEndpoint, e.TokenEndpoint, e.UserinfoEndpoint, e.JWKSURI, e.EndSessionEndpoint}
	for _, endpoint := range all {
		if endpoint != "" {
			given++
		}
	}
	return given == 0 || given == len(all)
}

// isOrigin accepts scheme and host only: the issuer is compared as a string, so
// a trailing slash would make every token foreign.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && isSafeURL(s) && u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

// isSafeURL accepts https, and http on this very machine.
func isSafeURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

func isOwnSIRET(s string) bool {
	if s == "" { // no preview
		return true
	}
	_, err := consent.ParseSIRET(s)
	return err == nil
}

// badData names scopes that no look could use: FranceConnect is asked for none of them.
func (f FranceConnect) badData() (out []string) {
	for _, scope := range f.Data {
		if scope == "true" || scope == "false" { // what it was before it named them
			return []string{fmt.Sprintf("FRANCECONNECT_DATA: %s is no answer any more: name the scopes that FranceConnect entitled you to, such as cnaf_quotient_familial, or leave it out (docs/franceconnect.md)", scope)}
		}
		if !slices.Contains(consent.LiveScopes(), scope) {
			out = append(out, fmt.Sprintf("FRANCECONNECT_DATA: %q is no scope that data is looked at with, see docs/franceconnect.md", scope))
		}
	}
	return out
}
