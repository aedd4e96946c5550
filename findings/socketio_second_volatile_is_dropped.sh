#!/usr/bin/env bash
# Socket.IO: of two volatile events in one turn the second is dropped, however
# idle the connection is.
#
# Expected: a volatile event is dropped when the client cannot take it: when its
#   connection is slow and the buffers are full. On loopback, with nothing on
#   its way, all of a small batch arrive.
# Instead: over WebSocket the server holds a connection for busy from when it
#   hands over a packet until a later turn of the event loop. What is volatile
#   and comes in the same turn as anything else, also as a plain event, is
#   dropped. So is each volatile event in the handler of `connection`.
#
# socket.io 4.8.4 (engine.io 6.6.13, socket.io-adapter 2.5.9) and
# socket.io-client 4.8.4 of npm, run by Node.js 20.20.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund socket.io@4.8.4 \
  socket.io-client@4.8.4 \
  engine.io@6.6.13 \
  engine.io-client@6.6.8 \
  socket.io-parser@4.2.7 \
  socket.io-adapter@2.5.9

cat >main.cjs <<'JS'
const assert = require('node:assert/strict');
const { Server } = require('socket.io');
const { io: connect } = require('socket.io-client');

const http = require('node:http').createServer();
const io = new Server(http);

// The address of the server.
async function listen() {
  await new Promise((done) => http.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${http.address().port}`;
}

async function main() {
  io.on('connection', (socket) => socket.volatile.emit('welcome'));
  const client = connect(await listen(), { transports: ['websocket'] });
  const got = [];
  client.onAny((...event) => got.push(event.join(' ')));
  await new Promise((done) => client.once('connect', done));
  const peer = [...io.sockets.sockets.values()][0];
  const turn = () => new Promise((done) => setTimeout(done, 100));
  await turn();
  for (let i = 1; i <= 3; ++i)
    peer.volatile.emit('batch', i);
  await turn();
  peer.emit('plain');
  peer.volatile.emit('behind-plain');
  await turn();
  for (let i = 1; i <= 3; ++i) {
    peer.volatile.emit('apart', i);
    await turn();
  }
  console.log(`received: ${got.join(', ')}`);
  assert.deepEqual(got, ['batch 1', 'plain', 'apart 1', 'apart 2', 'apart 3']);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
