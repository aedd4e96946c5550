#!/usr/bin/env bash
# socket.io-client: with `retries` and no `ackTimeout`, an event that the server
# has acknowledged is sent again.
#
# Expected: `retries: 3` sends an event again when no acknowledgement came; how
#   long to wait is another option, which has a default or means for ever.
# Instead: without `ackTimeout` the first argument of the acknowledgement is
#   taken for an error, whatever it is. The event is sent again at once, 1 + 3
#   times, and is then reported as failed, with the server's answer as the
#   error. Only an answer that begins with null is a success. A server that does
#   what it is told does it four times.
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
  const times = {};
  io.on('connection', (socket) => {
    socket.on('order', (who, ack) => {
      times[who] = (times[who] ?? 0) + 1;
      ack('done');
    });
  });
  const url = await listen();
  const order = (who, options) => new Promise((done) => {
    const client = connect(url, { forceNew: true, ...options });
    client.emit('order', who, (error, answer) => {
      client.disconnect();
      done({ error, answer, times: times[who] });
    });
  });
  const both = await order('both', { retries: 3, ackTimeout: 5000 });
  const alone = await order('alone', { retries: 3 });
  console.log('retries and ackTimeout:', both);
  console.log('retries alone:', alone);
  assert.deepEqual(both, { error: null, answer: 'done', times: 1 });
  assert.deepEqual(alone, { error: 'done', answer: undefined, times: 4 });
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
