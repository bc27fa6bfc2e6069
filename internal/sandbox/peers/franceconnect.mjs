// npm oidc-provider, configured like FranceConnect (level eidas1), with one
// fictitious citizen who signs in without a page.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { config, say } from './lines.mjs';

const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const { key_ops: _operations, ext: _extractable, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey);
const key = { ...jwk, kid: 'pkcs11:ES256:hsm', alg: 'ES256', use: 'sig' };

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: config.client_id, client_secret: config.client_secret, redirect_uris: [config.redirect_uri],
    post_logout_redirect_uris: [config.post_logout_redirect_uri], token_endpoint_auth_method: 'client_secret_post', subject_type: 'pairwise',
    id_token_signed_response_alg: 'ES256', userinfo_signed_response_alg: 'ES256', response_types: ['code'], grant_types: ['authorization_code'],
  }],
  jwks: { keys: [key] },
  cookies: { keys: ['a', 'b'] },
  routes: { authorization: '/authorize', token: '/token', userinfo: '/userinfo', jwks: '/jwks', end_session: '/session/end' },
  responseTypes: ['code'],
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: async (_ctx, accountId) => `${accountId.padEnd(64, '0')}v1`,
  acrValues: ['eidas1'],
  scopes: ['openid'],
  claims: {
    openid: ['sub'], given_name: ['given_name', 'given_name_array'], family_name: ['family_name'], birthdate: ['birthdate'], gender: ['gender'],
    birthplace: ['birthplace'], birthcountry: ['birthcountry'], preferred_username: ['preferred_username'], acr: null, auth_time: null,
  },
  clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
  features: {
    devInteractions: { enabled: false }, jwtUserinfo: { enabled: true }, revocation: { enabled: true }, claimsParameter: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  pkce: { required: () => false },
  ttl: { AccessToken: 60, AuthorizationCode: 30, Grant: 30, IdToken: 60, Interaction: 1800, Session: 1800 },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...config.identity }) }),
});

// interaction signs the citizen in and grants what was asked, as FranceConnect does.
const interaction = async (req, res) => {
  const { params } = await provider.interactionDetails(req, res);
  const grant = new provider.Grant({ accountId: 'citizen', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(req, res, { login: { accountId: 'citizen', acr: 'eidas1' }, consent }, { mergeWithLastSubmission: false });
};

server.on('request', (req, res) => {
  if (req.url.startsWith('/interaction/')) interaction(req, res).catch((error) => { res.statusCode = 500; res.end(String(error)); });
  else provider.callback()(req, res);
});
say({ issuer });
