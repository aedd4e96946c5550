#!/usr/bin/env bash
# Socket.IO: a client that got no event for a while is not recovered, however
# short it was away.
#
# Expected: `maxDisconnectionDuration` is how long one may be disconnected: a
#   client that comes back sooner has its id, its rooms and its data again, and
#   gets what was sent meanwhile.
# Instead: the server also forgets events that are older than that, and with the
#   last one that a client has seen the place at which to go on. Whoever was
#   connected all the time but got nothing for so long is a new client after
#   the loss of a moment. Only an event to each client in that time prevents it.
#   (What is too old is removed once a minute: so long takes this script.)
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
const io = new Server(http, {
  connectionStateRecovery: { maxDisconnectionDuration: 20_000 },
});

// The address of the server.
async function listen() {
  await new Promise((done) => http.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${http.address().port}`;
}

const next = (from, event) => new Promise((done) => from.once(event, done));

// Loses a connection for a moment, in which an event is sent.
async function lose(client) {
  const { id } = client;
  const gone = next(io.sockets.sockets.get(id), 'disconnect');
  const back = next(client, 'connect');
  const start = performance.now();
  client.io.engine.close();
  await gone;
  io.to(id).emit('missed');
  await back;
  await client.emitWithAck('flush');
  console.log(`away for ${Math.round(performance.now() - start)} ms, ` +
              `same id: ${client.id === id}, events: ${client.got.join(', ')}`);
  return { sameId: client.id === id, got: client.got };
}

async function main() {
  io.on('connection', (socket) => {
    socket.on('flush', (ack) => ack());
    if (!socket.recovered && !io.quiet)
      socket.emit('hello');
  });
  const url = await listen();
  const clients = [1, 2].map(() => {
    const client = connect(url, { forceNew: true, reconnectionDelay: 50,
                                  transports: ['websocket'] });
    client.got = [];
    client.onAny((event) => client.got.push(event));
    return client;
  });
  await Promise.all(clients.map((client) => next(client, 'hello')));
  io.quiet = true;
  await sleep(55_000);
  const news = next(clients[0], 'news');
  io.to(clients[0].id).emit('news');
  await news;
  await sleep(7000);
  const [busy, quiet] = [await lose(clients[0]), await lose(clients[1])];
  assert.deepEqual(busy, { sameId: true, got: ['hello', 'news', 'missed'] });
  assert.deepEqual(quiet, { sameId: false, got: ['hello'] });
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 120 node main.cjs
