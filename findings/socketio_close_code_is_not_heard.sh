#!/usr/bin/env bash
# socket.io-client: whatever close code a server gives, the client comes back.
#
# Expected: a server that closes the WebSocket with 1000 (done), with 1008
#   (policy violation) or with a code of its own from 4000 to 4999 tells the
#   client not to come back; so one can turn it away for good.
# Instead: each is `disconnect` with "transport close" and a new attempt, as for
#   a cable that was pulled; the code is only in the second argument, as
#   `details.context.code`. Only the packet DISCONNECT (41) ends it.
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

// What a client does when it was connected and the server ends it.
async function ended(how) {
  let tries = 0;
  let again;
  const back = new Promise((done) => again = done);
  const url = await serve((socket) => {
    if (++tries > 1)
      return again('comes back');
    socket.send('40{"sid":"another-id"}', () => how(socket));
  });
  const client = io(url, { transports: ['websocket'], reconnectionDelay: 50,
                           forceNew: true });
  const reason = new Promise((done) => {
    client.once('disconnect', (reason, details) =>
      done(`${reason} (${details?.context?.code})`));
  });
  const result = await Promise.all([reason, Promise.race([back,
    new Promise((done) => setTimeout(done, 2000, 'stays away'))])]);
  client.disconnect();
  return result.join(', ');
}

async function main() {
  const results = [];
  for (const code of [1000, 1008, 4403]) {
    const result = await ended((socket) => socket.close(code, 'go away'));
    console.log(`closed with ${code}: ${result}`);
    assert.equal(result, `transport close (${code}), comes back`);
  }
  const packet = await ended((socket) => socket.send('41'));
  console.log(`packet 41: ${packet}`);
  assert.equal(packet, 'io server disconnect (undefined), stays away');
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
