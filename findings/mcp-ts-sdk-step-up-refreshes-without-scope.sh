#!/usr/bin/env bash
# The MCP TypeScript SDK 1.32.2: a server answers 403, insufficient_scope, scope="tools" (the protocol's
# step-up). A client that keeps a refresh token refreshes, without a scope, and gets the scope it had (RFC
# 6749 section 6: a refresh cannot widen it). The same 403 then is an error, and the person, who could
# agree to the scope, is never asked. Without a refresh token the person is sent to the authorization
# endpoint for that scope.
#
# Seen with Node.js 20:
#   with a refresh token:
#   POST /mcp 403
#   GET /.well-known/oauth-protected-resource/mcp 200
#   GET /.well-known/oauth-authorization-server 200
#   POST /token 200 grant_type=refresh_token scope=null
#   POST /mcp 403
#   asked for nothing; Streamable HTTP error: Server returned 403 after trying upscoping
#   without:
#   POST /mcp 403
#   GET /.well-known/oauth-protected-resource/mcp 200
#   GET /.well-known/oauth-authorization-server 200
#   asked for tools; Unauthorized
#
# Ends with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 > /dev/null

cat > look.mjs <<'JS'
import { createServer } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const metadata = '/.well-known/oauth-protected-resource/mcp';
let base;
// The protected resource and its authorization server. Every token is for openid.
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const answer = (status, json, headers = {}, said = '') => {
    console.log(`${request.method} ${request.url} ${status}${said}`);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
  };
  if (request.url === metadata) {
    answer(200, { resource: `${base}/mcp`, authorization_servers: [base] });
  } else if (request.url === '/.well-known/oauth-authorization-server') {
    answer(200, {
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    });
  } else if (request.url === '/token') {
    const asked = new URLSearchParams(body);
    const token = { access_token: 'second', token_type: 'Bearer', expires_in: 3600, scope: 'openid' };
    answer(200, token, { 'cache-control': 'no-store' },
      ` grant_type=${asked.get('grant_type')} scope=${asked.get('scope')}`);
  } else if (request.url === '/mcp') {
    answer(403, {}, { 'www-authenticate':
      `Bearer error="insufficient_scope", scope="tools", resource_metadata="${base}${metadata}"` });
  } else {
    answer(404, {});
  }
});

async function look(refresh) {
  let asked = 'nothing';
  let tokens = { access_token: 'first', token_type: 'Bearer', scope: 'openid', issuer: base, ...refresh };
  const authProvider = {
    redirectUrl: 'http://127.0.0.1/callback',
    clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' },
    clientInformation: () => ({ client_id: 'agent', issuer: base }),
    tokens: () => tokens,
    saveTokens: (next) => (tokens = next),
    saveCodeVerifier: () => {},
    codeVerifier: () => '',
    redirectToAuthorization: (link) => (asked = link.searchParams.get('scope')),
  };
  const transport = new StreamableHTTPClientTransport(new URL(`${base}/mcp`), { authProvider });
  const error = await new Client({ name: 'agent', version: '1' }).connect(transport).catch((e) => e);
  console.log(`asked for ${asked}; ${error?.message}`);
}

server.listen(0, '127.0.0.1', async () => {
  base = `http://127.0.0.1:${server.address().port}`;
  console.log('with a refresh token:');
  await look({ refresh_token: 'kept' });
  console.log('without:');
  await look({});
  process.exit(0);
});
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = 'with a refresh token:
POST /mcp 403
GET /.well-known/oauth-protected-resource/mcp 200
GET /.well-known/oauth-authorization-server 200
POST /token 200 grant_type=refresh_token scope=null
POST /mcp 403
asked for nothing; Streamable HTTP error: Server returned 403 after trying upscoping
without:
POST /mcp 403
GET /.well-known/oauth-protected-resource/mcp 200
GET /.well-known/oauth-authorization-server 200
asked for tools; Unauthorized' ]
