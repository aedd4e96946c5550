#!/usr/bin/env bash
# Socket.IO: with recovery turned on, handlers get an argument that nobody sent.
#
# Expected: `connectionStateRecovery` is between the two libraries: handlers of
#   the client are called with what the server has emitted, with it or without.
# Instead: the position in the stream, a short text, is handed to the handlers
#   behind the arguments. A handler with an optional parameter takes it for
#   that, one with `...rest` or `arguments.length` sees one more, and `onAny`
#   records it. An event with an acknowledgement has none.
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
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const { io: connect } = require('socket.io-client');

// What a handler with an optional parameter is called with.
async function called(options) {
  const http = createServer();
  const io = new Server(http, options);
  io.on('connection', (socket) => socket.emit('paint', 'wall'));
  await new Promise((done) => http.listen(0, '127.0.0.1', done));
  const client = connect(`http://127.0.0.1:${http.address().port}`);
  const result = await new Promise((done) => {
    client.on('paint', (what, color = 'white') => done({ what, color }));
  });
  client.disconnect();
  await io.close();
  return result;
}

async function main() {
  const without = await called({});
  const recovery = await called({ connectionStateRecovery: {} });
  console.log('without recovery:', without);
  console.log('with recovery:', recovery);
  assert.deepEqual(without, { what: 'wall', color: 'white' });
  assert.equal(recovery.what, 'wall');
  assert.equal(typeof recovery.color, 'string');
  assert.notEqual(recovery.color, 'white');
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
