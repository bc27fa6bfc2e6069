// npm oidc-provider, configured like ProConnect (public subjects, PKCE, claims for each
// scope, a demanded level), with one fictitious agent who signs in without a page.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { config, say } from './lines.mjs';

const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const { key_ops: _operations, ext: _extractable, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey);
const key = { ...jwk, kid: 'proconnect-es256', alg: 'ES256', use: 'sig' };

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: config.client_id, client_secret: config.client_secret, redirect_uris: [config.redirect_uri],
    post_logout_redirect_uris: [config.post_logout_redirect_uri], token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'ES256', ...(config.plain_userinfo ? {} : { userinfo_signed_response_alg: 'ES256' }),
    response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
  }],
  jwks: { keys: [key] },
  cookies: { keys: ['a', 'b'] },
  routes: { authorization: '/authorize', token: '/token', userinfo: '/userinfo', jwks: '/jwks', end_session: '/session/end' },
  responseTypes: ['code'],
  subjectTypes: ['public'],
  acrValues: ['eidas0', 'eidas0-mfa', 'eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'],
  scopes: ['openid'],
  claims: {
    openid: config.deaf ? ['sub', 'acr', 'amr'] : ['sub'], given_name: ['given_name'], usual_name: ['usual_name'], email: ['email'], uid: ['uid'], siret: ['siret'], siren: ['siren'],
    organization_label: ['organization_label'], idp_id: ['idp_id'], roles: ['roles'], acr: null, amr: null, auth_time: null,
  },
  clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
  features: {
    devInteractions: { enabled: false }, jwtUserinfo: { enabled: true }, revocation: { enabled: true }, claimsParameter: { enabled: !config.deaf },
    rpInitiatedLogout: { enabled: true },
  },
  pkce: { required: () => true },
  issueRefreshToken: async () => true,
  ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 43200, IdToken: 60, Interaction: 1800, Session: 43200, RefreshToken: 43200 },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  // There is no page of consent: what is asked is granted to whoever signed in.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
    grant.addOIDCScope(oidc.params.scope);
    await grant.save();
    return grant;
  },
  findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...config.person }) }),
});

let asked = 0; // how often somebody had to identify

// outcome is what the agent's identification comes to. The library asks again for a
// level that was not reached; ProConnect tells the client instead.
const outcome = ({ lastSubmission }) => {
  if (config.abort) return { error: 'access_denied', error_description: 'User auth aborted' };
  if (lastSubmission?.login) return { error: 'access_denied', error_description: 'requested ACRs could not be satisfied' };
  return { login: { accountId: config.sub, acr: config.acr, amr: ['pwd', 'otp', 'mfa'] } };
};

const interaction = async (req, res) => {
  asked += 1;
  const details = await provider.interactionDetails(req, res);
  await provider.interactionFinished(req, res, outcome(details), { mergeWithLastSubmission: false });
};

server.on('request', (req, res) => {
  if (req.url.startsWith('/interaction/')) interaction(req, res).catch((error) => { res.statusCode = 500; res.end(String(error)); });
  else if (req.url === '/asked') res.end(String(asked));
  else provider.callback()(req, res);
});
say({ issuer });
