// The protocol over real sockets, with a client that is not ours.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { after, before, describe, test } from "node:test";
import WebSocket from "ws";
import { Server } from "./server.mjs";

let server;
before(async () => {
  server = await Server.start("flamigo-protocol-server", "--log-level", "info");
});
after(() => server.stop());

/** Opens a client for one test. */
async function withClient(body, options) {
  const client = await server.connect(options);
  try {
    await body(client);
  } finally {
    client.ws.terminate();
  }
}

const errorOf = (message) => {
  assert.equal(message.topic, "error");
  assert.equal(typeof message.payload.message, "string");
  assert.equal(message.payload.trace, undefined);
  return [message.payload.status, message.payload.code];
};

describe("replies", () => {
  test("the ackId comes back as it was sent", () => withClient(async (c) => {
    for (const ack of ['"1"', '"\\u0041\\n"', "0", "-7",
      "123456789012345678901234567890"]) {
      const raw = new Promise((resolve) =>
        c.ws.once("message", (data) => resolve(data.toString())));
      c.say(`{"ackId":${ack},"topic":"app::test:echo","payload":[1]}`);
      assert.equal(await raw,
        `{"topic":"app::test:echo","payload":[1],"ackId":${ack}}`);
      await c.next();
    }
  }));

  test("nothing is a null payload", () => withClient(async (c) => {
    assert.deepEqual(await c.ask({ topic: "app::test:nothing", ackId: 1 }),
      { topic: "app::test:nothing", payload: null, ackId: 1 });
  }));

  test("without an ackId a result is not sent, an error is", () =>
    withClient(async (c) => {
      c.say({ topic: "app::test:echo", payload: 1 });
      c.say({ topic: "app::test:conflict" });
      const message = await c.next();
      assert.deepEqual(errorOf(message), [409, "conflict"]);
      assert.equal("ackId" in message, false);
    }));

  for (const topic of ["app::parts:inline", "app::parts:hosted"]) {
    test(`${topic} answers in parts, and once behind them`, () =>
      withClient(async (c) => {
        c.say({ topic, payload: { count: 100, bytes: 9 }, ackId: "7" });
        for (let number = 0; number < 100; ++number)
          assert.deepEqual(await c.next(), { topic,
            payload: { number, text: "x".repeat(9) }, ackId: "7", more: true });
        assert.deepEqual(await c.next(), { topic, payload: null, ackId: "7" });
        c.say({ topic, payload: { count: 1, bytes: 0 }, ackId: 8 });
        assert.equal((await c.next()).more, true);
        const end = await c.next();
        assert.deepEqual(errorOf(end), [409, "conflict"]);
        assert.deepEqual([end.ackId, end.more], [8, undefined]);
        // Without an ackId there are no parts.
        c.say({ topic, payload: { count: 9, bytes: 9 } });
        const next = await c.ask({ topic: "app::test:nothing", ackId: 9 });
        assert.equal(next.ackId, 9);
      }));

    test(`${topic} waits for a client that does not read`, () =>
      withClient(async (c) => {
        c.ws.pause();
        c.say({ topic, payload: { count: 1000, bytes: 20_000 }, ackId: 1 });
        const others = await server.connect();
        for (let i = 0; i < 20; ++i)
          await others.ask({ topic: "app::test:nothing", ackId: i });
        others.close();
        c.ws.resume();
        for (let number = 0; number < 1000; ++number)
          assert.equal((await c.next()).payload.number, number);
        assert.equal((await c.next()).payload, null);
      }));
  }

  test("events that a strategy sends come before its reply", () =>
    withClient(async (c) => {
      c.say({ topic: "app::test:event_then_reply", ackId: 1 });
      assert.deepEqual(await c.next(), { topic: "test:event", payload: 1 });
      assert.equal((await c.next()).payload, 2);
    }));

  test("a late answer does not hold back others", () => withClient(async (c) => {
    c.say({ topic: "app::parked:wait", ackId: "slow" });
    c.say({ topic: "app::parked:release", ackId: "go" });
    const acks = [(await c.next()).ackId, (await c.next()).ackId];
    assert.deepEqual(acks.sort(), ["go", "slow"]);
  }));
});

describe("errors", () => {
  const malformed = [
    "", "{", "null", "[]", "7", '"text"', "{}", '{"topic":7}', '{"topic":""}',
    `{"topic":"${"x".repeat(257)}"}`, '{"topic":"a","topic":"a"}',
    '{"topic":"a","x":1,"x":2}', '{"topic":"a","ackId":true}',
    '{"topic":"a","ackId":""}', '{"topic":"a","ackId":1.5}',
    `{"topic":"a","ackId":"${"y".repeat(129)}"}`,
    '{"topic":"a","payload":"\\ud800"}', '{"topic":"a","payload":"\\udc00"}',
    `{"topic":"a","payload":${"[".repeat(129)}${"]".repeat(129)}}`,
    '{"topic":"a"} x',
  ];
  for (const frame of malformed)
    test(`400 malformed: ${frame.slice(0, 40)}`, () => withClient(async (c) => {
      assert.deepEqual(errorOf(await c.ask(frame)), [400, "malformed"]);
      const next = await c.ask({ topic: "app::test:nothing", ackId: 1 });
      assert.equal(next.ackId, 1);
    }));

  test("a malformed request with a good ackId is answered with it", () =>
    withClient(async (c) => {
      assert.equal((await c.ask('{"ackId":"k","topic":3}')).ackId, "k");
    }));

  test("400 invalid_payload names every field", () => withClient(async (c) => {
    const answer = await c.ask({
      topic: "app::test:order",
      payload: { items: [{ name: "a", price: 1 }, { price: "x" }], count: 256 },
      ackId: 1,
    });
    assert.deepEqual(errorOf(answer), [400, "invalid_payload"]);
    assert.deepEqual(answer.payload.fieldErrors.map((x) => x.field).sort(),
      ["count", "items[1].name", "items[1].price"]);
  }));

  const rows = [
    ["app::test:backend_only", 403, "forbidden"],
    ["app::test:nope", 404, "unknown_strategy"],
    ["app::test:conflict", 409, "conflict"],
    ["app::test:throw", 500, "internal"],
    ["app::test:custom", 418, "closed"],
  ];
  for (const [topic, status, code] of rows)
    test(`${status} ${code}`, () => withClient(async (c) => {
      const answer = await c.ask({ topic, ackId: "1" });
      assert.deepEqual(errorOf(answer), [status, code]);
      assert.equal(answer.ackId, "1");
      assert.equal(JSON.stringify(answer).includes("secret"), false);
    }));

  test("429 too_many_requests beyond 64 in flight", () =>
    withClient(async (c) => {
      for (let i = 0; i < 64; ++i)
        c.say({ topic: "app::parked:wait", ackId: i });
      const answer = await c.ask({ topic: "app::parked:wait", ackId: "more" });
      assert.deepEqual(errorOf(answer), [429, "too_many_requests"]);
      assert.equal(answer.ackId, "more");
      await withClient((other) =>
        other.ask({ topic: "app::parked:release", ackId: 1 }));
      const acks = new Set();
      for (let i = 0; i < 64; ++i) acks.add((await c.next()).ackId);
      assert.equal(acks.size, 64);
    }));

  test("503 unavailable when the domain actor is gone", () =>
    withClient(async (c) => {
      const ping = { topic: "app::fragile:ping", ackId: 1 };
      assert.equal((await c.ask(ping)).payload, "pong");
      await c.ask({ topic: "app::fragile:crash", ackId: 2 });
      assert.deepEqual(errorOf(await c.ask(ping)), [503, "unavailable"]);
    }));
});

describe("closing", () => {
  test("1003 for a binary message", () => withClient(async (c) => {
    c.ws.send(Buffer.from([1, 2, 3]));
    assert.equal((await c.closed).code, 1003);
  }));

  test("1009 with the limit in its reason", () => withClient(async (c) => {
    c.say("x".repeat(65537));
    const { code, reason } = await c.closed;
    assert.equal(code, 1009);
    assert.match(reason, /65536/);
  }));

  test("a message of just the limit passes", () => withClient(async (c) => {
    const frame = (text) =>
      JSON.stringify({ topic: "app::test:echo", payload: text, ackId: 1 });
    const text = "x".repeat(65536 - frame("").length);
    assert.equal((await c.ask(frame(text))).payload, text);
  }));

  test("3501 after five malformed messages", () => withClient(async (c) => {
    for (let i = 0; i < 5; ++i) c.say("?");
    assert.equal((await c.closed).code, 3501);
  }));

  test("the application's own code", () => withClient(async (c) => {
    c.say({ topic: "app::test:close", payload: "so long" });
    assert.deepEqual(await c.closed, { code: 4001, reason: "so long" });
  }));

  test("3503 when the server disconnects a client", () =>
    withClient(async (c) => {
      c.say({ topic: "app::test:kick" });
      assert.deepEqual(await c.closed,
        { code: 3503, reason: "you were disconnected" });
    }));

  test("the client's close is answered", () => withClient(async (c) => {
    c.ws.close(1001, "bye");
    assert.equal((await c.closed).code, 1001);
  }));
});

describe("the handshake", () => {
  test("flamigo.v1 is selected when it is offered", () =>
    withClient(async (c) => assert.equal(c.ws.protocol, "flamigo.v1"),
      { protocols: ["other", "flamigo.v1"] }));

  const refused = (url, options = {}) => new Promise((resolve) => {
    const ws = new WebSocket(url, [], options);
    ws.on("unexpected-response", (_, response) => {
      resolve(response.statusCode);
      ws.terminate();
    });
    ws.on("open", () => resolve("open"));
    ws.on("error", () => {});
  });

  test("the same origin may connect, another may not", async () => {
    const origin = `http://127.0.0.1:${server.port}`;
    await withClient(async () => {}, { origin });
    assert.equal(await refused(server.url, { origin: "http://evil.example" }),
      403);
  });

  const get = (path, headers = {}) => new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port: server.port, path, headers }, (res) => {
      let body = "";
      res.on("data", (part) => (body += part));
      res.on("end", () => resolve({ status: res.statusCode, body }));
    }).on("error", reject);
  });

  test("a response that would split is 500, and the log says which", async () => {
    const { status, body } = await get("/split");
    assert.deepEqual([status, body], [500, "internal error\n"]);
    const line = await server.logged("/split");
    assert.match(line, /error the handler of \/split .*the header "X-Name"/);
    assert.doesNotMatch(line, /secret/);
  });

  test("HTTP on the same port", async () => {
    assert.deepEqual(await get("/"), { status: 200, body: "hello" });
    assert.equal((await get("/nope")).status, 404);
    assert.equal((await get("/ws")).status, 426);
    assert.equal((await get("/", { big: "x".repeat(9000) })).status, 431);
  });
});

describe("nothing is left behind", () => {
  const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length;
  const connections = async (c) =>
    (await c.ask({ topic: "app::test:connections", ackId: "n" })).payload;

  /** Waits until the condition holds; fails after ten seconds. */
  async function eventually(condition, what) {
    for (let i = 0; i < 200; ++i) {
      if (await condition()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(what);
  }

  test("clients that are killed under load", () => withClient(async (c) => {
    await eventually(async () => (await connections(c)) === 1, "a clean start");
    const before = descriptors();
    for (let round = 0; round < 5; ++round) {
      const clients = await Promise.all(
        Array.from({ length: 100 }, () => server.connect()));
      for (const client of clients)
        for (let i = 0; i < 20; ++i)
          client.say({ topic: i % 2 ? "app::test:echo" : "app::parked:wait",
            payload: "x".repeat(1000), ackId: i });
      for (const client of clients)
        // A reset now and then, instead of a FIN.
        if (Math.random() < 0.5) client.ws._socket.resetAndDestroy();
        else client.ws.terminate();
    }
    await eventually(async () => (await connections(c)) === 1,
      "the roster still counts connections");
    await eventually(() => descriptors() === before,
      `descriptors: ${before} before, ${descriptors()} now`);
  }));

  test("100,000 pipelined requests, 1,000 connections meanwhile", {
    timeout: 120_000,
  }, () => withClient(async (c) => {
    const total = 100_000;
    const seen = new Uint8Array(total);
    let answered = 0;
    const done = new Promise((resolve, reject) => {
      c.ws.on("message", (data) => {
        const { topic, ackId } = JSON.parse(data.toString());
        if (topic !== "app::test:echo") reject(new Error(`got ${data}`));
        if (seen[ackId]++) reject(new Error(`${ackId} was answered twice`));
        if (++answered === total) resolve();
      });
    });
    const churn = (async () => {
      for (let i = 0; i < 50; ++i)
        await Promise.all(Array.from({ length: 20 }, async () => {
          const other = await server.connect();
          await other.ask({ topic: "app::test:nothing", ackId: 1 });
          if (Math.random() < 0.5) other.ws.terminate();
          else await other.close();
        }));
    })();
    for (let i = 0; i < total; ++i) {
      c.say(`{"topic":"app::test:echo","payload":${i},"ackId":${i}}`);
      // The client must read as well, or the server takes it for a slow one.
      if (i % 1000 === 999)
        while (i - answered > 5000)
          await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([done, churn]);
    assert.equal(answered, total);
  }));
});

test("a strategy that does not answer in time: 504", async () => {
  const other = await Server.start("flamigo-protocol-server",
    "--request-timeout", "200ms");
  const client = await other.connect();
  const answer = await client.ask({ topic: "app::parked:wait", ackId: "slow" });
  assert.deepEqual(errorOf(answer), [504, "timeout"]);
  assert.equal(answer.ackId, "slow");
  // The connection stays, and the late result is dropped.
  client.say({ topic: "app::parked:release" });
  const next = await client.ask({ topic: "app::test:nothing", ackId: 1 });
  assert.equal(next.ackId, 1);
  await client.close();
  assert.equal(await other.stop(), 0);
});

test("too many requests, again and again: 429, then 3013", async () => {
  const other = await Server.start("flamigo-protocol-server",
    "--max-in-flight", "1", "--max-refused", "3");
  const client = await other.connect();
  for (let i = 0; i < 5; ++i) client.say({ topic: "app::parked:wait", ackId: i });
  for (let i = 1; i < 4; ++i) {
    const answer = await client.next();
    assert.deepEqual(errorOf(answer), [429, "too_many_requests"]);
    assert.equal(answer.ackId, i);
  }
  assert.equal((await client.closed).code, 3013);
  assert.equal(await other.stop(), 0);
});

test("a half-open peer does not answer pings: 3012", async () => {
  const other = await Server.start("flamigo-protocol-server",
    "--log-level", "info", "--ping-interval", "200ms", "--pong-timeout",
    "200ms", "--close-timeout", "500ms");
  const socket = net.connect(other.port, "127.0.0.1");
  socket.write("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
  let bytes = Buffer.alloc(0);
  socket.on("data", (data) => (bytes = Buffer.concat([bytes, data])));
  await new Promise((resolve) => socket.on("close", resolve));
  // The close frame: 0x88, its length, 3012.
  assert.ok(bytes.includes(Buffer.from([0x0b, 0xc4])));
  assert.equal(await other.stop(), 0);
  assert.ok(other.log.some((line) => line.includes("3012")));
});

test("SIGTERM drains: 503 for new requests, then 3001, exit 0", async () => {
  const other = await Server.start("flamigo-protocol-server",
    "--request-timeout", "2s");
  const [busy, idle] = [await other.connect(), await other.connect()];
  busy.say({ topic: "app::parked:wait", ackId: "slow" });
  await busy.ask({ topic: "app::test:nothing", ackId: 1 });
  other.child.kill("SIGTERM");
  assert.equal((await idle.closed).code, 3001);
  const refused = await busy.ask({ topic: "app::test:nothing", ackId: 2 });
  assert.deepEqual(errorOf(refused), [503, "unavailable"]);
  // What is in flight is waited for; here it runs into its deadline.
  assert.deepEqual(errorOf(await busy.next()), [504, "timeout"]);
  assert.equal((await busy.closed).code, 3001);
  const [code] = await other.exited;
  assert.equal(code, 0);
});
