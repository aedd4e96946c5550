#!/usr/bin/env bash
# undici 6: a WebSocket that cannot connect does not close.
#
# Expected: a first attempt that fails ends as in browsers: `error`, then
#   `close` with the code 1006, and the state is CLOSED (3). That is where a
#   client tries again.
# Instead: there is `error`, and nothing behind it; the state stays CONNECTING
#   (0) for ever. That holds for a port that refuses and for a server that
#   answers without an upgrade. undici 7 does what browsers do, but Node.js 22
#   brings undici 6 as its global WebSocket. Whoever tries again on `close`
#   alone never does.
#
# undici 6.29.1 and 7.30.2 of npm; the WebSocket of Node.js 22.22.0 (undici
# 6.23.0) does the same. Run by Node.js 20.20.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund six@npm:undici@6.29.1 \
  seven@npm:undici@7.30.2

cat >main.cjs <<'JS'
const assert = require('node:assert/strict');
const http = require('node:http');
const { WebSocket } = require(process.argv[2]);

// The events and the state when there is nothing left that could happen.
function whenIdle(url) {
  return new Promise((resolve) => {
    const events = [];
    const socket = new WebSocket(url);
    for (const type of ['open', 'error', 'close'])
      socket.addEventListener(type, () => events.push(type));
    process.once('beforeExit', () =>
      resolve(`${events.join(', ')}; state ${socket.readyState}`));
  });
}

async function main() {
  const server = http.createServer((_, response) => {
    response.writeHead(404, { connection: 'close' }).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  const url = `ws://127.0.0.1:${server.address().port}`;
  const notFound = await whenIdle(url);
  await new Promise((done) => server.ref().close(done));
  const refused = await whenIdle(url);
  console.log(`${process.argv[2]}: answered with 404: ${notFound}`);
  console.log(`${process.argv[2]}: port refuses: ${refused}`);
  for (const what of [notFound, refused])
    assert.equal(what, process.argv[3]);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
JS
timeout 60 node --no-warnings main.cjs six 'error; state 0'
timeout 60 node --no-warnings main.cjs seven 'error, close; state 3'
