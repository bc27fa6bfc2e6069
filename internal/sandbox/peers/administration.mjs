// An administration made of npm openid-client and nothing of ours.
import * as client from 'openid-client';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { answer, config } from './lines.mjs';

const authentication = async () => {
  if (config.secret) return client.ClientSecretBasic(config.secret);
  const key = await crypto.subtle.importKey('jwk', config.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  return client.PrivateKeyJwt({ key, kid: config.key.kid });
};

const metadata = config.signed_introspection ? { introspection_signed_response_alg: 'ES256' } : undefined;
const server = await client.discovery(new URL(config.issuer), config.client_id, metadata, await authentication(), {
  algorithm: 'oauth2',
  execute: [client.allowInsecureRequests],
});

const options = config.dpop ? { DPoP: client.getDPoPHandle(server, await client.randomDPoPKeyPair('ES256')) } : undefined;

let verifier;
let state;
let tokens;

await answer({
  async push({ parameters }) {
    verifier = client.randomPKCECodeVerifier();
    state = client.randomState();
    const url = await client.buildAuthorizationUrlWithPAR(server, {
      redirect_uri: config.redirect_uri,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      ...parameters,
    }, options);
    return { url: url.href };
  },
  async redeem({ callback }) {
    tokens = await client.authorizationCodeGrant(server, new URL(callback), { pkceCodeVerifier: verifier, expectedState: state }, undefined, options);
    return tokens;
  },
  async refresh() {
    const { refresh_token: previous } = tokens;
    tokens = await client.refreshTokenGrant(server, previous, undefined, options);
    return { rotated: tokens.refresh_token !== previous, ...tokens };
  },
  async data() {
    const response = await client.fetchProtectedResource(server, tokens.access_token, new URL(config.resource), 'GET', undefined, undefined, options);
    return { status: response.status, body: await response.json() };
  },
  async bearer() { // a thief has the token and not the key
    const response = await fetch(config.resource, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    return { status: response.status };
  },
  async introspect() {
    return client.tokenIntrospection(server, tokens.access_token);
  },
  async revoke() {
    await client.tokenRevocation(server, tokens.refresh_token);
    return {};
  },
  async verify() {
    const keys = createRemoteJWKSet(new URL(server.serverMetadata().jwks_uri));
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
      issuer: config.issuer, audience: config.audience, typ: 'at+jwt', algorithms: ['ES256'],
    });
    return { payload, header: protectedHeader };
  },
});
