// The rules of consent/token/README.md, in another language and with npm jose.
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { config, say } from './lines.mjs';

const { issuer, audience, now, type, datatype, jwks, tokens } = JSON.parse(readFileSync(config.file, 'utf8'));
const keys = createLocalJWKSet(jwks);
const options = {
  issuer, audience, typ: 'at+jwt', algorithms: ['ES256'], currentDate: new Date(now),
  requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti', 'grant_id', 'authorization_details'],
};

const check = async (token) => {
  const { payload, protectedHeader } = await jwtVerify(token, keys, options);
  if (!protectedHeader.kid) throw new Error('no kid');
  if (payload.iat > new Date(now).getTime() / 1000) throw new Error('iat');
  if (payload.cnf) throw new Error('cnf');
  if (!payload.authorization_details.some((d) => d.type === type && d.datatypes.includes(datatype))) throw new Error('scope');
};

const verdicts = {};
for (const { name, token } of tokens) {
  try {
    await check(token);
    verdicts[name] = 'valid';
  } catch (error) {
    verdicts[name] = error.code ?? error.message;
  }
}
say(verdicts);
