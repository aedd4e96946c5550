#!/usr/bin/env bash
# Socket.IO: an event to an empty list of rooms goes to everybody.
#
# Expected: `io.to(rooms).emit(...)` reaches who is in one of the rooms; with a
#   list that was computed and came out empty, as the rooms of somebody who
#   has no friends, that is nobody.
# Instead: a list without rooms is the same as no `to` at all, and every client
#   of the namespace gets the event; `in([]).disconnectSockets()` ends them all.
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
const { once } = require('node:events');
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
  const clients = [connect(url), connect(url)];
  const got = [[], []];
  await Promise.all(clients.map(async (client, i) => {
    client.onAny((event) => got[i].push(event));
    await new Promise((done) => client.once('connect', done));
  }));
  io.to(['of-nobody']).emit('to-a-room-without-members');
  io.to([]).emit('to-no-rooms');
  io.emit('end');
  await Promise.all(clients.map(async (client, i) => {
    if (!got[i].includes('end'))
      await new Promise((done) => client.once('end', done));
  }));
  got.forEach((events, i) => {
    console.log(`client ${i}, in no room: ${events.join(', ')}`);
    assert.deepEqual(events, ['to-no-rooms', 'end']);
  });
  const ended = clients.map((client) =>
    new Promise((done) => client.once('disconnect', done)));
  io.in([]).disconnectSockets();
  console.log(`disconnected: ${await Promise.all(ended)}`);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
