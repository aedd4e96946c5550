#!/usr/bin/env bash
# socket.io-client: the delay does not grow for a server that takes connections
# and ends them.
#
# Expected: each attempt that does not lead to a connected socket doubles the
#   delay, up to `reconnectionDelayMax`; a server that is overloaded and closes
#   before it answers is left in peace more and more.
# Instead: the delay starts again once the transport is open, though the socket
#   has never been connected. Such a server is tried at the first delay for
#   ever, by all clients. Only one that refuses the transport slows them down.
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
  const times = [];
  let full;
  const all = new Promise((done) => full = done);
  // It closes where it should answer CONNECT.
  const url = await serve((socket) => {
    times.push(performance.now());
    socket.close();
    if (times.length === 6)
      full();
  });
  const client = io(url, { transports: ['websocket'], reconnectionDelay: 200,
                           reconnectionDelayMax: 60_000,
                           randomizationFactor: 0 });
  let connects = 0;
  client.on('connect', () => ++connects);
  await all;
  const delays = times.slice(1).map((at, i) => Math.round(at - times[i]));
  console.log(`connected: ${connects} times; delays: ${delays.join(', ')} ms`);
  // Doubled, the fifth would be 3,200 ms.
  assert.equal(connects, 0);
  assert.ok(delays.every((x) => x >= 150 && x < 1500));
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
