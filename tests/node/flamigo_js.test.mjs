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

test("who is refused is told why, and may leave it at that", { timeout: 30_000 },
  async () => {
    const server = await Server.start("flamigo-metrics-server");
    const { child, next } = run(`
      const c = new Connection("${server.url}",
        { authenticate: async () => ({ token: "bad" }) });
      c.addEventListener("close", ({ detail: { code, reason } }) => {
        console.log(code, reason);
        c.close();
      });`);
    try {
      assert.equal(await next(), "4000 authenticate first");
      // Nothing is tried again, which would keep the process.
      assert.equal((await once(child, "close"))[0], 0);
      assert.equal(await server.stop(), 0);
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
  const accept = async () => new Client((await once(server, "connection"))[0]);
  return {
    peer: await accept(),
    said: async () => JSON.parse(await next()),
    /** Loses the connection, and resolves with the one that comes then. */
    again(lost) {
      const result = accept();
      lost.ws.terminate();
      return result;
    },
    end() {
      child.kill();
      server.close();
      for (const socket of server.clients) socket.terminate();
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
    assert.deepEqual(await said(), ["event", { topic: "news", payload: 4,
      offsets: {} }]);
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

// -- channels -----------------------------------------------------------------

/** What `talk` runs to say what it is told of channels, and not of events. */
const reader = `
  for (const event of ["subscribed", "unsubscribed", "presence", "close"])
    connection.addEventListener(event, ({ detail }) => say(event, detail));
  const failed = (error) => say("failed", error.code ?? error.message);
  // The server's side says when.
  const when = (topic, f) => connection.onRequest(topic, f);
  when("enter", (what) => void connection.subscribe(what.topic, what)
    .then(() => say("entered"), failed));
  when("leave", ({ topic }) => void connection.unsubscribe(topic)
    .then(() => say("left"), failed));
  when("people", ({ topic }) => connection.people(topic));`;
const room = "rooms/a";
const subscribe = "app::websocket:subscribe";

/** Has the program do something, and resolves with what it answers. */
async function tell(peer, topic, payload) {
  peer.say({ topic, payload, requestId: "1" });
  return (await peer.next()).payload;
}

/** Has the program subscribe, and resolves with what it asks for. */
async function enter(peer, payload) {
  peer.say({ topic: "enter", payload, requestId: "1" });
  const asked = await peer.next();
  assert.deepEqual(await peer.next(), { requestId: "1" });
  return asked;
}

function reply(peer, { topic, ackId }, payload) {
  peer.say({ topic, payload, ackId });
}

function refuse(peer, { ackId }, status, code) {
  peer.say({ topic: "error", payload: { message: code, status, code }, ackId });
}

function publish(peer, offset, topic = room) {
  peer.say({ topic: "news", payload: offset, offsets: { [topic]: offset } });
}

function news(offset, topic = room) {
  return ["event", { topic: "news", payload: offset,
    offsets: { [topic]: offset } }];
}

test("a connection that comes back is where it was", async () => {
  const { peer, said, again, end } = await talk(reader);
  try {
    const first = await enter(peer, { topic: room, input: { seat: 4 } });
    assert.deepEqual(first.payload, { topic: room, input: { seat: 4 } });
    // In one go, as a busy server sends it.
    peer.ws._socket.cork();
    reply(peer, first, { topic: room, epoch: "e1", offset: 7, result: 1 });
    publish(peer, 8);
    publish(peer, 9, "rooms/unknown");
    peer.ws._socket.uncork();
    assert.deepEqual(await said(), ["subscribed", { topic: room, result: 1,
      offset: 7 }]);
    assert.deepEqual(await said(), news(8));
    assert.deepEqual(await said(), news(9, "rooms/unknown"));
    assert.deepEqual(await said(), ["entered"]);
    const second = await again(peer);
    assert.equal((await said())[0], "close");
    const back = await second.next();
    assert.deepEqual(back.payload, { topic: room, input: { seat: 4 },
      since: { epoch: "e1", offset: 8 } });
    reply(second, back, { topic: room, epoch: "e1", offset: 10,
      recovered: true });
    publish(second, 9);
    assert.deepEqual(await said(), ["subscribed", { topic: room, offset: 10,
      recovered: true, missed: 2 }]);
    assert.deepEqual(await said(), news(9));
    // Before all of it has come.
    const third = await again(second);
    assert.equal((await said())[0], "close");
    const later = await third.next();
    assert.deepEqual(later.payload.since, { epoch: "e1", offset: 9 });
    reply(third, later, { topic: room, epoch: "e2", offset: 3,
      recovered: false });
    assert.deepEqual(await said(), ["subscribed", { topic: room, offset: 3,
      recovered: false }]);
    const fourth = await again(third);
    assert.deepEqual((await fourth.next()).payload.since,
      { epoch: "e2", offset: 3 });
  } finally {
    end();
  }
});

test("a connection that is open comes back to its channels first", async () => {
  const { peer, said, again, end } = await talk(`${reader}
    connection.addEventListener("open", () => say("open"));`);
  try {
    reply(peer, await enter(peer, { topic: room }), { topic: room });
    assert.equal((await said())[0], "subscribed");
    assert.deepEqual(await said(), ["entered"]);
    let next = await again(peer);
    assert.equal((await said())[0], "close");
    // What may pass is tried again.
    refuse(next, await next.next(), 503, "unavailable");
    const closed = await said();
    assert.deepEqual([closed[0], closed[1].code], ["close", 4000]);
    next = await again(next);
    reply(next, await next.next(), { topic: room });
    assert.equal((await said())[0], "subscribed");
    assert.deepEqual(await said(), ["open"]);
    next = await again(next);
    assert.equal((await said())[0], "close");
    refuse(next, await next.next(), 403, "forbidden");
    assert.deepEqual(await said(), ["unsubscribed", { topic: room,
      code: "forbidden" }]);
    assert.deepEqual(await said(), ["open"]);
    // That was its end.
    next = await again(next);
    assert.equal((await said())[0], "close");
    assert.deepEqual(await said(), ["open"]);
    assert.deepEqual(await tell(next, "people", { topic: room }), []);
  } finally {
    end();
  }
});

test("a hundred channels come back a few at a time", async () => {
  const { peer, again, end } = await talk(reader);
  const topics = Array.from({ length: 100 }, (_, i) => `rooms/${i}`);
  try {
    for (const topic of topics)
      reply(peer, await enter(peer, { topic }), { topic });
    const next = await again(peer);
    const back = [];
    // The server says nothing yet.
    for (let i = 0; i < 16; ++i) back.push(await next.next());
    assert.deepEqual(next.heard, []);
    while (back.length < 100) {
      const asked = back[back.length - 16];
      reply(next, asked, { topic: asked.payload.topic });
      back.push(await next.next());
    }
    assert.deepEqual(back.map(({ payload }) => payload.topic), topics);
  } finally {
    end();
  }
});

test("whoever unsubscribes does not come back", async () => {
  const { peer, said, again, end } = await talk(reader);
  try {
    // It was answered already when the client changed its mind.
    const first = await enter(peer, { topic: room });
    peer.say({ topic: "leave", payload: { topic: room }, requestId: "2" });
    const leaving = await peer.next();
    assert.deepEqual(leaving.payload, { topic: room });
    assert.deepEqual(await peer.next(), { requestId: "2" });
    reply(peer, first, { topic: room, epoch: "e1", offset: 1 });
    assert.equal((await said())[0], "subscribed");
    assert.deepEqual(await said(), ["entered"]);
    reply(peer, leaving, null);
    assert.deepEqual(await said(), ["left"]);
    // The server's word ends it as well.
    reply(peer, await enter(peer, { topic: room }), { topic: room });
    assert.equal((await said())[0], "subscribed");
    assert.deepEqual(await said(), ["entered"]);
    const payload = { topic: room, code: "forbidden" };
    peer.say({ topic: "unsubscribed", payload });
    assert.deepEqual(await said(), ["unsubscribed", payload]);
    // One that was refused was none.
    refuse(peer, await enter(peer, { topic: room }), 403, "forbidden");
    assert.deepEqual(await said(), ["failed", "forbidden"]);
    const next = await again(peer);
    assert.equal((await said())[0], "close");
    assert.deepEqual(await tell(next, "people", { topic: room }), []);
    assert.deepEqual(next.heard, []);
  } finally {
    end();
  }
});

test("whoever unsubscribes in the middle of it does not come back",
  async () => {
    const { peer, said, again, end } = await talk(`${reader}
      connection.addEventListener("open", () => say("open"));`);
    const topics = Array.from({ length: 18 }, (_, i) => `rooms/${i}`);
    try {
      for (const topic of topics) {
        reply(peer, await enter(peer, { topic }), { topic });
        assert.equal((await said())[0], "subscribed");
        assert.deepEqual(await said(), ["entered"]);
      }
      const next = await again(peer);
      assert.equal((await said())[0], "close");
      const back = [];
      for (let i = 0; i < 16; ++i) back.push(await next.next());
      // Two stand in line.
      next.say({ topic: "leave", payload: { topic: topics[16] },
        requestId: "2" });
      const leaving = await next.next();
      assert.deepEqual(await next.next(), { requestId: "2" });
      reply(next, leaving, null);
      assert.deepEqual(await said(), ["left"]);
      for (const asked of back) {
        reply(next, asked, { topic: asked.payload.topic });
        assert.equal((await said())[0], "subscribed");
      }
      const last = await next.next();
      assert.equal(last.payload.topic, topics[17]);
      reply(next, last, { topic: topics[17] });
      assert.equal((await said())[0], "subscribed");
      assert.deepEqual(await said(), ["open"]);
      assert.deepEqual(next.heard, []);
    } finally {
      end();
    }
  });

test("what is too much at once comes back alone, or not", async () => {
  const { peer, said, again, end } = await talk(`${reader}
    connection.addEventListener("open", () => say("open"));`);
  const topics = ["rooms/a", "rooms/b", "rooms/c"];
  try {
    for (const topic of topics) {
      reply(peer, await enter(peer, { topic }), { topic });
      assert.equal((await said())[0], "subscribed");
      assert.deepEqual(await said(), ["entered"]);
    }
    const next = await again(peer);
    assert.equal((await said())[0], "close");
    const back = [];
    for (const _ of topics) back.push(await next.next());
    reply(next, back[0], { topic: topics[0] });
    assert.equal((await said())[0], "subscribed");
    for (const asked of back.slice(1))
      refuse(next, asked, 429, "too_many_requests");
    const second = await next.next();
    assert.equal(second.payload.topic, topics[1]);
    assert.deepEqual(next.heard, []);
    reply(next, second, { topic: topics[1] });
    assert.equal((await said())[0], "subscribed");
    const third = await next.next();
    assert.equal(third.payload.topic, topics[2]);
    refuse(next, third, 429, "too_many_requests");
    assert.deepEqual(await said(), ["unsubscribed", { topic: topics[2],
      code: "too_many_requests" }]);
    assert.deepEqual(await said(), ["open"]);
  } finally {
    end();
  }
});

test("what is refused changes nothing of what is there", async () => {
  const { peer, said, again, end } = await talk(reader);
  try {
    // The program's, of which the client wants more than it may have.
    peer.say({ topic: "subscribed", payload: { topic: room, epoch: "e1",
      offset: 3 } });
    assert.equal((await said())[0], "subscribed");
    refuse(peer, await enter(peer, { topic: room }), 403, "forbidden");
    assert.deepEqual(await said(), ["failed", "forbidden"]);
    const own = { topic: "rooms/b", input: 1 };
    reply(peer, await enter(peer, own), { topic: "rooms/b" });
    assert.equal((await said())[0], "subscribed");
    assert.deepEqual(await said(), ["entered"]);
    refuse(peer, await enter(peer, { topic: "rooms/b", presence: true }), 429,
      "too_many_requests");
    assert.deepEqual(await said(), ["failed", "too_many_requests"]);
    const next = await again(peer);
    assert.deepEqual((await next.next()).payload, own);
    assert.deepEqual(await tell(next, "people", { topic: room }), []);
    assert.deepEqual(next.heard, []);
  } finally {
    end();
  }
});

test("who is there is the list with all its changes", async () => {
  const { peer, said, again, end } = await talk(reader);
  const person = (key, mood) => ({ key, state: { mood } });
  const change = (joined, left) => peer.say({ topic: "presence",
    payload: { topic: room, joined, left: left.map((key) => ({ key })) } });
  const seen = (...people) => ["presence", { topic: room, people }];
  try {
    const asked = await enter(peer, { topic: room, presence: true });
    assert.equal(asked.payload.presence, true);
    const [ada, bob] = [person("u:1", "well"), person("u:2", "ill")];
    peer.ws._socket.cork();
    reply(peer, asked, { topic: room, presence: [ada] });
    change([bob], []);
    peer.ws._socket.uncork();
    assert.equal((await said())[0], "subscribed");
    assert.deepEqual(await said(), seen(ada));
    assert.deepEqual(await said(), seen(ada, bob));
    assert.deepEqual(await said(), ["entered"]);
    const better = person("u:2", "better");
    const cid = person("c:3", "well");
    change([better, cid], ["u:1", "unknown"]);
    assert.deepEqual(await said(), seen(better, cid));
    assert.deepEqual(await tell(peer, "people", { topic: room }),
      [better, cid]);
    // Of a channel that was left just now.
    peer.say({ topic: "presence", payload: { topic: "rooms/b", joined: [ada],
      left: [] } });
    const next = await again(peer);
    assert.equal((await said())[0], "close");
    const back = await next.next();
    assert.deepEqual(back.payload, { topic: room, presence: true });
    assert.deepEqual(await tell(next, "people", { topic: room }), []);
    reply(next, back, { topic: room, presence: [cid] });
    assert.equal((await said())[0], "subscribed");
    assert.deepEqual(await said(), seen(cid));
  } finally {
    end();
  }
});

test("what the program has subscribed is brought back, too", async () => {
  const { peer, said, again, end } = await talk(reader);
  const placed = (peer, payload) =>
    peer.say({ topic: "subscribed", payload: { topic: room, ...payload } });
  const told = (detail) => ["subscribed", { topic: room, ...detail }];
  try {
    placed(peer, { epoch: "e1", offset: 3 });
    assert.deepEqual(await said(), told({ offset: 3 }));
    publish(peer, 4);
    assert.deepEqual(await said(), news(4));
    let next = await again(peer);
    assert.equal((await said())[0], "close");
    // It asks for nothing before it is there.
    assert.deepEqual(await tell(next, "people", { topic: room }), []);
    placed(next, { epoch: "e1", offset: 4 });
    assert.deepEqual(await said(), told({ offset: 4, recovered: true,
      missed: 0 }));
    next = await again(next);
    assert.equal((await said())[0], "close");
    placed(next, { epoch: "e1", offset: 6 });
    publish(next, 7);
    assert.deepEqual(await said(), news(7));
    const asked = await next.next();
    assert.deepEqual(asked.payload, { topic: room,
      since: { epoch: "e1", offset: 4 } });
    reply(next, asked, { topic: room, epoch: "e1", offset: 7,
      recovered: true });
    assert.deepEqual(await said(), told({ offset: 6, recovered: true,
      missed: 2 }));
    publish(next, 5);
    assert.deepEqual(await said(), news(5));
    // Lost with a gap, of which the end had come.
    next = await again(next);
    assert.equal((await said())[0], "close");
    placed(next, { epoch: "e1", offset: 7 });
    const rest = await next.next();
    assert.deepEqual(rest.payload.since, { epoch: "e1", offset: 5 });
    reply(next, rest, { topic: room, epoch: "e1", offset: 7, recovered: true });
    assert.deepEqual(await said(), told({ offset: 7, recovered: true,
      missed: 2 }));
    for (const offset of [6, 7, 8]) {
      publish(next, offset);
      assert.deepEqual(await said(), news(offset));
    }
    // The client itself may not.
    next = await again(next);
    assert.equal((await said())[0], "close");
    placed(next, { epoch: "e1", offset: 9 });
    publish(next, 10);
    assert.deepEqual(await said(), news(10));
    refuse(next, await next.next(), 403, "forbidden");
    assert.deepEqual(await said(), told({ offset: 10, recovered: false }));
    // Another beginning.
    placed(next, { epoch: "e2", offset: 0, recovered: false });
    assert.deepEqual(await said(), told({ offset: 0, recovered: false }));
    next = await again(next);
    assert.equal((await said())[0], "close");
    placed(next, { epoch: "e3", offset: 5 });
    assert.deepEqual(await said(), told({ offset: 5, recovered: false }));
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
