package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"portail.example/cmd/portal/serve"
	"portail.example/consent"
	apistub "portail.example/internal/sandbox/apiparticulier"
	fcstub "portail.example/internal/sandbox/franceconnect"
	"portail.example/internal/sandbox/townhall"
	"portail.example/internal/signing"
)

// What the parts of the demo know each other by. None of it opens anything real.
const (
	fcClientID     = "portail-consentement-demo"
	fcClientSecret = "demo-franceconnect-secret-of-32-characters"
	apiToken       = "demo-api-particulier-token"
	apiClientID    = "api-particulier-demo" // at FranceConnect
	apiSecret      = "demo-api-particulier-secret-of-32-characters"
	datapassSecret = "demo-datapass-webhook-secret"

	townHallID     = "mairie-lisiere"
	townHallSIRET  = "21990012300015"
	transportID    = "transports-source"
	transportSIRET = "21990013100018"
)

// demoMasterKey is the same at each start, so that a database kept through
// DATABASE_URL stays readable. A real one is random: see docs/configuration.md.
func demoMasterKey() string {
	sum := sha256.Sum256([]byte("portail de consentement, demo only"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func newFranceConnect(w *world) (*fcstub.Server, error) {
	return fcstub.New(fcstub.Config{
		Issuer: w.FCURL + "/api/v2",
		Now:    w.cfg.Now,
		Clients: []fcstub.Client{{
			ID: fcClientID, Secret: fcClientSecret, EntityID: fcClientID, Name: "Portail de consentement",
			RedirectURIs:           []string{w.PortalURL + "/franceconnect/callback"},
			PostLogoutRedirectURIs: []string{w.PortalURL + "/signed-out"}, DataScopes: consent.LiveScopes(),
		}},
		Providers: []fcstub.DataProvider{{ID: apiClientID, Secret: apiSecret, JWKSURI: w.APIURL + "/jwks", Scopes: consent.LiveScopes()}},
	})
}

func newAPIParticulier(w *world) *apistub.Server {
	habilitation := apistub.Habilitation{Scopes: apistub.EveryScope(), PerSecond: w.cfg.UpstreamLimit}
	return apistub.New(apistub.Config{
		Tokens: map[string]apistub.Habilitation{apiToken: habilitation}, Now: w.cfg.Now,
		FranceConnect: &apistub.FranceConnect{Issuer: w.FCURL + "/api/v2", ClientID: apiClientID, Secret: apiSecret},
	})
}

// portalConfig goes through the same door as an operator's environment.
func (w *world) portalConfig() (serve.Config, error) {
	_, pem, err := signing.Generate()
	if err != nil {
		return serve.Config{}, err
	}
	w.environ = w.portalEnviron(string(pem))
	if w.cfg.KeyFile != "" {
		delete(w.environ, "SIGNING_KEY")
		w.environ["SIGNING_KEY_FILE"] = w.cfg.KeyFile
		if err := os.WriteFile(w.cfg.KeyFile, pem, 0o600); err != nil {
			return serve.Config{}, err
		}
	}
	return serve.Load(w.environ)
}

// portalEnviron is an operator's environment, for this world.
func (w *world) portalEnviron(pem string) map[string]string {
	return map[string]string{
		"PORTAL_URL": w.PortalURL, "DEMO": "true", "DATABASE_URL": w.database, "MASTER_KEY": demoMasterKey(), "SIGNING_KEY": pem,
		"FRANCECONNECT_ISSUER": w.FCURL + "/api/v2", "FRANCECONNECT_CLIENT_ID": fcClientID, "FRANCECONNECT_CLIENT_SECRET": fcClientSecret, "FRANCECONNECT_DATA": strings.Join(consent.LiveScopes(), " "),
		"PROCONNECT_ISSUER": w.PCURL + "/api/v2", "PROCONNECT_CLIENT_ID": pcClientID, "PROCONNECT_CLIENT_SECRET": pcClientSecret,
		"EVENTS_ALLOW_PRIVATE": "true", "DATAPASS_WEBHOOK_SECRET": datapassSecret,
		"SMTP_URL": w.smtp, "MAIL_FROM": "Mes autorisations de partage <ne-pas-repondre@portail.example>",
		"API_PARTICULIER_URL": w.APIURL, "API_PARTICULIER_TOKEN": apiToken, "API_PARTICULIER_OWN_SIRET": operatorSIRET,
		// A clock that stands still refills nothing: at once, as much as the stand-in takes.
		"API_PARTICULIER_RATE": "60", "API_PARTICULIER_RECIPIENT_RATE": "20",
	}
}

// registry holds what the registered administrations keep to themselves.
type registry struct {
	TownHallKey     *ecdsa.PrivateKey
	TransportSecret string
}

// register makes the two administrations of the demo known to the portal.
func register(ctx context.Context, w *world) (registry, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return registry{}, err
	}
	secret, hash := consent.NewSecret()
	jwks, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: townHallID, Algorithm: "ES256", Use: "sig"}}})
	if err != nil {
		return registry{}, err
	}
	for _, client := range []consent.Client{townHallClient(w, jwks), transportClient(w, hash)} {
		if err := w.Portal.DB.PutClient(ctx, client); err != nil {
			return registry{}, err
		}
	}
	return registry{TownHallKey: key, TransportSecret: secret}, nil
}

func townHallClient(w *world, jwks []byte) consent.Client {
	return consent.Client{
		ID: townHallID, Kind: consent.Administration,
		Authority: consent.Authority{
			SIRET: townHallSIRET, LegalName: "Commune de Lisière-sur-Ource", ServiceName: "Portail famille",
			Habilitation: "90001", DPOContact: "dpo@lisiere-sur-ource.example", Website: w.TownHallURL,
			Groups:    consent.QuotientFamilial.Groups,
			Retention: map[string]int{"tarification-cantine": 12, "tarification-activites-municipales": 12},
		},
		RedirectURIs: []string{w.TownHallURL + "/callback", "http://localhost:9999/callback"}, EventEndpoint: w.TownHallURL + "/events",
		AuthMethod: consent.PrivateKeyJWT, JWKS: jwks, Watch: true,
	}
}

func transportClient(w *world, secret consent.Hash) consent.Client {
	return consent.Client{
		ID: transportID, Kind: consent.Administration,
		Authority: consent.Authority{
			SIRET: transportSIRET, LegalName: "Syndicat des transports de la Source", ServiceName: "Titres de transport",
			Habilitation: "90002", DPOContact: "dpo@transports-source.example",
			// The quotient familial for the ordinary fare; for the solidarity fare, what gives
			// the right to it.
			Groups: []consent.DataGroup{
				consent.GroupQuotientFamilial, "prime_activite", "complementaire_sante_solidaire", "allocation_adulte_handicape", "inscription_etudiant", "statut_boursier",
				"inscription_france_travail", "identite_eleve", "scolarite_eleve",
			},
			Retention: map[string]int{"tarification-transports": 12, "tarification-solidaire-transports": 12},
		},
		RedirectURIs: []string{"http://localhost:9999/callback"},
		AuthMethod:   consent.ClientSecretBasic, SecretHash: secret[:],
		Default: &consent.Details{
			Type: consent.QuotientFamilial.Type, Groups: []consent.DataGroup{consent.GroupQuotientFamilial},
			Purpose: "tarification-transports", Recipient: transportSIRET, Access: consent.Continuous,
		},
	}
}

func newTownHall(w *world) *townhall.Server {
	return townhall.New(townhall.Config{
		BaseURL: w.TownHallURL, Issuer: w.PortalURL, ClientID: townHallID, Key: w.Registered.TownHallKey, KeyID: townHallID,
		SIRET: townHallSIRET, Name: "Commune de Lisière-sur-Ource", Now: w.cfg.Now,
		Details: consent.Details{
			Type: consent.QuotientFamilial.Type, Groups: []consent.DataGroup{consent.GroupQuotientFamilial, consent.GroupEnfants},
			Purpose: "tarification-cantine", Recipient: townHallSIRET, Access: consent.Continuous, Watch: true,
		},
	})
}
