#!/usr/bin/env bash
# socket.io-client: an event that stands before the close packet is handed to
# the page after the next connect.
#
# Expected: packets of one polling payload take effect in their order: the event
#   that says why the server ends, then "disconnect". Over a WebSocket they do.
# Instead: the close packet of Engine.IO ends the client at once, while a message
#   waits for a microtask. The page sees "disconnect" first; the event is kept,
#   and comes when the client has connected again, to a server that has not sent
#   it. A server has to close in a payload of its own.
#
# socket.io-client 4.8.4 (engine.io-client 6.6.8) of npm with a server of
# node:http, run by Node.js 20.20.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund socket.io-client@4.8.4 \
  engine.io-client@6.6.8 \
  socket.io-parser@4.2.7

cat >main.cjs <<'JS'
const assert = require('node:assert/strict');
const http = require('node:http');
const { io } = require('socket.io-client');

// A server for polling. Of its first session it says the last payloads; the
// second one stays.
async function serve(last) {
  let sessions = 0;
  const payloads = new Map();
  const polls = new Map();
  const answer = (sid) => {
    const poll = polls.get(sid);
    if (!poll || payloads.get(sid).length === 0)
      return;
    polls.delete(sid);
    poll.end(payloads.get(sid).shift());
  };
  const server = http.createServer((request, response) => {
    const sid = new URL(request.url, 'http://x').searchParams.get('sid');
    if (!sid) {
      const id = `s${++sessions}`;
      payloads.set(id, []);
      response.end('0' + JSON.stringify({ sid: id, upgrades: [],
        pingInterval: 25000, pingTimeout: 20000, maxPayload: 1e6 }));
    } else if (request.method === 'POST') {
      request.resume();
      response.end('ok');
      payloads.get(sid).push('40{"sid":"another-id"}');
      if (sid === 's1')
        payloads.get(sid).push(...last);
      answer(sid);
    } else {
      polls.set(sid, response);
      answer(sid);
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return `http://127.0.0.1:${server.address().port}`;
}

// What the page sees until it has connected twice.
async function run(name, last) {
  const client = io(await serve(last), { transports: ['polling'],
    reconnectionDelay: 10, forceNew: true });
  const seen = [];
  client.on('why', (why) => seen.push(`why ${why}`));
  client.on('disconnect', (how) => seen.push(how));
  await new Promise((done) => {
    let times = 0;
    client.on('connect', () => {
      seen.push('connect');
      // A turn later, so that what it brings along has come.
      if (++times === 2)
        setTimeout(done, 100);
    });
  });
  client.disconnect();
  console.log(`${name}: ${seen.join(', ')}`);
  return seen.slice(0, -1);
}

async function main() {
  const why = '42["why","maintenance"]';
  const apart = await run('apart', [why, '1']);
  const together = await run('in one payload', [`${why}\x1e1`]);
  assert.deepEqual(apart,
    ['connect', 'why maintenance', 'transport close', 'connect']);
  assert.deepEqual(together,
    ['connect', 'transport close', 'why maintenance', 'connect']);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
