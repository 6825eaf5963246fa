// An agent: lists the tools of a server with the official client, calls some, and prints what came.
//
// node agent.mjs http URL TOKEN CALLS
// node agent.mjs stdio COMMAND CALLS
//
// COMMAND is a JSON list of arguments, CALLS one of {"tool", "arguments"}.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import Ajv2020 from 'ajv/dist/2020.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const [how, ...rest] = process.argv.slice(2);
const calls = JSON.parse(rest.pop());

function transport() {
  if (how === 'http') {
    const [url, token] = rest;
    const headers = { Authorization: `Bearer ${token}` };
    return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  }
  const [command, ...args] = JSON.parse(rest[0]);
  return new StdioClientTransport({ command, args, stderr: 'inherit' });
}

const client = new Client(
  { name: 'agent', version: '1' },
  { capabilities: { elicitation: { form: {}, url: {} } } },
);
const questions = [];
client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
  questions.push(params.mode === 'url' ? params.url : params.message);
  return { action: 'accept', content: params.mode === 'url' ? undefined : {} };
});

await client.connect(transport());
const { tools } = await client.listTools();
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const invalid = [];
for (const tool of tools) {
  for (const schema of [tool.inputSchema, tool.outputSchema]) {
    try {
      ajv.compile(schema);
    } catch (e) {
      invalid.push(`${tool.name}: ${e.message}`);
    }
  }
}
const answers = [];
for (const call of calls) {
  const answer = await client.callTool({ name: call.tool, arguments: call.arguments });
  const link = answer.content.find((one) => one.type === 'resource_link');
  const read = link ? (await client.readResource({ uri: link.uri })).contents[0] : undefined;
  answers.push({ ...answer, read });
}
await client.close();
console.log(`RESULT ${JSON.stringify({ tools, invalid, answers, questions })}`);
