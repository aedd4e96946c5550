#!/usr/bin/env bash
# socket.io-client: volatile events of a disconnected client are kept and sent.
#
# Expected: what is emitted while the client is not connected is sent after it
#   has come back, unless it is volatile: then it is dropped.
# Instead: volatile looks at the transport, and one that was closed still counts
#   as writable. From the loss of a connection to the next attempt all volatile
#   events are queued like others, and the server gets every old position of
#   the mouse. Before the first attempt, and while a transport opens, they are
#   dropped.
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
  const got = [];
  let full;
  const all = new Promise((done) => full = done);
  io.on('connection', (socket) => {
    socket.on('position', (n) => {
      got.push(n);
      if (n === 'last')
        full();
    });
  });
  const client = connect(await listen(), { autoConnect: false });
  const next = (from, event) =>
    new Promise((done) => from.once(event, done));
  client.volatile.emit('position', 'before the first attempt');
  client.connect();
  await next(client, 'connect');
  if (client.io.engine.transport.name !== 'websocket')
    await next(client.io.engine, 'upgrade');

  // The server goes away for the client, which waits to try again.
  const lost = next(client, 'disconnect');
  io.engine.clients[client.io.engine.id].close();
  console.log(`disconnected: ${await lost}, connected: ${client.connected}`);
  for (let i = 1; i <= 3; ++i)
    client.volatile.emit('position', i);
  await next(client.io, 'reconnect_attempt');
  setImmediate(() =>
    client.volatile.emit('position', 'while a transport opens'));
  await next(client, 'connect');
  client.emit('position', 'last');
  await all;
  console.log(`received: ${got.join(', ')}`);
  assert.deepEqual(got, [1, 2, 3, 'last']);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
