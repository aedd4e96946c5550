#!/usr/bin/env bash
# Socket.IO: `emitWithAck` resolves with {} when the handler answers an Error.
#
# Expected: a callback is called as `ack(error)` or `ack(null, result)`, and
#   `emitWithAck` makes a promise of that, as `util.promisify` does; with a
#   time-out the callback of `emit` is even called so, error first.
# Instead: the client resolves with the first argument, whatever it is, and the
#   others are dropped: `ack(new Error("no"))` is a success with {}, as an Error
#   has nothing that JSON writes, and `ack(null, result)` is null. A server has
#   no means to reject; a failure must be in the value.
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
  io.on('connection', (socket) => {
    socket.on('fail', (ack) => ack(new Error('no')));
    socket.on('succeed', (ack) => ack(null, 'result'));
  });
  const client = connect(await listen());
  for (const [event, expected] of [['fail', {}], ['succeed', null]]) {
    const value = await client.emitWithAck(event);
    const timed = await client.timeout(5000).emitWithAck(event);
    console.log(`${event}: resolved with`, value, 'and, timed,', timed);
    assert.deepEqual([value, timed], [expected, expected]);
  }
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
