#!/usr/bin/env bash
# socket.io-client: `timeout` does not limit how long a connect takes.
#
# Expected: `timeout`, "for each connection attempt", is the time in which the
#   socket has to be connected; a server that hangs in a look-up gets a
#   `connect_error`, and the client tries again.
# Instead: it ends when the transport is open. While the server does not answer
#   CONNECT, the client waits and says nothing, however long; heartbeats go on.
#   A server that holds the answer is not tried again by anybody.
#
# socket.io-client 4.8.4 (engine.io-client 6.6.8) of npm with a server on
# ws 8.18.3, run by Node.js 20.20.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund socket.io-client@4.8.4 \
  engine.io-client@6.6.8 \
  socket.io-parser@4.2.7 \
  ws@8.18.3

cat >main.cjs <<'JS'
const assert = require('node:assert/strict');
const { WebSocketServer } = require('ws');
const { io } = require('socket.io-client');

// A server that says "open" and then does what it is told.
async function serve(told, handshake = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((done) => server.once('listening', done));
  server.on('connection', (socket) => {
    socket.send('0' + JSON.stringify({ sid: 'an-id', upgrades: [],
      pingInterval: 25000, pingTimeout: 20000, maxPayload: 1e6,
      ...handshake }));
    socket.on('message', (data) => told(socket, data.toString()));
  });
  return `http://127.0.0.1:${server.address().port}`;
}

async function main() {
  let connects = 0;
  const url = await serve((socket, packet) => {
    if (packet === '40' && ++connects === 1)
      setTimeout(() => socket.send('40{"sid":"another-id"}'), 2000);
  });
  const client = io(url, { transports: ['websocket'], timeout: 200,
                           reconnectionDelay: 50 });
  const events = [];
  for (const type of ['connect_error', 'disconnect'])
    client.on(type, () => events.push(type));
  const start = performance.now();
  await new Promise((done) => client.once('connect', done));
  const took = Math.round(performance.now() - start);
  console.log(`timeout 200 ms; connected after ${took} ms, ` +
              `attempts: ${connects}, other events: ${events.length}`);
  assert.ok(took >= 1900);
  assert.equal(connects, 1);
  assert.deepEqual(events, []);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
