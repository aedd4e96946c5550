// Many stock clients of Socket.IO, and many that give up half-way.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import net from "node:net";
import { after, before, test } from "node:test";
import { io } from "socket.io-client";
import { Server } from "./server.mjs";

let server;
before(async () => {
  server = await Server.start("flamigo-socketio-server", "--threads", "4",
    "--engine-ping-interval", "300ms", "--engine-ping-timeout", "200ms");
});
after(() => server.stop());

const connect = (options = {}) => io(`http://127.0.0.1:${server.port}`,
  { forceNew: true, reconnection: false, ...options });

const once = (what, name) => new Promise((resolve) => what.once(name, resolve));

test("1,000 upgrades lose, double and reorder nothing", { timeout: 120_000 },
  async () => {
    const times = [];
    const one = async () => {
      const began = performance.now();
      const socket = connect();
      const engine = socket.io.engine;
      const upgraded = once(engine, "upgrade");
      await once(socket, "hello");
      const got = [];
      for (let i = 0; i < 20; ++i)
        got.push(socket.timeout(10_000).emitWithAck("app::t:late", i).then((x) => x.payload));
      await upgraded;
      times.push(performance.now() - began);
      for (let i = 20; i < 25; ++i)
        got.push(socket.timeout(10_000).emitWithAck("app::t:echo", i).then((x) => x.payload));
      assert.deepEqual(await Promise.all(got), [...Array(25).keys()]);
      socket.disconnect();
    };
    for (let round = 0; round < 100; ++round) await Promise.all(Array.from({ length: 10 }, one));
    const longest = Math.max(...times);
    assert.ok(longest < 1000, `one took ${longest} ms`);
  });

test("100,000 acks come exactly once", { timeout: 120_000 }, async () => {
  const socket = connect({ transports: ["websocket"] });
  await once(socket, "hello");
  let acks = 0;
  for (let i = 0; i < 100_000; i += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, k) =>
        new Promise((resolve) => socket.emit("app::t:echo", i + k, (x) => {
          ++acks;
          assert.equal(x.payload, i + k);
          resolve();
        }))));
  assert.equal(acks, 100_000);
  socket.disconnect();
});

// -- those that give up -------------------------------------------------------

/** A socket that has sent this, and what came back within so many bytes. */
async function say(text, isEnough) {
  const socket = net.connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(text);
  let answer = "";
  while (isEnough && !isEnough(answer)) answer += await once(socket, "data");
  return { socket, answer };
}

const request = (method, query, ...lines) =>
  [`${method} /socket.io/?EIO=4&${query} HTTP/1.1`, "Host: 127.0.0.1", ...lines, "", ""]
    .join("\r\n");

const upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

/** A short text frame whose mask is zero. */
const frame = (text) =>
  Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

const headers = (answer) => answer.includes("\r\n\r\n");

/** What a client does, one after the other, until it gives up at one of them. */
async function handshake(steps) {
  const open = await say(request("GET", "transport=polling"), (x) => x.includes("}"));
  const sockets = [open.socket];
  const sid = `sid=${open.answer.match(/"sid":"([^"]+)"/)[1]}`;
  const add = async (...what) => {
    const { socket } = await say(...what);
    sockets.push(socket);
    return socket;
  };
  let ws;
  const todo = [
    () => add(`${request("POST", `transport=polling&${sid}`, "Content-Length: 2")}40`, headers),
    () => add(request("GET", `transport=polling&${sid}`), headers),
    () => add(request("GET", `transport=polling&${sid}`)),
    async () => {
      ws = await add(request("GET", `transport=websocket&${sid}`, ...upgrade), headers);
    },
    async () => {
      ws.write(frame("2probe"));
      await once(ws, "data");
    },
    () => ws.write(frame("5")),
    () => ws.write(frame('42["app::t:late",1]')),
    // In the middle of a frame.
    () => ws.write(frame('42["app::t:late",1]').subarray(0, 9)),
  ];
  for (const step of todo.slice(0, steps)) await step();
  return sockets;
}

const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length;

/** Waits until it is so; fails when it has not become so in time. */
async function becomes(isSo, what) {
  const end = Date.now() + 20_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, what());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("1,000 handshakes that were given up leave nothing", { timeout: 120_000 },
  async () => {
    const witness = connect({ transports: ["websocket"] });
    await once(witness, "hello");
    const alive = async () => (await witness.emitWithAck("app::t:connections")).payload;
    await becomes(async () => await alive() === 1, () => "others are still there");
    const before = descriptors();
    for (let round = 0; round < 56; ++round) {
      const all = await Promise.all(Array.from({ length: 18 }, (_, i) => handshake(i % 9)));
      all.flat().forEach((socket) => socket.destroy());
    }
    await becomes(() => descriptors() <= before, () => `${descriptors()} of ${before} descriptors`);
    await becomes(async () => await alive() === 1, () => "actors are still there");
    witness.disconnect();
  });
