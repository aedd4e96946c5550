// Authentication over real sockets, with a client that is not ours.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { Server } from "./server.mjs";

const secret = "sufficiently-long-and-quite-confidential";
process.env.AUTH_SECRET = secret;

const base64url = (what) => Buffer.from(what).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);

/** A token as an issuer makes it; null takes a claim away. */
function tokenOf(claims = {}, { alg = "HS256", key = secret } = {}) {
  const payload = { sub: "1", name: "Ada", exp: now() + 60, aud: "test", ...claims };
  for (const name in payload) if (payload[name] === null) delete payload[name];
  const text = `${base64url(JSON.stringify({ alg, typ: "JWT" }))}.`
    + base64url(JSON.stringify(payload));
  const signature = alg === "none" ? ""
    : createHmac("sha256", key).update(text).digest("base64url");
  return `${text}.${signature}`;
}

/** Every text that must not be told to anybody. */
const secrets = [secret];
const token = (...args) => {
  const result = tokenOf(...args);
  secrets.push(result, ...result.split(".").filter((part) => part.length > 20));
  return result;
};

const authenticate = (what, ackId = "auth") =>
  ({ topic: "app::websocket:auth", payload: { token: what }, ackId });
const ask = (action, payload, ackId = action) =>
  ({ topic: `app::test:${action}`, payload, ackId });
const statusOf = (message) => {
  assert.equal(message.topic, "error", JSON.stringify(message));
  return message.payload.status;
};

const servers = [];
async function start(...args) {
  const server = await Server.start("flamigo-auth-server", "--log-level",
    "trace", ...args);
  servers.push(server);
  return server;
}

const clients = [];

async function connect(server, options) {
  const client = await server.connect(options);
  clients.push(client);
  return client;
}

let server;
before(async () => {
  server = await start("--auth-cookie", "session", "--kept-headers",
    "authorization,cookie", "--expose-traces");
});

after(async () => {
  const codes = await Promise.all(servers.map((x) => x.stop()));
  assert.deepEqual(codes, servers.map(() => 0));
});

describe("a message authenticates", () => {
  test("and everything else waits for it", async () => {
    const c = await connect(server);
    assert.equal(statusOf(await c.ask(ask("me"))), 401);
    assert.equal(statusOf(await c.ask(ask("nonsense"))), 401);
    assert.equal((await c.ask(ask("open"))).payload, "open");
    const { payload: { expiresInMs, ...payload }, ...reply } =
      await c.ask(authenticate(token()));
    assert.deepEqual({ ...reply, payload },
      { topic: "app::websocket:auth", payload: { success: true }, ackId: "auth" });
    // The token says it to the second.
    assert.ok(expiresInMs > 50_000 && expiresInMs <= 60_000, String(expiresInMs));
    assert.deepEqual((await c.ask(ask("me"))).payload,
      { id: "1", name: "Ada", permissions: [] });
    assert.equal(statusOf(await c.ask(ask("moderate"))), 403);
    await c.ask(authenticate(token({ permissions: ["moderate"] })));
    assert.equal((await c.ask(ask("moderate"))).payload, null);
    assert.equal(statusOf(await c.ask(authenticate(token({ sub: "2" })))), 409);
    await c.close();
  });

  const forged = {
    "of another key": () => token({}, { key: `${secret}!` }),
    "without a signature": () => token({}, { alg: "none" }),
    "that has expired": () => token({ exp: now() - 60 }),
    "that is not yet valid": () => token({ nbf: now() + 60 }),
    "for somebody else": () => token({ aud: "other" }),
    "without an end": () => token({ exp: null }),
    "of nobody": () => token({ sub: null }),
    "cut short": () => token().slice(0, -5),
    "of nonsense": () => "nonsense",
    "that is empty": () => "",
  };
  for (const [name, make] of Object.entries(forged))
    test(`but not with a token ${name}`, async () => {
      const c = await connect(server);
      assert.equal(statusOf(await c.ask(authenticate(make()))), 401);
      assert.equal(statusOf(await c.ask(ask("me"))), 401);
      assert.equal((await c.ask(authenticate(token()))).payload.success, true);
      await c.close();
    });

  test("and a payload without a token is refused", async () => {
    const c = await connect(server);
    for (const payload of [null, {}, { token: 1 }, { token: null }, [token()]]) {
      const answer = await c.ask({ topic: "app::websocket:auth", payload, ackId: 1 });
      assert.equal(statusOf(answer), 400);
      assert.ok(answer.payload.fieldErrors.length > 0);
    }
    await c.close();
  });
});

describe("the handshake authenticates", () => {
  const ways = {
    "a header": (x) => ({ headers: { authorization: `Bearer ${x}` } }),
    "a header in small letters": (x) => ({ headers: { authorization: `bearer  ${x}` } }),
    "a cookie": (x) => ({ headers: { cookie: `a=b; session=${x}; c=d` } }),
    "a quoted cookie": (x) => ({ headers: { cookie: `session="${x}"` } }),
    "a subprotocol": (x) => ({ protocols: ["flamigo.v1", `bearer.${x}`] }),
    "a subprotocol that comes first": (x) => ({ protocols: [`bearer.${x}`, "flamigo.v1"] }),
  };
  for (const [name, options] of Object.entries(ways)) {
    test(`with ${name}`, async () => {
      const c = await connect(server, options(token()));
      assert.equal(c.ws.protocol, options("").protocols ? "flamigo.v1" : "");
      assert.equal((await c.ask(ask("me"))).payload.id, "1");
      await c.close();
    });

    test(`but not with a forged token in ${name}`, async () => {
      const c = await connect(server, options(token({}, { key: "x".repeat(40) })));
      const error = await c.next();
      assert.equal(statusOf(error), 401);
      assert.equal("ackId" in error, false);
      assert.equal(statusOf(await c.ask(ask("me"))), 401);
      await c.ask(authenticate(token()));
      assert.equal((await c.ask(ask("me"))).payload.id, "1");
      await c.close();
    });
  }

  test("and a header counts more than a cookie", async () => {
    const c = await connect(server, { headers: {
      authorization: `Bearer ${token({ sub: "header" })}`,
      cookie: `session=${token({ sub: "cookie" })}` } });
    assert.equal((await c.ask(ask("me"))).payload.id, "header");
    await c.close();
  });

  test("but not with another scheme or another cookie", async () => {
    const c = await connect(server, { headers: {
      authorization: "Basic QWRhOng=", cookie: `other=${token()}` } });
    assert.equal(statusOf(await c.ask(ask("me"))), 401);
    await c.close();
  });

  test("and the token never comes back in the response", async () => {
    const shown = token();
    const request = http.get({ port: server.port, path: "/ws", headers: {
      connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": 13,
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
      "sec-websocket-protocol": `bearer.${shown}` } });
    const [response, socket] = await once(request, "upgrade");
    assert.equal(response.statusCode, 101);
    assert.equal(response.headers["sec-websocket-protocol"], undefined);
    assert.ok(!response.rawHeaders.join().includes(shown));
    socket.destroy();
  });
});

test("requests wait for a verifier that takes its time, in order", async () => {
  const slow = await start("--verifier", "actor", "--delay", "300ms");
  const c = await connect(slow, { protocols: ["flamigo.v1", `bearer.${token()}`] });
  for (let i = 0; i < 20; ++i) c.say(ask("me", null, i));
  for (let i = 0; i < 20; ++i) {
    const message = await c.next();
    assert.equal(message.ackId, i);
    assert.equal(message.payload.id, "1");
  }
  // Authenticating by a message is waited for as well.
  const d = await connect(slow);
  d.say(authenticate("nonsense", 1));
  d.say(authenticate(token(), 2));
  d.say(ask("me", null, 3));
  const answers = [await d.next(), await d.next(), await d.next()];
  assert.deepEqual(answers.map((x) => x.ackId), [1, 2, 3]);
  assert.equal(statusOf(answers[0]), 401);
  assert.equal(answers[2].payload.id, "1");
  // Clients that go while they are verified leave nothing behind.
  for (let i = 0; i < 20; ++i)
    (await connect(slow, { headers: { authorization: `Bearer ${token()}` } }))
      .ws.terminate();
  await c.close();
  const open = async () => (await d.ask(ask("connections"))).payload;
  for (let i = 0; i < 500 && await open() > 1; ++i)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(await open(), 1);
  await d.close();
});

describe("time and numbers", () => {
  test("who does not authenticate is closed with 3502", async () => {
    const quick = await start("--auth-timeout", "300ms");
    const d = await connect(quick, { headers: { authorization: `Bearer ${token()}` } });
    const c = await connect(quick);
    const end = await c.closed;
    assert.equal(end.code, 3502);
    assert.equal((await d.ask(ask("me"))).payload.id, "1");
    await d.close();
  });

  test("who says too much before is closed with 3013", async () => {
    const c = await connect(server);
    for (let i = 0; i < 40; ++i) c.say(ask("open"));
    assert.equal((await c.closed).code, 3013);
    const d = await connect(server);
    d.say(authenticate("x".repeat(20_000)));
    assert.equal((await d.closed).code, 3013);
    const e = await connect(server);
    e.say(authenticate("x".repeat(1_000_000)));
    assert.equal((await e.closed).code, 1009);
  });

  test("a proof that expires closes with 3005, a fresh one keeps", async () => {
    const strict = await start("--auth-expiry-grace", "200ms");
    const [c, d] = [await connect(strict), await connect(strict)];
    const brief = () => token({ exp: now() + 4 });
    await d.ask(authenticate(brief()));
    await d.ask(authenticate(token()));
    await c.ask(authenticate(brief()));
    assert.equal((await c.closed).code, 3005);
    assert.equal((await d.ask(ask("me"))).payload.id, "1");
    await d.close();
  });
});

test("guests hear nothing of the bus", async () => {
  const guest = await connect(server);
  const user = await connect(server, { headers: { authorization: `Bearer ${token()}` } });
  await guest.ask(ask("open"));
  user.say(ask("news", "fresh"));
  assert.deepEqual(await user.next(), { topic: "news", payload: "fresh" });
  await user.next();
  assert.equal((await guest.ask(ask("open"))).payload, "open");
  await guest.ask(authenticate(token({ sub: "2" })));
  user.say(ask("news", "fresher"));
  assert.equal((await guest.next()).payload, "fresher");
  await guest.close();
  await user.close();
});

test("a user has connections, and is kicked from all of them", async () => {
  const as = (sub) =>
    connect(server, { headers: { authorization: `Bearer ${token({ sub })}` } });
  const [one, two, other] = [await as("a/*"), await as("a/*"), await as("b")];
  await one.ask(ask("open"));
  await two.ask(ask("open"));
  await other.ask(ask("note", { to: "a/*", text: "hi" }));
  for (const c of [one, two])
    assert.deepEqual(await c.next(), { topic: "note", payload: "hi" });
  await other.ask(ask("kick", "a/*"));
  for (const c of [one, two]) assert.equal((await c.closed).code, 3503);
  assert.equal((await other.ask(ask("me"))).payload.id, "b");
  await other.close();
});

test("a secret that is too short is refused, and not printed", () => {
  const run = spawnSync(`${process.env.FLAMIGO_BIN}/flamigo-auth-server`,
    ["--port", "0"], { env: { ...process.env, AUTH_SECRET: "pity" } });
  assert.notEqual(run.status, 0);
  assert.match(run.stderr.toString(), /32 bytes/);
  assert.ok(!run.stderr.toString().includes("pity"));
});

// Runs last: what was logged and told by all that stands above.
test("no secret was logged or told", () => {
  const log = servers.flatMap((x) => x.log).join("\n");
  assert.match(log, /is user "1"/);
  assert.match(log, /the signature does not match/);
  const told = clients.flatMap((x) => x.texts);
  assert.ok(told.length > 100);
  assert.ok(told.some((x) => x.includes('"trace":"call strategy')));
  const text = log + told.join("\n");
  for (const what of secrets)
    assert.ok(!text.includes(what), `it was told: ${what}`);
});
