// Server-sent events, by an EventSource and fetch: requests, events, the end, and
// what comes again; directly and behind proxies that buffer as they do by default.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { EventSource } from "eventsource";
import { chromium } from "playwright-core";
import { executablePath } from "./chromium.mjs";
import { Proxy } from "./proxies.mjs";
import { bin, Server } from "./server.mjs";

const start = (options = {}) =>
  Server.run(path.join(bin, "flamigo-sse-server"), options,
    "--threads", "4", "--auth-cookie", "token");

let server;
before(async () => { server = await start(); });
after(() => server.stop());

/** As a page would do it, and what a test wants to know of it. */
class Page {
  constructor(port, cookie = "token=good") {
    this.url = `http://127.0.0.1:${port}/sse`;
    this.cookie = cookie;
    this.heard = [];
    this.waiting = [];
    this.source = new EventSource(this.url, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie } }),
    });
    for (const type of ["open", "close", "message"])
      this.source.addEventListener(type, (event) => {
        // An EventSource says by itself that it is open, without data.
        if (event.data === undefined) return;
        const data = JSON.parse(event.data);
        if (type === "open") this.session = data.session;
        this.heard.push({ type, data });
        this.waiting.splice(0).forEach((look) => look());
      });
  }

  /** The first event that has come and is one of these, which is taken out. */
  async next(is, ms = 10000) {
    const late = AbortSignal.timeout(ms);
    for (;;) {
      const i = this.heard.findIndex(is);
      if (i >= 0) return this.heard.splice(i, 1)[0].data;
      await Promise.race([
        new Promise((resolve) => this.waiting.push(resolve)),
        new Promise((_, reject) => late.addEventListener("abort", () =>
          reject(new Error(`it did not come: ${is}`)), { once: true })),
      ]);
    }
  }

  opened() {
    return this.next((x) => x.type === "open");
  }

  topic(name) {
    return this.next((x) => x.type === "message" && x.data.topic === name);
  }

  async say(frame) {
    const { status } = await fetch(`${this.url}?session=${this.session}`, {
      method: "POST", body: JSON.stringify(frame),
    });
    return status;
  }

  async ask(topic, payload) {
    const ackId = String((this.count = (this.count ?? 0) + 1));
    assert.equal(await this.say({ topic, payload, ackId }), 202);
    return this.next((x) => x.data.ackId === ackId && !x.data.more);
  }

  close() {
    this.source.close();
  }
}

async function open(port = server.port, cookie) {
  const page = new Page(port, cookie);
  await page.opened();
  return page;
}

test("requests are answered, wherever they come", async () => {
  const page = await open();
  // Each has a connection of its own, and so a thread.
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) =>
    page.ask(i % 2 ? "app::t:echo" : "app::t:late", i)));
  assert.deepEqual(answers.map((x) => x.payload), Array.from({ length: 50 }, (_, i) => i));
  const { payload } = await page.ask("app::t:who");
  assert.deepEqual(payload, { protocol: "flamigo", transport: "sse", user: "ada" });
  page.close();
});

test("those that wait for one another are handled in order", async () => {
  const page = await open();
  for (let i = 0; i < 200; ++i)
    assert.equal(await page.say({ topic: "app::t:echo", payload: i, ackId: "x" }), 202);
  for (let i = 0; i < 200; ++i)
    assert.equal((await page.next((x) => x.data.ackId === "x")).payload, i);
  page.close();
});

test("a stream comes in parts, and events to all", async () => {
  const one = await open();
  const two = await open();
  const end = await one.ask("app::t:count", 3);
  assert.equal(end.payload, null);
  const parts = one.heard.filter((x) => x.data.more).map((x) => x.data.payload);
  assert.deepEqual(parts, [0, 1, 2]);
  for (const page of [one, two])
    await page.ask("app::websocket:subscribe", { topic: "rooms/all" });
  await one.ask("app::t:say", { room: "all", text: "it rains" });
  for (const page of [one, two])
    assert.equal((await page.topic("chat:message")).payload.text, "it rains");
  one.close();
  two.close();
});

test("who shows nothing is a guest, until it does", async () => {
  const page = await open(server.port, "none=1");
  assert.equal((await page.ask("app::t:echo", 1)).payload.status, 401);
  await page.ask("app::websocket:auth", { token: "good" });
  assert.equal((await page.ask("app::t:echo", 1)).payload, 1);
  page.close();
});

test("an unknown session, another method, and too much", async () => {
  const url = `http://127.0.0.1:${server.port}/sse`;
  const none = await fetch(`${url}?session=none`, { method: "POST", body: "{}" });
  assert.equal(none.status, 404);
  assert.deepEqual(await none.json(), {
    message: "there is no stream of this session", status: 404, code: "unknown_session",
  });
  assert.equal((await fetch(url, { method: "PUT", body: "{}" })).status, 405);
  const page = await open();
  const much = await fetch(`${url}?session=${page.session}`,
    { method: "POST", body: "x".repeat(70000) });
  assert.equal(much.status, 413);
  page.close();
});

test("who is not to come again does not, by itself", async () => {
  const page = await open();
  const stopped = new Promise((resolve) => {
    page.source.addEventListener("error", () => {
      if (page.source.readyState === EventSource.CLOSED) resolve();
    });
  });
  await page.say({ topic: "app::t:end", payload: { code: 3503, reason: "out" } });
  const told = await page.next((x) => x.type === "close");
  assert.deepEqual(told, { code: 3503, reason: "out" });
  // It comes once more, and is answered 204.
  await stopped;
  assert.ok(!page.heard.some((x) => x.type === "open"));
});

test("a page that was closed comes again, has its rooms, and has missed nothing", async () => {
  const page = await open();
  const teller = await open();
  await page.ask("app::websocket:subscribe", { topic: "rooms/7" });
  for (let round = 0; round < 2; ++round) {
    await teller.ask("app::t:say", { room: "7", text: `before ${round}` });
    assert.equal((await page.topic("chat:message")).payload.text, `before ${round}`);
    await page.say({ topic: "app::t:end", payload: { code: 4000, reason: "later" } });
    assert.equal((await page.next((x) => x.type === "close")).code, 4000);
    await teller.ask("app::t:say", { room: "7", text: `missed ${round}` });
    await page.opened();
    const { payload } = await page.topic("subscribed");
    assert.equal(payload.topic, "rooms/7");
    assert.equal(payload.recovered, true);
    assert.equal((await page.topic("chat:message")).payload.text, `missed ${round}`);
  }
  assert.ok(!page.heard.some((x) => x.data.topic === "chat:message"));
  page.close();
  teller.close();
});

test("a page finds a server that was restarted", async () => {
  const first = await start();
  const { port } = first;
  const page = await open(port);
  await page.ask("app::websocket:subscribe", { topic: "rooms/1" });
  assert.equal(await first.stop(), 0);
  assert.equal((await page.next((x) => x.type === "close")).code, 3001);
  const second = await start({ port });
  await page.opened();
  const { payload } = await page.topic("subscribed");
  assert.equal(payload.recovered, false);
  page.close();
  assert.equal(await second.stop(), 0);
});

test("a stream that its client leaves is noticed", async () => {
  const page = await open();
  const { session } = page;
  page.close();
  for (let i = 0; ; ++i) {
    assert.ok(i < 500, "the session is there still");
    page.session = session;
    if (await page.say({ topic: "app::t:echo" }) === 404) break;
    await pause(10);
  }
});

test("a response of the program comes in pieces", async () => {
  const response = await fetch(`http://127.0.0.1:${server.port}/ticks`);
  const parts = [];
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part; !(part = await reader.read()).done;) parts.push(part.value);
  assert.equal(parts.join(""), "tick 0\ntick 1\ntick 2\n");
  assert.ok(parts.length > 1, "all came at once");
});

// nginx as it is, too: HTTP/1.0, and it would buffer if it was not told.
for (const [name, settings] of [...Proxy.names.map((x) => [x]), ["nginx", {}]])
  test(`behind ${name}${settings ? " as it is" : ""}`, { timeout: 60_000 }, async () => {
    const proxy = await Proxy.start(name, [server.port], settings);
    const page = await open(proxy.port);
    assert.deepEqual((await page.ask("app::t:echo", "x")).payload, "x");
    await page.ask("app::websocket:subscribe", { topic: `rooms/${name}` });
    await page.ask("app::t:say", { room: name, text: "hi" });
    assert.equal((await page.topic("chat:message")).payload.text, "hi");
    page.close();
    await proxy.stop();
  });

test("a browser comes back by itself, and stays away when told to",
  { skip: executablePath ? false : "there is no Chromium on this machine" }, async () => {
  const browser = await chromium.launch({ executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.context().addCookies([{ name: "token", value: "good",
      url: `http://127.0.0.1:${server.port}` }]);
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.evaluate(() => {
      window.heard = [];
      window.opened = 0;
      window.source = new EventSource("/sse");
      window.say = (frame) => fetch(`/sse?session=${window.session}`,
        { method: "POST", body: JSON.stringify(frame) }).then((x) => x.status);
      source.addEventListener("open", (event) => {
        if (!event.data) return;
        window.session = JSON.parse(event.data).session;
        ++window.opened;
      });
      source.onmessage = (event) => heard.push(JSON.parse(event.data));
    });
    const heard = (topic, text) => page.waitForFunction(([topic, text]) =>
      heard.some((x) => x.topic === topic && (!text || x.payload.text === text)),
    [topic, text]);
    await page.waitForFunction(() => window.opened === 1);
    assert.equal(await page.evaluate(() =>
      say({ topic: "app::websocket:subscribe", payload: { topic: "rooms/web" }, ackId: 1 })), 202);
    await heard("app::websocket:subscribe");
    await page.evaluate(() => say({ topic: "app::t:end", payload: { code: 3001, reason: "" } }));
    const teller = await open();
    await teller.ask("app::t:say", { room: "web", text: "missed" });
    teller.close();
    await page.waitForFunction(() => window.opened === 2);
    await heard("subscribed");
    await heard("chat:message", "missed");
    await page.evaluate(() => say({ topic: "app::t:end", payload: { code: 3503, reason: "" } }));
    await page.waitForFunction(() => source.readyState === EventSource.CLOSED);
    assert.equal(await page.evaluate(() => window.opened), 2);
  } finally {
    await browser.close();
  }
});
