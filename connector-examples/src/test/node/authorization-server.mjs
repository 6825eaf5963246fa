// An authorization server with which clients register themselves, and with login pages of its own.
// Its access tokens are JWTs for the resource that a client names.
//
// POST /expired has the tokens of the next code be expired already; GET /counts says what was done.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
let expired = false;

const provider = new Provider(issuer, {
  scopes: ['openid', 'offline_access', 'tools'],
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: (ctx, client, code) => code.scopes.has('offline_access') || code.scopes.has('tools'),
  rotateRefreshToken: true,
  pkce: { required: () => true },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  ttl: { Grant: 86400, Session: 86400, Interaction: 600, RefreshToken: 86400, IdToken: 600 },
  formats: {
    customizers: {
      jwt(ctx, token, { payload }) {
        if (expired) {
          expired = false;
          payload.iat -= 3600;
          payload.exp = payload.iat + 600;
        }
      },
    },
  },
  features: {
    registration: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, indicator) => ({
        audience: indicator,
        scope: 'tools',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 600,
      }),
    },
  },
});

const counts = {};
const count = (name) => (counts[name] = (counts[name] ?? 0) + 1);
provider.on('registration_create.success', () => count('registered'));
provider.on('grant.success', (ctx) => count(ctx.oidc.params.grant_type));
provider.on('server_error', (ctx, error) => console.log(error));

const handle = provider.callback();
server.on('request', (request, response) => {
  if (request.url === '/expired') {
    expired = true;
    response.end();
  } else if (request.url === '/counts') {
    response.end(JSON.stringify(counts));
  } else {
    handle(request, response);
  }
});
console.log(`Ready at ${issuer}`);
