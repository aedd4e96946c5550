#!/usr/bin/env bash
# Socket.IO: after a volatile event without arguments a client is not recovered.
#
# Expected: with `connectionStateRecovery` volatile events are not kept for who
#   is away, and otherwise have nothing to do with it.
# Instead: the client takes the last element of any event as the position that
#   it has reached, if it is a string; the server puts one at the end of each
#   event, but not of a volatile one. So a text at its end, or without arguments
#   its own name, becomes the position. The server does not know it, and who
#   comes back next is a new client and has lost what was sent meanwhile.
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
const io = new Server(http, {
  connectionStateRecovery: { maxDisconnectionDuration: 60_000 },
});

// The address of the server.
async function listen() {
  await new Promise((done) => http.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${http.address().port}`;
}

// Whether a client that lost its connection after an event is recovered.
async function recovered(url, last) {
  const client = connect(url, { reconnectionDelay: 50, forceNew: true,
                                transports: ['websocket'] });
  const next = (event) => new Promise((done) => client.once(event, done));
  await next('connect');
  const peer = io.sockets.sockets.get(client.id);
  let got = next('hello');
  peer.emit('hello');
  await got;
  got = next('tick');
  last(peer);
  await got;
  const gone = new Promise((done) => peer.once('disconnect', done));
  const back = next('connect');
  client.io.engine.close();
  await gone;
  await back;
  client.disconnect();
  return client.recovered === true;
}

async function main() {
  const url = await listen();
  const plain = await recovered(url, (peer) => peer.emit('tick'));
  const number = await recovered(url, (peer) => peer.volatile.emit('tick', 1));
  const text = await recovered(url, (peer) => peer.volatile.emit('tick', 'a'));
  const bare = await recovered(url, (peer) => peer.volatile.emit('tick'));
  console.log(`recovered after a plain event: ${plain}`);
  console.log(`after a volatile one with a number: ${number}`);
  console.log(`after a volatile one with a text: ${text}`);
  console.log(`after a volatile one without arguments: ${bare}`);
  assert.deepEqual([plain, number, text, bare], [true, true, false, false]);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
