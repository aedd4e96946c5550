// flamigo.js, the example's client, where it meets its surroundings: a page that
// the browser keeps for the way back, and Node's own WebSocket.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { WebSocketServer } from "ws";
import { expectPeople, open, skip } from "./chat_page.mjs";
import { Client, Server } from "./server.mjs";

const client = readFileSync(
  new URL("../../examples/chat/web/flamigo.js", import.meta.url), "utf8");

// -- in Node ------------------------------------------------------------------

/** A program with `Connection`, as Node runs it, which says one word a line. */
function run(text) {
  const child = spawn(process.execPath, ["--experimental-websocket",
    "--input-type=module", "-e", client + text],
    { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => (await lines.next()).value };
}

async function freePort() {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address();
  taken.close();
  await once(taken, "close");
  return port;
}

test("a server that is not there yet is tried again", { timeout: 30_000 },
  async () => {
    const port = await freePort();
    const { child, next } = run(`
      const c = new Connection("ws://127.0.0.1:${port}/ws");
      c.addEventListener("close", ({ detail: { code, retry } }) =>
        console.log(code, retry));
      c.addEventListener("open", () => { console.log("open"); process.exit(); });`);
    try {
      assert.equal(await next(), "1006 true");
      const late = await Server.start("flamigo-protocol-server", "--port",
        String(port));
      let said;
      do said = await next(); while (said === "1006 true");
      assert.equal(said, "open");
      assert.equal(await late.stop(), 0);
    } finally {
      child.kill();
    }
  });

test("a token that no browser could send is refused with a sentence", async () => {
  const { next } = run(`
    for (const token of ["a=", "a/b", "a b", "", "ä", "a\\n"])
      try {
        new Connection("ws://127.0.0.1:1/ws", { token });
        console.log("taken: " + token);
      } catch (error) {
        if (!/base64url without padding/.test(error.message)) throw error;
      }
    globalThis.WebSocket = class { constructor(url, protocols) {
      console.log(protocols.join()); } };
    new Connection("ws://127.0.0.1:1/ws", { token: "a.b-c_~" });`);
  assert.equal(await next(), "flamigo.v1,bearer.a.b-c_~");
});

// -- what a test says for the server ------------------------------------------

/**
 * A program with a `connection` that is open, and `say` for what it has to tell,
 * and the server's side of that connection.
 */
async function talk(text) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const { child, next } = run(`
    const connection = new Connection("ws://127.0.0.1:${server.address().port}/");
    const say = (...what) => console.log(JSON.stringify(what));
    connection.addEventListener("message", ({ detail }) => say("event", detail));
    await new Promise((open) => connection.addEventListener("open", open));
    ${text}`);
  const [socket] = await once(server, "connection");
  return {
    peer: new Client(socket),
    said: async () => JSON.parse(await next()),
    end() {
      child.kill();
      server.close();
      socket.terminate();
    },
  };
}

test("a question of the server is answered, or refused with a reason",
  async () => {
    const server = await Server.start("flamigo-protocol-server");
    const { child, next } = run(`
      const c = new Connection("${server.url}");
      c.onRequest("number", async ({ id }) => id + 1);
      c.onRequest("nothing", () => {});
      c.onRequest("never", () => new Promise(() => {}));
      c.onRequest("declined", () => {
        throw new RequestError({ message: "no", status: 409, code: "declined" });
      });
      c.onRequest("broken", () => { throw new TypeError("a secret"); });
      c.onRequest("unsayable", () => 1n);
      c.onRequest("gone", () => 1);
      c.onRequest("gone", null);
      console.error = () => {};
      await new Promise((open) => c.addEventListener("open", open));
      for (const topic of ["number", "nothing", "declined", "broken",
        "unsayable", "gone", "unknown"])
        console.log(topic, await c.request("app::test:ask",
          { topic, payload: { id: 7 } }).then(JSON.stringify,
            (e) => [e.status, e.code, e.message].join()));`);
    try {
      for (const expected of [
        "number 8",
        "nothing null",
        "declined 409,declined,no",
        "broken 500,internal,the client has failed",
        "unsayable 500,internal,the client has failed",
        'gone 404,unknown_strategy,nothing answers "gone" here',
        'unknown 404,unknown_strategy,nothing answers "unknown" here',
      ])
        assert.equal(await next(), expected);
    } finally {
      child.kill();
      assert.equal(await server.stop(), 0);
    }
  });

test("a question that is over is not answered", async () => {
  const { peer, said, end } = await talk(`
    connection.onRequest("late", ({ way }, { signal }) =>
      new Promise((answer, fail) => {
        say("asked", way);
        signal.addEventListener("abort", () => {
          say("over", way);
          if (way === "throws") fail(new Error("nobody hears it"));
          else answer("nobody hears it");
        });
      }));
    connection.onRequest("now", () => "heard");`);
  try {
    for (const way of ["answers", "throws"]) {
      peer.say({ topic: "late", payload: { way }, requestId: "1" });
      assert.deepEqual(await said(), ["asked", way]);
      peer.say({ topic: "request:ended", payload: { requestId: "1" } });
      assert.deepEqual(await said(), ["over", way]);
      peer.say({ topic: "request:ended", payload: { requestId: "unknown" } });
    }
    peer.say({ topic: "now", payload: null, requestId: "2" });
    assert.deepEqual(await peer.next(), { requestId: "2", payload: "heard" });
    peer.say({ topic: "late", payload: { way: "the end" }, requestId: "3" });
    assert.deepEqual(await said(), ["asked", "the end"]);
    peer.close();
    assert.deepEqual(await said(), ["over", "the end"]);
  } finally {
    end();
  }
});

test("an answer in parts is read part by part", async () => {
  const { peer, said, end } = await talk(`
    const rows = connection.stream("app::report:rows", { of: 7 });
    for (let row; !(row = await rows.next()).done;) say("row", row.value);
    say("request", await connection.request("app::report:rows"));
    try {
      for await (const row of connection.stream("app::report:rows"))
        say("row", row);
    } catch (error) {
      say("error", error.status, error.code);
    }
    const none = await connection.stream("app::report:rows").next();
    say("none", none);`);
  const topic = "app::report:rows";
  try {
    const { ackId, ...asked } = await peer.next();
    assert.deepEqual(asked, { topic, payload: { of: 7 } });
    for (const payload of [1, 2]) {
      peer.say({ topic, payload, ackId, more: true });
      assert.deepEqual(await said(), ["row", payload]);
    }
    // Of another request, and an event between them.
    peer.say({ topic, payload: 3, ackId: "unknown", more: true });
    peer.say({ topic: "news", payload: 4 });
    assert.deepEqual(await said(), ["event", { topic: "news", payload: 4 }]);
    peer.say({ topic, payload: 3, ackId, more: true });
    peer.say({ topic, payload: null, ackId });
    assert.deepEqual(await said(), ["row", 3]);
    // Whoever only wants the end gets that.
    const second = await peer.next();
    peer.say({ topic, payload: 1, ackId: second.ackId, more: true });
    peer.say({ topic, payload: "the end", ackId: second.ackId });
    assert.deepEqual(await said(), ["request", "the end"]);
    // What has come before an error is not lost.
    const third = await peer.next();
    peer.say({ topic, payload: 1, ackId: third.ackId, more: true });
    peer.say({ topic: "error", payload: { message: "no", status: 409,
      code: "conflict" }, ackId: third.ackId });
    assert.deepEqual(await said(), ["row", 1]);
    assert.deepEqual(await said(), ["error", 409, "conflict"]);
    peer.say({ topic, payload: 5, ackId: (await peer.next()).ackId });
    assert.deepEqual(await said(), ["none", { value: 5, done: true }]);
  } finally {
    end();
  }
});

test("whoever stops waiting has the server stop", async () => {
  const { peer, said, end } = await talk(`
    const told = (error) => say(error.name, error.message);
    for await (const row of connection.stream("app::a:b")) { say(row); break; }
    say("left");
    const stop = new AbortController();
    connection.request("app::a:b", 1, { signal: stop.signal }).catch(told);
    connection.onRequest("stop", () => stop.abort());
    await new Promise((go) => connection.onRequest("go", go));
    await connection.request("app::a:b", 2, { signal: stop.signal }).catch(told);
    await connection.request("app::a:b", 3, { timeout: 1 }).catch(told);
    const late = new AbortController();
    connection.onRequest("stop", () => late.abort(new Error("enough")));
    try {
      for await (const row of connection.stream("app::a:b", 4,
        { signal: late.signal })) say(row);
    } catch (error) {
      told(error);
    }`);
  const topic = "app::a:b";
  const cancelled = async (ackId) => {
    const { topic: what, payload, ackId: own } = await peer.next();
    assert.equal(what, "app::websocket:cancel");
    assert.deepEqual(payload, { ackId });
    // What comes back of both is no event.
    peer.say({ topic: "error", payload: { message: "cancelled", status: 499,
      code: "cancelled" }, ackId });
    peer.say({ topic: what, payload: { cancelled: true }, ackId: own });
  };
  try {
    const first = await peer.next();
    peer.say({ topic, payload: "row", ackId: first.ackId, more: true });
    peer.say({ topic, payload: "row", ackId: first.ackId, more: true });
    assert.deepEqual(await said(), ["row"]);
    await cancelled(first.ackId);
    assert.deepEqual(await said(), ["left"]);
    // By a signal: whose request does not begin after that.
    const second = await peer.next();
    peer.say({ topic: "stop", payload: null, requestId: "1" });
    await cancelled(second.ackId);
    assert.deepEqual(await peer.next(), { requestId: "1" });
    const aborted = ["AbortError", "This operation was aborted"];
    assert.deepEqual(await said(), aborted);
    peer.say({ topic: "go", payload: null, requestId: "2" });
    assert.deepEqual(await peer.next(), { requestId: "2" });
    assert.deepEqual(await said(), aborted);
    // By the time.
    const third = await peer.next();
    assert.equal(third.payload, 3);
    await cancelled(third.ackId);
    assert.deepEqual(await said(), ["Error", "no answer in time"]);
    // A stream by a signal of one's own.
    const fourth = await peer.next();
    peer.say({ topic, payload: 1, ackId: fourth.ackId, more: true });
    assert.deepEqual(await said(), [1]);
    peer.say({ topic: "stop", payload: null, requestId: "3" });
    await cancelled(fourth.ackId);
    assert.deepEqual(await said(), ["Error", "enough"]);
  } finally {
    end();
  }
});

test("the server stops what nobody waits for", async () => {
  const server = await Server.start("flamigo-protocol-server");
  const { child, next } = run(`
    const c = new Connection("${server.url}");
    c.addEventListener("message", ({ detail }) => console.log("event", detail));
    await new Promise((open) => c.addEventListener("open", open));
    const stop = new AbortController();
    const slept = c.request("app::test:sleep", null, { signal: stop.signal });
    console.log(await c.request("app::test:cancelled"));
    stop.abort(new Error("enough"));
    console.log(await slept.catch((error) => error.message));
    console.log(await c.request("app::test:cancelled"));`);
  try {
    for (const expected of ["0", "enough", "1"])
      assert.equal(await next(), expected);
  } finally {
    child.kill();
    assert.equal(await server.stop(), 0);
  }
});

test("a stream of the server is read, to its end or as far as one likes",
  async () => {
    const server = await Server.start("flamigo-protocol-server");
    const { child, next } = run(`
      const c = new Connection("${server.url}");
      await new Promise((open) => c.addEventListener("open", open));
      const read = async (topic, count, bytes, limit = Infinity) => {
        let sum = 0;
        try {
          for await (const { number } of c.stream(topic, { count, bytes }))
            if (sum++ !== number || sum === limit) break;
        } catch (error) {
          return [sum, error.code].join();
        }
        return String(sum);
      };
      for (const topic of ["app::parts:inline", "app::parts:hosted"])
        console.log(topic, await read(topic, 1000, 100), await read(topic, 3, 0),
          await read(topic, 100000, 10000, 5));
      console.log(await c.request("app::parts:inline", { count: 9, bytes: 9 }));`);
    try {
      for (const topic of ["app::parts:inline", "app::parts:hosted"])
        assert.equal(await next(), `${topic} 1000 3,conflict 5`);
      assert.equal(await next(), "null");
    } finally {
      child.kill();
      assert.equal(await server.stop(), 0);
    }
  });

test("each part of an answer has the time of an answer", async () => {
  const { peer, said, end } = await talk(`
    // A clock that stands until it is told.
    const timers = new Map();
    let id = 0;
    globalThis.setTimeout = (f, ms, ...args) => {
      timers.set(++id, () => f(...args));
      return id;
    };
    globalThis.clearTimeout = (which) => timers.delete(which);
    connection.onRequest("timers", () => [...timers.keys()]);
    connection.onRequest("ring", () => timers.forEach((ring) => ring()));
    try {
      for await (const row of connection.stream("app::a:b")) say(row);
    } catch (error) {
      say(error.message);
    }`);
  const ask = async (topic, requestId) => {
    peer.say({ topic, payload: null, requestId });
    return peer.next();
  };
  try {
    const { topic, ackId } = await peer.next();
    assert.deepEqual((await ask("timers", "1")).payload, [1]);
    peer.say({ topic, payload: "row", ackId, more: true });
    assert.deepEqual(await said(), ["row"]);
    assert.deepEqual((await ask("timers", "2")).payload, [2]);
    assert.equal((await ask("ring", "3")).topic, "app::websocket:cancel");
    assert.deepEqual(await said(), ["no answer in time"]);
    assert.deepEqual(await peer.next(), { requestId: "3" });
    assert.deepEqual((await ask("timers", "4")).payload, []);
  } finally {
    end();
  }
});

test("a stream ends with its connection, behind what has come", async () => {
  const { peer, said, end } = await talk(`
    try {
      for await (const row of connection.stream("app::a:b")) say(row);
    } catch (error) {
      say(error.message);
    }`);
  try {
    const { topic, ackId } = await peer.next();
    peer.say({ topic, payload: 1, ackId, more: true });
    peer.say({ topic, payload: 2, ackId, more: true });
    peer.close();
    assert.deepEqual(await said(), [1]);
    assert.deepEqual(await said(), [2]);
    assert.deepEqual(await said(), ["the connection was lost"]);
  } finally {
    end();
  }
});

// -- in a page ----------------------------------------------------------------

test("a page that is kept has no connection, and gets one when it is shown",
  { skip }, async () => {
    const page = await open("kept", "Ada");
    const watcher = await open("kept", "Bob");
    await expectPeople(watcher, "Ada", "Bob");
    await page.evaluate(() => { window.isTheSame = true; });
    await page.goto("about:blank");
    // Gone while it is kept, for whoever is there.
    await expectPeople(watcher, "Bob");
    // It is not loaded again.
    await page.goBack({ waitUntil: "commit" });
    assert.equal(await page.evaluate(() => window.isTheSame), true,
      "the browser has kept the page");
    await page.getByRole("status").filter({ hasText: /^connected$/ }).waitFor();
    await expectPeople(watcher, "Bob", "Ada");
    await page.close();
    await watcher.close();
  });
