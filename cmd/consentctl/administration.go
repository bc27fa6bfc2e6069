package main

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
)

// authority is the part of a file that says who receives data.
type authority struct {
	SIRET        consent.SIRET       `json:"siret"`
	LegalName    string              `json:"legal_name"`
	ServiceName  string              `json:"service_name"`
	Habilitation string              `json:"habilitation"`
	DPOContact   string              `json:"dpo_contact"`
	Website      string              `json:"website"`
	Groups       []consent.DataGroup `json:"data_groups"`
	Retention    map[string]int      `json:"retention_months"`
}

// administration is the file an operator writes; docs/operator.md shows one.
type administration struct {
	ID   string       `json:"client_id"`
	Kind consent.Kind `json:"kind"` // administration when absent
	authority
	RedirectURIs  []string           `json:"redirect_uris"`
	EventEndpoint string             `json:"event_endpoint"`
	AuthMethod    consent.AuthMethod `json:"auth_method"`
	JWKS          json.RawMessage    `json:"jwks"`
	Default       *consent.Details   `json:"default_request"`
	RequireDPoP   bool               `json:"dpop_bound_access_tokens"`
	Watch         bool               `json:"watch"`
	Suspended     bool               `json:"suspended"`
	Provider      struct {
		Audience string `json:"audience"`
		Location string `json:"location"`
		DataSet  string `json:"data_set"`
		Identity bool   `json:"identity"`
	} `json:"data_provider"`
}

// parseAdministration reads the file and tells everything that is wrong with it
// at once. The secret is new each time and empty for private_key_jwt.
func parseAdministration(raw []byte, now time.Time) (consent.Client, string, error) {
	var file administration
	if err := decode(raw, &file); err != nil {
		return consent.Client{}, "", err
	}
	client := file.client()
	var secret string
	if client.AuthMethod == consent.ClientSecretBasic {
		fresh, hash := consent.NewSecret()
		secret, client.SecretHash = fresh, hash[:]
	}
	faults := client.Faults()
	for _, err := range []error{publicKeys(client.JWKS), defaultRequest(client, now)} {
		if err != nil {
			faults = append(faults, err)
		}
	}
	return client, secret, errors.Join(faults...)
}

// decode refuses members that are not known: a misspelt one would be a right that
// is missing, or one too many.
func decode(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("not a registration file: %w", err)
	}
	return nil
}

func (a authority) authority() consent.Authority {
	return consent.Authority{
		SIRET: a.SIRET, LegalName: a.LegalName, ServiceName: a.ServiceName, Habilitation: a.Habilitation, DPOContact: a.DPOContact,
		Website: a.Website, Groups: a.Groups, Retention: a.Retention,
	}
}

func (a administration) client() consent.Client {
	return consent.Client{
		ID: a.ID, Kind: cmp.Or(a.Kind, consent.Administration), Authority: a.authority.authority(), Provider: consent.Provider(a.Provider),
		RedirectURIs: a.RedirectURIs, EventEndpoint: a.EventEndpoint, AuthMethod: a.AuthMethod, JWKS: a.JWKS, Default: a.Default, RequireDPoP: a.RequireDPoP, Watch: a.Watch, Suspended: a.Suspended,
	}
}

// publicKeys refuses a key set that holds a private key: it would have travelled,
// and would be stored, in the clear.
func publicKeys(raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(raw, &set); err != nil || len(set.Keys) == 0 {
		return errors.New("jwks: not a JSON Web Key Set (RFC 7517)")
	}
	for _, key := range set.Keys {
		if !key.IsPublic() || key.KeyID == "" {
			return errors.New("jwks: each key must be public and have a kid")
		}
		if !usable(key) {
			return errors.New("jwks: P-256, Ed25519 or RSA of 2048 bits to sign with; EC or RSA to encrypt to")
		}
	}
	return nil
}

// usable tells a key that the portal will accept when it is used (FAPI 2.0 section
// 5.4.1).
func usable(key jose.JSONWebKey) bool {
	switch k := key.Key.(type) {
	case *ecdsa.PublicKey:
		return key.Use == "enc" || k.Curve == elliptic.P256()
	case *rsa.PublicKey:
		return k.N.BitLen() >= 2048
	case ed25519.PublicKey:
		return key.Use != "enc"
	}
	return false
}

// defaultRequest refuses a default that the client could never use.
func defaultRequest(client consent.Client, now time.Time) error {
	if client.Default == nil {
		return nil
	}
	if _, err := client.Default.Resolve(client, "", now); err != nil {
		return fmt.Errorf("default_request: %w", err)
	}
	if set, _ := consent.DataSetOf(client.Default.Type); len(set.Given) > 0 {
		return fmt.Errorf("default_request: %s needs parameters, which differ from one request to the next", set.Type)
	}
	return nil
}
