#!/usr/bin/env bash
# socket.io-client: `reconnectionAttempts: 0` tries for ever, and
# `reconnectionDelay: 0` waits a second.
#
# Expected: no attempts are none, as `retries: 0` and `maxRetries: 0` mean
#   elsewhere, and a delay of 0 is none.
# Instead: zero is read as "not given", and the default is taken: without end,
#   and 1,000 ms. The setters of the same names take a zero for what it is.
#
# socket.io-client 4.8.4 (engine.io-client 6.6.8) of npm, run by Node.js 20.20.
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
const { createServer } = require('node:net');
const { io } = require('socket.io-client');

// How many times a client tries again in three seconds.
async function attempts(url, options) {
  const client = io(url, { forceNew: true, ...options });
  let count = 0;
  client.io.on('reconnect_attempt', () => ++count);
  await new Promise((done) => {
    client.io.once('reconnect_failed', done);
    setTimeout(done, 3000);
  });
  client.disconnect();
  return count;
}

async function main() {
  // A port that refuses.
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}`;
  await new Promise((done) => server.close(done));
  const [one, zero] = await Promise.all([1, 0].map((n) =>
    attempts(url, { reconnectionAttempts: n, reconnectionDelay: 100 })));
  const idle = io(url, { autoConnect: false, forceNew: true,
                         reconnectionAttempts: 0, reconnectionDelay: 0 });
  const options = [idle.io.reconnectionAttempts(), idle.io.reconnectionDelay()];
  console.log(`attempts with 1: ${one}, with 0: ${zero}`);
  console.log('options of a client that was given zeros:', ...options);
  assert.equal(one, 1);
  assert.ok(zero > 1);
  assert.deepEqual(options, [Infinity, 1000]);
  idle.io.reconnectionAttempts(0);
  assert.equal(idle.io.reconnectionAttempts(), 0);
}

main().then(() => process.exit(), (error) => {
  console.error(error);
  process.exit(1);
});
JS
timeout 60 node main.cjs
