#!/usr/bin/env bash
# express-pouchdb 4.2.0 on PouchDB 7.3.1: GET /db/_changes with a `since` beyond the end of the
# database answers 200 with that same number as last_seq. Whoever keeps last_seq as a cursor, and
# has one from a database that was made anew, is told neither that nor which changes are left out:
# those up to the old number are passed over in silence.
#
# Seen with Node.js 20:
#   3 documents, since=3: last_seq 3, 0 changes
#   made anew, 2 documents, since=3: last_seq 3, 0 changes
#   4 documents, since=3: last_seq 4, 1 changes
#
# Ends with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund express@4.21.2 express-pouchdb@4.2.0 \
  pouchdb-core@7.3.1 pouchdb-adapter-memory@7.3.1 > /dev/null

cat > look.cjs <<'JS'
const express = require('express');
const PouchDB = require('pouchdb-core')
  .plugin(require('pouchdb-adapter-memory'))
  .defaults({adapter: 'memory'});
const app = express();
app.use('/', require('express-pouchdb')(PouchDB, {mode: 'minimumForPouchDB'}));

const server = app.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}/items`;
  const send = (method, path, body) =>
    fetch(base + path, {
      method,
      headers: {'content-type': 'application/json'},
      body: body && JSON.stringify(body),
    }).then(answer => answer.json());
  const add = async (from, to) => {
    for (let i = from; i <= to; i++) await send('PUT', `/${i}`, {i});
  };
  const seen = [];
  const look = async () => {
    const {last_seq, results} = await send('GET', '/_changes?since=3');
    seen.push(`last_seq ${last_seq}, ${results.length} changes`);
  };
  await send('PUT', '');
  await add(1, 3);
  await look();
  await send('DELETE', '');
  await send('PUT', '');
  await add(1, 2);
  await look();
  await add(3, 4);
  await look();
  console.log(seen.join('\n'));
  process.exit(0);
});
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = "last_seq 3, 0 changes
last_seq 3, 0 changes
last_seq 4, 1 changes" ]
