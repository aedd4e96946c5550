// Stock clients of Socket.IO that are lost, and recovered.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { io } from "socket.io-client";
import { Server } from "./server.mjs";
import { TcpProxy } from "./tcp_proxy.mjs";

const kinds = {
  "default options": {},
  "WebSocket only": { transports: ["websocket"] },
  "polling only": { transports: ["polling"] },
};

const start = (...options) =>
  Server.start("flamigo-socketio-server", "--threads", "4", ...options);

let server;
let teller;
before(async () => {
  server = await start("--max-disconnection", "1min");
  teller = new Page(server.port, { transports: ["websocket"] });
  await teller.connected();
});
after(async () => {
  teller.socket.disconnect();
  await server.stop();
});

/** What a page has that counts what it is told. */
class Page {
  constructor(port, options = {}) {
    this.numbers = [];
    this.returns = [];
    this.socket = io(`http://127.0.0.1:${port}`, {
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 50,
      ...options,
    });
    this.socket.on("posted", (number, { offsets }, position) => {
      assert.equal(Object.values(offsets).length, 1);
      assert.equal(typeof position, "string");
      this.numbers.push(number);
    });
    this.socket.on("connect", () => this.returns.push(this.socket.recovered));
  }

  async connected() {
    if (!this.socket.connected) await this.next("connect");
  }

  next(name) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ${name} came`)), 10_000);
      this.socket.once(name, (...what) => {
        clearTimeout(late);
        resolve(what);
      });
    });
  }

  async subscribe(room) {
    await this.connected();
    const { error } = await this.socket
      .timeout(5000)
      .emitWithAck("app::websocket:subscribe", { topic: `rooms/${room}` });
    assert.equal(error, undefined);
  }

  async post(room, ...numbers) {
    for (const number of numbers)
      await this.socket.timeout(5000).emitWithAck("app::t:post", { room, number });
  }

  /** Has the connection lost, and returns when it is back. */
  async lose(meanwhile = async () => {}) {
    const gone = this.next("disconnect");
    const back = this.next("connect");
    this.socket.io.engine.close();
    await gone;
    await meanwhile();
    await back;
  }

  async count(numbers) {
    for (let i = 0; i < 200 && this.numbers.length < numbers; ++i) await sleep(50);
  }
}

const to = (most) => Array.from({ length: most }, (_, i) => i + 1);

let rooms = 0;
const newRoom = () => `${++rooms}`;

for (const [name, options] of Object.entries(kinds)) {
  test(`${name}: a client that was lost gets what it has missed`, async () => {
    const room = newRoom();
    const page = new Page(server.port, options);
    await page.subscribe(room);
    await teller.post(room, 1, 2);
    await page.count(2);
    await page.lose(() => teller.post(room, 3, 4, 5));
    assert.deepEqual(page.returns, [false, true]);
    await teller.post(room, 6);
    await page.count(6);
    assert.deepEqual(page.numbers, to(6));
    page.socket.disconnect();
  });

  test(`${name}: a client that has missed nothing is recovered, twice in a row`, async () => {
    const room = newRoom();
    const page = new Page(server.port, options);
    await page.subscribe(room);
    await page.lose();
    await page.lose();
    await page.lose(() => teller.post(room, 1));
    assert.deepEqual(page.returns, [false, true, true, true]);
    await page.count(1);
    assert.deepEqual(page.numbers, [1]);
    page.socket.disconnect();
  });
}

test("another user is not recovered, the same one is", async () => {
  const guarded = await start("--guarded=true", "--max-disconnection", "1min");
  const page = new Page(guarded.port, { auth: { token: "good" } });
  await page.subscribe("a");
  await page.lose();
  assert.deepEqual(page.returns, [false, true]);
  page.socket.auth = { token: "other" };
  await page.lose();
  assert.deepEqual(page.returns, [false, true, false]);
  await page.post("a", 1);
  await sleep(50);
  assert.deepEqual(page.numbers, []);
  page.socket.disconnect();
  await guarded.stop();
});

test("who stays away for too long is not recovered", async () => {
  const hasty = await start("--max-disconnection", "20ms");
  const page = new Page(hasty.port, { reconnectionDelay: 200, reconnectionDelayMax: 200 });
  await page.subscribe("a");
  await page.lose();
  assert.deepEqual(page.returns, [false, false]);
  page.socket.disconnect();
  await hasty.stop();
});

test("nobody is recovered by a server that was restarted", async () => {
  const first = await start("--max-disconnection", "1min");
  const proxy = await TcpProxy.start(first.port);
  const page = new Page(proxy.port);
  await page.subscribe("a");
  const back = page.next("disconnect").then(() => page.next("connect"));
  proxy.cut();
  await first.stop();
  const second = await start("--max-disconnection", "1min");
  proxy.to = second.port;
  proxy.mend();
  await back;
  assert.deepEqual(page.returns, [false, false]);
  page.socket.disconnect();
  proxy.stop();
  await second.stop();
});

test("who disconnects and connects again is not recovered", async () => {
  const page = new Page(server.port);
  await page.subscribe(newRoom());
  page.socket.disconnect();
  page.socket.connect();
  await page.connected();
  assert.deepEqual(page.returns, [false, false]);
  page.socket.disconnect();
});

test("a client is recovered while the server thinks that it is there", async () => {
  const proxy = await TcpProxy.start(server.port);
  const room = newRoom();
  const page = new Page(proxy.port, { transports: ["websocket"] });
  await page.subscribe(room);
  // The side of the page ends, and the other one does not hear of it.
  for (const socket of proxy.sockets) {
    socket.removeAllListeners("close");
    socket.unpipe();
    socket.on("data", () => {});
    if (socket.localPort === proxy.port) socket.destroy();
  }
  await page.next("disconnect");
  await teller.post(room, 1);
  await page.next("connect");
  assert.deepEqual(page.returns, [false, true]);
  await page.count(1);
  assert.deepEqual(page.numbers, [1]);
  page.socket.disconnect();
  proxy.stop();
});

test("connections that are cut at random lose, double and reorder nothing", { timeout: 120_000 }, async () => {
  const proxy = await TcpProxy.start(server.port);
  const room = newRoom();
  const pages = [];
  // Not with default options: a client whose WebSocket is cut while it goes over
  // to it has ended its polls, and notices by the heartbeat only.
  for (const options of Array(3).fill([{ transports: ["websocket"] }, { transports: ["polling"] }]).flat())
    pages.push(new Page(proxy.port, { ...options, reconnectionDelay: 5, reconnectionDelayMax: 10 }));
  await Promise.all(pages.map((page) => page.subscribe(room)));
  const most = 2000;
  let said = 0;
  const saying = (async () => {
    while (said < most) {
      teller.socket.emit("app::t:post", { room, number: ++said });
      if (said % 8 === 0) await sleep(5);
    }
  })();
  let cuts = 0;
  while (said < most) {
    await sleep(Math.random() * 40);
    for (const socket of proxy.sockets)
      if (Math.random() < 0.3) {
        socket.destroy();
        ++cuts;
      }
  }
  await saying;
  for (const page of pages) await page.count(most);
  for (const { socket } of pages) socket.disconnect();
  proxy.stop();
  for (const { numbers, returns } of pages) {
    // Not deepEqual, which would print both.
    assert.equal(numbers.length, most);
    assert.ok(numbers.every((x, i) => x === i + 1));
    assert.ok(returns.length > 3);
    assert.ok(returns.slice(1).every((x) => x));
  }
  assert.ok(cuts > 20);
});
