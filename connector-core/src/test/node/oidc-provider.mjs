// An authorization server with login pages, and an API that takes its tokens.
// Arguments: the redirect URI, and a JWK set with the public key of the client "keyed".
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { Provider, errors } from "oidc-provider";

const [redirectUri, jwks] = process.argv.slice(2);
const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const code = {
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  redirect_uris: [redirectUri],
};
const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
const accessToken = "urn:ietf:params:oauth:token-type:access_token";
const none = { response_types: [], redirect_uris: [] };
const nonces = randomBytes(32);
const loopback = { redirect_uris: ["http://127.0.0.1/callback/tickets"], application_type: "native" };

const provider = new Provider(issuer, {
  clients: [
    { client_id: "web", client_secret: "web-s3cret", ...code },
    { client_id: "native", token_endpoint_auth_method: "none", ...code, ...loopback },
    { client_id: "keyed", token_endpoint_auth_method: "private_key_jwt", jwks: JSON.parse(jwks), ...code },
    { client_id: "pushing", client_secret: "pushing-s3cret", require_pushed_authorization_requests: true, ...code },
    { client_id: "bound", client_secret: "bound-s3cret", dpop_bound_access_tokens: true, ...code },
    { client_id: "service", client_secret: "service-s3cret", grant_types: ["client_credentials"], ...none },
    { client_id: "exchanger", client_secret: "exchanger-s3cret", grant_types: [exchange], ...none },
    {
      client_id: "device",
      token_endpoint_auth_method: "none",
      application_type: "native",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
      ...none,
    },
  ],
  scopes: ["openid", "offline_access", "tickets.read", "tickets.write"],
  claims: { openid: ["sub", "name"] },
  conformIdTokenClaims: false,
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: `${id} of tickets` }) }),
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed("refresh_token"),
  rotateRefreshToken: true,
  ttl: { AccessToken: 600, ClientCredentials: 600, RefreshToken: 86400, IdToken: 600, Grant: 86400, Session: 86400, Interaction: 600, DeviceCode: 600 },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: { enabled: true, nonceSecret: nonces, requireNonce: () => true },
  },
});

// What the token endpoint did, for tests to count.
const counts = {};
const count = (name) => (counts[name] = (counts[name] ?? 0) + 1);
provider.on("grant.success", (ctx) => count(`granted ${ctx.oidc.params.grant_type}`));
provider.on("grant.error", (ctx, error) => count(`refused ${ctx.oidc.params?.grant_type} ${error.error}`));
provider.on("grant.revoked", () => count("revoked"));
provider.on("registration_create.success", () => count("registered"));
provider.on("registration_delete.success", () => count("unregistered"));
provider.on("pushed_authorization_request.success", () => count("pushed"));

// RFC 8693, as far as the package leaves it to those who use it.
provider.registerGrantType(
  exchange,
  async (ctx) => {
    const { client, params } = ctx.oidc;
    if (params.subject_token_type !== accessToken) {
      throw new errors.InvalidRequest("only access tokens are exchanged");
    }
    const subject = await provider.AccessToken.find(params.subject_token);
    if (!subject) {
      throw new errors.InvalidGrant("the subject token is not known");
    }
    const issued = new provider.AccessToken({
      accountId: subject.accountId,
      client,
      grantId: subject.grantId,
      gty: "token_exchange",
      scope: params.scope,
    });
    ctx.body = {
      access_token: await issued.save(),
      issued_token_type: accessToken,
      token_type: issued.tokenType,
      expires_in: issued.expiration,
      scope: issued.scope,
    };
  },
  ["subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type", "audience", "scope"],
);

// What a host would have got by signing a user in on its own.
async function tokenOf(user) {
  const grant = new provider.Grant({ accountId: user, clientId: "web" });
  grant.addOIDCScope("openid");
  const client = await provider.Client.find("web");
  const token = new provider.AccessToken({ accountId: user, client, grantId: await grant.save(), scope: "openid" });
  return token.save();
}

const handle = provider.callback();

async function whoCalls(request) {
  const token = (request.headers.authorization ?? "").split(" ")[1] ?? "";
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  return found && { account: found.accountId ?? found.clientId, scope: found.scope ?? "" };
}

server.on("request", async (request, response) => {
  const json = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (request.url === "/counts") {
    json(200, counts);
  } else if (request.url.startsWith("/token-of/")) {
    json(200, { access_token: await tokenOf(request.url.slice("/token-of/".length)) });
  } else if (request.url === "/api/me") {
    const caller = await whoCalls(request);
    json(caller ? 200 : 401, caller ?? { error: "invalid_token" });
  } else {
    handle(request, response);
  }
});
console.log(`Ready at ${issuer}`);
