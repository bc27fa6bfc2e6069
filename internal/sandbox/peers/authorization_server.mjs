// npm oidc-provider on PostgreSQL, in the place of the portal: what somebody could
// pick instead. Clients are static and secrets compared as they are, which favours
// it. Access tokens are opaque, or ES256 JWTs when the resource is named.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { adapterOn } from './adapter.mjs';
import { config, say } from './lines.mjs';

const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const { key_ops: _operations, ext: _extractable, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey);

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  adapter: await adapterOn(config.database, config.pool),
  clients: [{
    client_id: config.client_id, client_secret: config.client_secret, redirect_uris: [config.redirect_uri], response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256', require_pushed_authorization_requests: true,
  }],
  jwks: { keys: [{ ...jwk, alg: 'ES256', use: 'sig' }] },
  cookies: { keys: ['a', 'b'] },
  responseTypes: ['code'],
  scopes: ['openid', 'offline_access', 'quotient_familial'],
  features: {
    devInteractions: { enabled: false }, introspection: { enabled: true }, revocation: { enabled: true },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (_ctx, audience) => ({ scope: 'quotient_familial', audience, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  pkce: { required: () => true },
  ttl: { AccessToken: 900, AuthorizationCode: 60, Grant: 86400, IdToken: 300, Interaction: 1800, RefreshToken: 86400, Session: 28800 },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
});

const consent = async ({ params, session }) => {
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  if (params.resource) grant.addResourceScope(params.resource, 'quotient_familial');
  return { consent: { grantId: await grant.save() } };
};

// The citizen's page is the least there can be; a POST says yes to it.
const interaction = async (req, res) => {
  const details = await provider.interactionDetails(req, res);
  if (req.method === 'GET') {
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.end(`<!doctype html><title>${details.prompt.name}</title><form method="post"><button>Yes</button></form>`);
    return;
  }
  const account = new URL(req.url, issuer).searchParams.get('account');
  const result = details.prompt.name === 'login' ? { login: { accountId: account } } : await consent(details);
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
};

const callback = provider.callback();
server.on('request', (req, res) => {
  if (req.url.startsWith('/interaction/')) interaction(req, res).catch((error) => { res.statusCode = 500; res.end(String(error)); });
  else callback(req, res);
});
process.stdin.resume().on('end', () => process.exit(0));
say({ issuer });
