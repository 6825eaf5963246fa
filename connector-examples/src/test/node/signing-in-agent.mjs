// An agent that has no token: the official client finds out where to get one, and signs its person in.
//
// node signing-in-agent.mjs URL PERSON CALL [FIRST_SCOPE] [RESOURCE]
//
// CALL is one of {"tool", "arguments"}; FIRST_SCOPE is what an earlier sign-in has asked for, RESOURCE
// what a token is asked for in place of the server's own.
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [address, person, call, firstScope, resource] = process.argv.slice(2);
const url = new URL(address);
const redirectUrl = 'http://127.0.0.1/callback';
const trace = [];

// What the client asked, and what was said.
async function traced(input, init) {
  const answer = await fetch(input, init);
  const { pathname } = new URL(input);
  trace.push(`${init?.method ?? 'GET'} ${pathname} ${answer.status}`);
  return answer;
}

// The browser: keeps cookies, follows redirects, enters the name wherever a page asks for it, and agrees.
const cookies = new Map();
async function browse(start) {
  let next = new URL(start);
  let form;
  for (let i = 0; i < 20; i++) {
    const answer = await fetch(next, {
      method: form ? 'POST' : 'GET',
      body: form,
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location) {
      next = new URL(location, next);
      form = undefined;
      if (next.href.startsWith(redirectUrl)) {
        return next.searchParams;
      }
      continue;
    }
    const page = await answer.text();
    const action = /<form[^>]* action="([^"]*)"/.exec(page);
    if (!action) {
      throw new Error(`No form at ${next.pathname}: ${page}`);
    }
    next = new URL(action[1], next);
    const [, prompt] = /name="prompt" value="([^"]*)"/.exec(page);
    form = new URLSearchParams({ prompt, login: person, password: 'any' });
  }
  throw new Error('Too many pages');
}

let asked;
const kept = {};
const provider = {
  redirectUrl,
  clientMetadata: {
    client_name: 'agent',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  },
  clientInformation: () => kept.client,
  saveClientInformation: (client) => (kept.client = client),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => (kept.tokens = tokens),
  saveCodeVerifier: (verifier) => (kept.verifier = verifier),
  codeVerifier: () => kept.verifier,
  redirectToAuthorization: (link) => (asked = link),
  ...(resource && { validateResourceURL: () => new URL(resource) }),
};

async function signedIn() {
  const parameters = await browse(asked);
  const code = parameters.get('code');
  if (!code) {
    throw new Error(`No code: ${parameters}`);
  }
  return code;
}

const signIns = [];
async function attempt(action, transport) {
  try {
    return await action();
  } catch (e) {
    if (e.constructor.name !== 'UnauthorizedError') {
      throw e;
    }
    signIns.push(asked.searchParams.get('scope'));
    await transport.finishAuth(await signedIn());
    return undefined;
  }
}

const result = {};
try {
  if (firstScope) {
    await auth(provider, { serverUrl: url, scope: firstScope });
    await auth(provider, { serverUrl: url, scope: firstScope, authorizationCode: await signedIn() });
    kept.client = undefined; // it has registered for that scope alone
  }
  let client;
  for (let i = 0; i < 3 && !client; i++) {
    const transport = new StreamableHTTPClientTransport(url, { authProvider: provider, fetch: traced });
    const next = new Client({ name: 'agent', version: '1' });
    client = await attempt(async () => {
      await next.connect(transport);
      return next;
    }, transport);
  }
  result.tools = (await client.listTools()).tools.map((tool) => tool.name);
  const { tool, arguments: input } = JSON.parse(call);
  result.answer = await client.callTool({ name: tool, arguments: input });
  await client.close();
} catch (e) {
  result.error = e.message;
}
console.log(`RESULT ${JSON.stringify({ ...result, signIns, trace, refreshable: !!kept.tokens?.refresh_token })}`);
