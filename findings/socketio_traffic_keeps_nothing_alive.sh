#!/usr/bin/env bash
# socket.io-client: a connection full of traffic ends with "ping timeout".
#
# Expected: the heartbeat is for connections on which nothing happens; a client
#   that receives events every 50 ms knows that its server lives. A busy server
#   may leave out pings, as with the WebSocket protocol.
# Instead: only the ping packet of Engine.IO counts. Without it the client gives
#   up after pingInterval + pingTimeout, whatever it receives, WebSocket pings
#   too. A server must send a ping in time even behind a long queue.
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

// How many events come within two seconds, and why the connection ends.
async function run(ping) {
  const timers = [];
  const url = await serve((socket, packet) => {
    if (packet !== '40')
      return;
    socket.send('40{"sid":"another-id"}');
    timers.push(setInterval(() => {
      socket.ping();
      socket.send('42["news"]');
    }, 50));
    if (ping)
      timers.push(setInterval(() => socket.send('2'), 300));
  }, { pingInterval: 300, pingTimeout: 400 });
  const client = io(url, { transports: ['websocket'], reconnection: false,
                           forceNew: true });
  let news = 0;
  client.on('news', () => ++news);
  const end = await new Promise((done) => {
    client.on('disconnect', done);
    setTimeout(done, 2000, 'still connected');
  });
  timers.forEach(clearInterval);
  client.disconnect();
  console.log(`${ping ? 'with' : 'without'} pings: ${news} events; ${end}`);
  return { end, news };
}

async function main() {
  const quiet = await run(true);
  const busy = await run(false);
  assert.equal(quiet.end, 'still connected');
  assert.equal(busy.end, 'ping timeout');
  assert.ok(busy.news >= 5);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
