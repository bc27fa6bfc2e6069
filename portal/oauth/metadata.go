package oauth

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
	"portail.example/consent/token"
)

// metadataAge is how long clients may keep metadata and keys, in seconds.
const metadataAge = "public, max-age=300"

// metadata is RFC 8414, with the members of RFC 9126, 9207 and 9396.
func (room *Room) metadata(c *gin.Context) error {
	var types, scopes []string
	for _, set := range consent.DataSets() {
		types, scopes = append(types, set.Type), append(scopes, set.Type)
	}
	scopes = append(scopes, queryScope, revokeScope, eventsScope, token.BatchScope)
	c.Header("Cache-Control", metadataAge)
	c.JSON(http.StatusOK, gin.H{
		"issuer":                                                   room.Issuer,
		"authorization_endpoint":                                   room.Issuer + "/oauth/authorize",
		"token_endpoint":                                           room.Issuer + "/oauth/token",
		"jwks_uri":                                                 room.Issuer + "/oauth/jwks",
		"pushed_authorization_request_endpoint":                    room.Issuer + "/oauth/par",
		"revocation_endpoint":                                      room.Issuer + "/oauth/revoke",
		"introspection_endpoint":                                   room.Issuer + "/oauth/introspect",
		"grant_management_endpoint":                                room.grantsURL(),
		"event_poll_endpoint":                                      room.Issuer + "/oauth/events",
		"event_types_supported":                                    eventTypes(),
		"consent_request_endpoint":                                 room.Issuer + "/oauth/consent-requests",
		"grant_management_actions_supported":                       []string{"query", "revoke"},
		"introspection_signing_alg_values_supported":               []string{token.Algorithm},
		"introspection_encryption_alg_values_supported":            []jose.KeyAlgorithm{jose.ECDH_ES_A256KW, jose.RSA_OAEP_256},
		"introspection_encryption_enc_values_supported":            []jose.ContentEncryption{contentEncryption},
		"revocation_endpoint_auth_methods_supported":               []consent.AuthMethod{consent.PrivateKeyJWT, consent.ClientSecretBasic},
		"introspection_endpoint_auth_methods_supported":            []consent.AuthMethod{consent.PrivateKeyJWT, consent.ClientSecretBasic},
		"revocation_endpoint_auth_signing_alg_values_supported":    assertionAlgorithms,
		"introspection_endpoint_auth_signing_alg_values_supported": assertionAlgorithms,
		"require_pushed_authorization_requests":                    true,
		"authorization_response_iss_parameter_supported":           true,
		"response_types_supported":                                 []string{"code"},
		"response_modes_supported":                                 []string{"query"},
		"grant_types_supported":                                    []string{"authorization_code", "refresh_token", "client_credentials", pollGrantType},
		"code_challenge_methods_supported":                         []string{"S256"},
		"token_endpoint_auth_methods_supported":                    []consent.AuthMethod{consent.PrivateKeyJWT, consent.ClientSecretBasic},
		"token_endpoint_auth_signing_alg_values_supported":         assertionAlgorithms,
		"dpop_signing_alg_values_supported":                        []string{token.Algorithm},
		"scopes_supported":                                         scopes,
		"authorization_details_types_supported":                    types,
		"ui_locales_supported":                                     room.Site.Languages(),
		"service_documentation":                                    room.Issuer + "/",
	})
	return nil
}

func (room *Room) jwks(c *gin.Context) error {
	c.Header("Cache-Control", metadataAge)
	c.Data(http.StatusOK, "application/jwk-set+json", room.Signer.JWKS())
	return nil
}
