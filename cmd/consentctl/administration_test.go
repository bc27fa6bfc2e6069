package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
)

const good = `{
  "client_id": "mairie-essai", "siret": "21990012300015", "legal_name": "Commune d’essai", "service_name": "Cantine",
  "habilitation": "12345", "dpo_contact": "dpo@essai.example", "data_groups": ["quotient_familial"],
  "retention_months": {"tarification-cantine": 12}, "redirect_uris": ["https://essai.example/callback"],
  "auth_method": "client_secret_basic"
}`

var schoolDay = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

func TestAGoodFileGivesAClientWhoseSecretIsOnlyHashed(t *testing.T) {
	client, secret, err := parseAdministration([]byte(good), schoolDay)
	if err != nil {
		t.Fatal(err)
	}
	if hash := consent.HashOf(secret); string(client.SecretHash) != string(hash[:]) {
		t.Error("the hash kept is not that of the secret shown")
	}
	if client.ID != "mairie-essai" || client.Retention["tarification-cantine"] != 12 {
		t.Errorf("read as %+v", client)
	}
}

func TestABadFileIsRefusedWithTheMemberNamed(t *testing.T) {
	cases := map[string]struct{ old, new, want string }{
		"unknown member":                   {`"client_id"`, `"clientid"`, "unknown field"},
		"bad id":                           {`"mairie-essai"`, `"Mairie Essai"`, "client_id"},
		"bad SIRET":                        {`21990012300015`, `21990012300016`, "siret"},
		"no DPO":                           {`dpo@essai.example`, `plus tard`, "dpo_contact"},
		"unknown group":                    {`["quotient_familial"]`, `["revenu"]`, "data_groups"},
		"unknown purpose":                  {`tarification-cantine`, `publicite`, "retention_months"},
		"kept too long":                    {`: 12}`, `: 120}`, "retention_months"},
		"redirect in clear":                {`https://essai.example/callback`, `http://essai.example/callback`, "redirect_uris"},
		"redirect fragment":                {`/callback`, `/callback#here`, "redirect_uris"},
		"unknown method":                   {`client_secret_basic`, `client_secret_post`, "auth_method"},
		"no key":                           {`client_secret_basic`, `private_key_jwt`, "jwks"},
		"a key of P-384":                   {`"client_secret_basic"`, `"private_key_jwt", "jwks": {"keys":[{"kty":"EC","crv":"P-384","kid":"k","x":"qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3","y":"NhfeSpYmLG9dnpi_kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f"}]}`, "P-256"},
		"a key to sign with to encrypt to": {`"client_secret_basic"`, `"private_key_jwt", "jwks": {"keys":[{"kty":"OKP","crv":"Ed25519","use":"enc","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`, "encrypt"},
		"private key":                      {`"client_secret_basic"`, `"private_key_jwt", "jwks": {"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]}`, "public"},
		"unusable default":                 {`"client_secret_basic"`, `"client_secret_basic", "default_request": {"type":"quotient_familial","datatypes":["adresse"],"purpose":"tarification-cantine","recipient":"21990012300015","access":"once"}`, "default_request"},
		"not an object":                    {good, `[]`, "not a registration file"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, err := parseAdministration([]byte(strings.Replace(good, c.old, c.new, 1)), schoolDay)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to name %s", err, c.want)
			}
		})
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	_, _, err := parseAdministration([]byte(`{}`), schoolDay)
	for _, member := range []string{"client_id", "siret", "legal_name", "dpo_contact", "retention_months", "data_groups", "redirect_uris", "auth_method"} {
		if err == nil || !strings.Contains(err.Error(), member) {
			t.Errorf("%s is not named in %v", member, err)
		}
	}
	if !errors.Is(err, consent.InvalidRequest) {
		t.Error("the faults are not typed")
	}
}
