// Lists the tools of servers with the official client, and compiles each schema as JSON Schema 2020-12
// with nothing in it that is not known there.
//
// node listed.mjs TOKEN URL...
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import Ajv2020 from 'ajv/dist/2020.js';

const [token, ...urls] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}` };
const names = [];
const invalid = [];
let schemas = 0;
for (const url of urls) {
  const client = new Client({ name: 'listing', version: '1' });
  // What formats there are is open, and what fits no type is what services say.
  const ajv = new Ajv2020({ strictSchema: true, strictNumbers: true, strictTypes: false, strictTuples: false, validateFormats: false, logger: false });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    for (const tool of (await client.listTools()).tools) {
      names.push(tool.name);
      for (const schema of [tool.inputSchema, tool.outputSchema]) {
        try {
          ajv.compile(schema);
          ajv.removeSchema(schema);
          schemas++;
        } catch (e) {
          invalid.push(`${tool.name}: ${e.message}`);
        }
      }
    }
  } catch (e) {
    invalid.push(`${url}: ${e.message}`);
  }
  await client.close();
}
console.log(`RESULT ${JSON.stringify({ names, schemas, invalid })}`);
