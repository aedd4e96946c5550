#!/usr/bin/env bash
# socket.io-client: `disconnect` is raised for a socket that was never
# connected.
#
# Expected: a socket is first connected, then disconnected; an attempt that
#   fails before the server has answered raises `connect_error`.
# Instead: if the connection is lost while the server has not answered CONNECT
#   yet, as in a slow look-up of the user, there is `disconnect`, and no
#   `connect_error`. Who counts connections up and down gets below zero, and who
#   tells the user of a failure on `connect_error` tells nothing.
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
  let full;
  const all = new Promise((done) => full = done);
  let tries = 0;
  const url = await serve((socket) => {
    if (++tries === 3)
      full();
    else
      socket.close();
  });
  const client = io(url, { transports: ['websocket'], reconnectionDelay: 50 });
  const events = [];
  for (const type of ['connect', 'connect_error'])
    client.on(type, () => events.push(type));
  client.on('disconnect', (reason) => events.push(`disconnect (${reason})`));
  await all;
  console.log(`events of two failed attempts: ${events.join(', ')}`);
  assert.deepEqual(events, Array(2).fill('disconnect (transport close)'));
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
