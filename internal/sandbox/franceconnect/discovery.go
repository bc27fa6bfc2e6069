package franceconnect

import "portail.example/internal/sandbox/openid"

// kid is the name of the real one's key.
const kid = "pkcs11:ES256:hsm"

// Mischief is how the stand-in misbehaves; the zero value behaves.
type Mischief = openid.Mischief

// metadata advertises PKCE, as the real one does, which refuses it all the same.
func metadata(i string) map[string]any {
	return map[string]any{
		"issuer": i, "authorization_endpoint": i + "/authorize", "token_endpoint": i + "/token", "userinfo_endpoint": i + "/userinfo",
		"jwks_uri": i + "/jwks", "end_session_endpoint": i + "/session/end", "response_types_supported": []string{"code"},
		"grant_types_supported": []string{"authorization_code"}, "subject_types_supported": []string{"pairwise"}, "acr_values_supported": []string{"eidas1"},
		"id_token_signing_alg_values_supported": []string{"HS256", "ES256", "RS256"}, "userinfo_signing_alg_values_supported": []string{"HS256", "ES256", "RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"}, "code_challenge_methods_supported": []string{"S256"},
		"response_modes_supported": []string{"form_post", "fragment", "query"}, "authorization_response_iss_parameter_supported": true,
	}
}
