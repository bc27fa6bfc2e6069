// Package serve is the portal's configuration and wiring: it turns environment
// variables into a Config that cannot be wrong, builds the rooms from it, and
// runs them until told to stop. cmd/portal and the demo world share it.
package serve

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is what the operator sets. docs/configuration.md is its table; a test
// keeps the two equal. Every secret has a _FILE twin that names a file to read.
type Config struct {
	URL            string        `env:"PORTAL_URL,required,notEmpty"`
	Listen         string        `env:"PORTAL_LISTEN" envDefault:":8080"`
	TrustedProxies []string      `env:"TRUSTED_PROXIES"`
	LogLevel       slog.Level    `env:"LOG_LEVEL" envDefault:"INFO"`
	Demo           bool          `env:"DEMO"`
	TokenLifetime  time.Duration `env:"TOKEN_LIFETIME" envDefault:"5m"`
	MaxConns       int32         `env:"DATABASE_MAX_CONNS" envDefault:"16"`
	AddressRate    int           `env:"RATE_LIMIT_ADDRESS" envDefault:"20"`
	ClientRate     int           `env:"RATE_LIMIT_CLIENT" envDefault:"50"`
	Database       Secret        `envPrefix:"DATABASE_URL"`
	MasterKey      Secret        `envPrefix:"MASTER_KEY"`
	SigningKey     KeyRing       `envPrefix:"SIGNING_KEY"`
	Module         Module        `envPrefix:"SIGNING_PKCS11_"`
	EventsPrivate  bool          `env:"EVENTS_ALLOW_PRIVATE"`
	DataPass       Secret        `envPrefix:"DATAPASS_WEBHOOK_SECRET"`
	SMTP           Secret        `envPrefix:"SMTP_URL"`
	MailFrom       string        `env:"MAIL_FROM"`

	Operator       Operator       `envPrefix:"OPERATOR_"`
	FranceConnect  FranceConnect  `envPrefix:"FRANCECONNECT_"`
	ProConnect     ProConnect     `envPrefix:"PROCONNECT_"`
	APIParticulier APIParticulier `envPrefix:"API_PARTICULIER_"`
}

// Operator is who runs the portal: legal notices name them. The defaults are the
// demo's, which names nobody.
type Operator struct {
	Name      string `env:"NAME" envDefault:"Opérateur de démonstration"`
	Address   string `env:"ADDRESS" envDefault:"1 place de la République, 99999 Exemple"`
	Publisher string `env:"PUBLISHER" envDefault:"Camille Exemple"`
	Host      string `env:"HOST" envDefault:"Hébergeur de démonstration, 2 place de la République, 99999 Exemple"`
	Contact   string `env:"CONTACT" envDefault:"contact@portail.example"`
	DPO       string `env:"DPO" envDefault:"dpo@portail.example"`
}

// FranceConnect is the citizens' sign-in provider.
type FranceConnect struct {
	Issuer       string   `env:"ISSUER,required,notEmpty"`
	ClientID     string   `env:"CLIENT_ID,required,notEmpty"`
	ClientSecret Secret   `envPrefix:"CLIENT_SECRET"`
	Scopes       []string `env:"SCOPES" envSeparator:" " envDefault:"openid given_name family_name birthdate gender birthplace birthcountry preferred_username"`
	ACR          string   `env:"ACR" envDefault:"eidas1"`
	SigningAlg   string   `env:"SIGNING_ALG" envDefault:"ES256"`
	PKCE         bool     `env:"PKCE"`
	// Data are the scopes of data providers that FranceConnect entitled the operator to.
	Data []string `env:"DATA" envSeparator:" "`
	Endpoints
}

// ProConnect is the agents' sign-in provider. Without an issuer there are no pages for
// agents.
type ProConnect struct {
	Issuer       string   `env:"ISSUER"`
	ClientID     string   `env:"CLIENT_ID"`
	ClientSecret Secret   `envPrefix:"CLIENT_SECRET"`
	Scopes       []string `env:"SCOPES" envSeparator:" " envDefault:"openid given_name usual_name email siret"`
	SigningAlg   string   `env:"SIGNING_ALG" envDefault:"ES256"`
	Endpoints
}

// Endpoints of a sign-in provider are discovered unless all of them are given.
type Endpoints struct {
	AuthorizationEndpoint string `env:"AUTHORIZATION_ENDPOINT"`
	TokenEndpoint         string `env:"TOKEN_ENDPOINT"`
	UserinfoEndpoint      string `env:"USERINFO_ENDPOINT"`
	JWKSURI               string `env:"JWKS_URI"`
	EndSessionEndpoint    string `env:"END_SESSION_ENDPOINT"`
}

// APIParticulier is the upstream of the data API.
type APIParticulier struct {
	URL   string `env:"URL,required,notEmpty"`
	Token Secret `envPrefix:"TOKEN"`
	// OwnSIRET is in whose name citizens look at their own data; without it they cannot.
	OwnSIRET string        `env:"OWN_SIRET"`
	Timeout  time.Duration `env:"TIMEOUT" envDefault:"12s"`
	// Calls a second, of the habilitation and of one administration, all instances together.
	Rate          int `env:"RATE" envDefault:"15"`
	RecipientRate int `env:"RECIPIENT_RATE" envDefault:"5"`
	// Calls a second of all batches, out of Rate.
	BatchRate int `env:"BATCH_RATE" envDefault:"7"`
	// Calls under way in one instance, for a data set and for one administration in it.
	Calls          int `env:"CALLS" envDefault:"64"`
	RecipientCalls int `env:"RECIPIENT_CALLS" envDefault:"16"`
	// Habilitations are those of administrations that have one of their own, or that
	// delegated to the editor whose token Token is.
	Habilitations Secret `envPrefix:"HABILITATIONS"`
	// LivePerHour are the calls an hour with FranceConnect's tokens, all instances together.
	LivePerHour int `env:"FRANCECONNECT_HOUR" envDefault:"500"`
	// Failures in a row after which nobody calls for CoolDown.
	Failures int           `env:"FAILURES" envDefault:"5"`
	CoolDown time.Duration `env:"COOL_DOWN" envDefault:"30s"`
}

// KeyRing is the signing keys: in a variable, or in a file that is followed as it
// changes, which rotations need.
type KeyRing struct {
	Plain string `env:""`
	Path  string `env:"_FILE"`
}

// String keeps keys out of logs.
func (KeyRing) String() string { return "[secret]" }

// GoString keeps keys out of %#v.
func (k KeyRing) GoString() string { return k.String() }

// Module is the security module that holds keys of the ring, if any does.
type Module struct {
	Path string `env:"MODULE"`
	PIN  Secret `envPrefix:"PIN"`
}

// Secret comes from a variable or from the file its _FILE twin names.
type Secret struct {
	Plain  string `env:""`
	InFile string `env:"_FILE,file"`
}

// Value is the secret without the line end that editors add to files.
func (s Secret) Value() string {
	if s.InFile != "" {
		return strings.TrimRight(s.InFile, "\r\n")
	}
	return s.Plain
}

// String keeps secrets out of logs.
func (Secret) String() string { return "[secret]" }

// GoString keeps secrets out of %#v.
func (s Secret) GoString() string { return s.String() }

// Environ is the process environment as a map. It is the only place that reads it.
func Environ() map[string]string { return env.ToMap(os.Environ()) }

// Load reads and checks a configuration; its error names every fault at once,
// one a line.
func Load(environ map[string]string) (Config, error) {
	cfg, err := env.ParseAsWithOptions[Config](env.Options{Environment: environ})
	faults := parseFaults(err)
	faults = append(faults, cfg.faults(environ)...)
	if len(faults) > 0 {
		return Config{}, errors.New("configuration:\n  " + strings.Join(faults, "\n  "))
	}
	return cfg, nil
}

// DatabaseURL is the one setting that `portal migrate` needs.
func DatabaseURL(environ map[string]string) (string, error) {
	type only struct {
		Database Secret `envPrefix:"DATABASE_URL"`
	}
	cfg, err := env.ParseAsWithOptions[only](env.Options{Environment: environ})
	if err != nil {
		return "", fmt.Errorf("configuration: %w", err)
	}
	if cfg.Database.Value() == "" {
		return "", errors.New("configuration: DATABASE_URL or DATABASE_URL_FILE is not set")
	}
	return cfg.Database.Value(), nil
}

// parseFaults takes the library's joined error apart.
func parseFaults(err error) []string {
	if err == nil {
		return nil
	}
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []string{err.Error()}
	}
	var out []string
	for _, e := range all.Errors {
		out = append(out, e.Error())
	}
	return out
}
