#!/usr/bin/env bash
# Socket.IO: a server's `emitWithAck` to a client that goes never settles.
#
# Expected: as at the client, where a pending `emitWithAck` is rejected with
#   "socket has been disconnected" as soon as the connection is lost, since
#   no answer can come any more.
# Instead: at the server nothing happens: the promise stays pending, and what
#   awaits it too, `finally` and locks included. With `timeout` it is rejected,
#   but when the time is up, not when the client goes.
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
const { setTimeout: sleep } = require('node:timers/promises');
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
  const url = await listen();
  const client = connect(url);
  const [peer] = await Promise.all([
    new Promise((done) => io.once('connection', done)),
    new Promise((done) => client.once('connect', done)),
  ]);
  const state = (promise) => {
    const result = { is: 'pending' };
    promise.then((value) => result.is = `resolved with ${value}`,
                 (error) => result.is = `rejected: ${error.message}`);
    return result;
  };
  const asked = new Promise((done) => client.once('question', done));
  const server = state(peer.emitWithAck('question'));
  const late = state(peer.timeout(1500).emitWithAck('question'));
  const other = state(client.emitWithAck('question'));
  await asked;
  const gone = new Promise((done) => peer.once('disconnect', done));
  client.io.engine.close();
  await gone;
  await sleep(500);
  console.log(`0.5 s after the connection was lost, the client: ${other.is}`);
  console.log(`the server: ${server.is}; with a time-out: ${late.is}`);
  assert.equal(other.is, 'rejected: socket has been disconnected');
  assert.equal(server.is, 'pending');
  assert.equal(late.is, 'pending');
  await sleep(1500);
  console.log(`later, the server: ${server.is}; with a time-out: ${late.is}`);
  assert.equal(server.is, 'pending');
  assert.equal(late.is, 'rejected: operation has timed out');
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
