// Package guard is `portal gateway`: a reverse proxy that puts a consent in front of a
// data provider's API which knows nothing of consents. It checks each token itself and
// then asks the portal, which records the use; it forwards what was granted in headers
// and never the token.
package guard

import (
	"errors"
	"flag"
	"fmt"
	"net/url"

	"github.com/caarlos0/env/v11"

	"portail.example/cmd/portal/serve"
)

// Config is what the provider sets. docs/data-provider.md is its table; a test keeps
// the two equal.
type Config struct {
	Portal    string       `env:"PORTAL_URL,required,notEmpty"`
	URL       string       `env:"GATEWAY_URL,required,notEmpty"` // origin callers know the API under
	Audience  string       `env:"GATEWAY_AUDIENCE,required,notEmpty"`
	ClientID  string       `env:"GATEWAY_CLIENT_ID,required,notEmpty"`
	Secret    serve.Secret `envPrefix:"GATEWAY_CLIENT_SECRET"`
	Type      string       `env:"GATEWAY_TYPE" envDefault:"quotient_familial"`
	Datatypes []string     `env:"GATEWAY_DATATYPES,required,notEmpty" envSeparator:" "`
	Listen    string       `env:"GATEWAY_LISTEN" envDefault:"127.0.0.1:8090"`
	MaxBody   int64        `env:"GATEWAY_MAX_BODY" envDefault:"1048576"`
	MaxCalls  int          `env:"GATEWAY_MAX_CALLS" envDefault:"256"`
	// Upstream is the API, from the command line.
	Upstream *url.URL
}

// Load reads the command line after `portal gateway`, and the environment. It names
// everything that is wrong.
func Load(args []string, environ map[string]string) (Config, error) {
	flags := flag.NewFlagSet("portal gateway", flag.ContinueOnError)
	upstream := flags.String("upstream", "", "address of the API to put a consent in front of")
	if err := flags.Parse(args); err != nil {
		return Config{}, err
	}
	var cfg Config
	err := env.ParseWithOptions(&cfg, env.Options{Environment: environ})
	var wrong error
	if cfg.Upstream, wrong = address(*upstream); wrong != nil || flags.NArg() > 0 {
		err = errors.Join(err, errors.New("usage: portal gateway --upstream http://host:port"))
	}
	if cfg.Secret.Value() == "" || environ["GATEWAY_CLIENT_SECRET"] != "" && environ["GATEWAY_CLIENT_SECRET_FILE"] != "" {
		err = errors.Join(err, errors.New("GATEWAY_CLIENT_SECRET or GATEWAY_CLIENT_SECRET_FILE: one of them"))
	}
	if u, wrong := address(cfg.URL); wrong != nil || u.Path != "" {
		err = errors.Join(err, errors.New("GATEWAY_URL: an origin without path is expected"))
	}
	if cfg.MaxBody < 0 || cfg.MaxCalls < 1 {
		err = errors.Join(err, errors.New("GATEWAY_MAX_BODY, GATEWAY_MAX_CALLS: not negative, at least 1"))
	}
	return cfg, err
}

func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("not an address")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("not the address of a server")
	}
	return u, nil
}
