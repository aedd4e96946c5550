// The realtime bus over real sockets: every client gets exactly what it must.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Events, Player } from "./bus_player.mjs";
import { close, fin, frame, RawClient, text } from "./raw_client.mjs";
import { Server } from "./server.mjs";

const name = "flamigo-bus-server";
/** Publishes of the stress test; its number of deliveries is about ten times
 * as large. */
const publishes = Number(process.env.FLAMIGO_STRESS ?? 5_000);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const descriptors = (server) => readdirSync(`/proc/${server.pid}/fd`).length;

async function payload(client, topic, input = null) {
  const answer = await client.ask({ topic, payload: input, ackId: topic });
  assert.equal(answer.topic, topic, JSON.stringify(answer));
  return answer.payload;
}

/** Waits until a condition holds; fails after twenty seconds. */
async function eventually(what, condition) {
  for (let i = 0; i < 400; ++i) {
    if (await condition()) return;
    await sleep(50);
  }
  assert.fail(`not within 20 s: ${what}`);
}

/** A server for one test, which leaves nothing behind. */
async function withServer(args, body) {
  const server = await Server.start(name, ...args);
  try {
    const control = await server.connect();
    const state = async () => [
      await payload(control, "app::state:connections"),
      await payload(control, "app::state:bus"), descriptors(server)];
    await eventually("a clean start", async () => (await state())[0] === 1);
    const clean = await state();
    await body(server, control);
    await eventually(`connections, bus, descriptors are ${clean} again`,
      async () => String(await state()) === String(clean));
    control.ws.terminate();
    assert.equal(await server.stop(), 0);
  } finally {
    server.child.kill("SIGKILL");
  }
}

/** Random numbers that can be had again: FLAMIGO_SEED. */
function randomness(t) {
  let state = Number(process.env.FLAMIGO_SEED ?? Date.now() % 1e9) >>> 0;
  t.diagnostic(`FLAMIGO_SEED=${state}`);
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Does `step` many times, some at once: what one connection has in flight. */
const pipelined = (times, step, width = 32) => {
  let left = times;
  return Promise.all(Array.from({ length: width }, async () => {
    while (left-- > 0) await step();
  }));
};

const slack = ["--max-backlog-bytes", "100000000", "--backlog-timeout", "60s",
  "--ping-interval", "300s"];

// -- stress -------------------------------------------------------------------

/** Random clients come, go, subscribe and leave while others publish. */
async function stress(t, kind, threads, options) {
  const { clients, publishers, rooms, times } = options;
  const random = randomness(t);
  const one = (list) => list[random(list.length)];
  const ways = ["close", "reset", "terminate"];
  const room = () => `rooms/${random(rooms)}`;
  const pattern = () => random(50) > 0 ? one([room, room, () => `${room()}/*`,
    () => `*/${random(rooms)}`])() : one(["rooms/*", "rooms", "*", "rooms/*/door"]);
  const where = () => one([() => [room()], () => [`${room()}/door`],
    () => [room(), room()], () => [`${room()}/door`, "elsewhere"]])();

  await withServer(["--threads", String(threads), ...slack], async (server) => {
    const events = new Events();
    const open = () => Player.open(server, kind);
    const speakers = await Promise.all(Array.from({ length: publishers }, open));
    const players = await Promise.all(Array.from({ length: clients }, open));
    const all = [...speakers, ...players];
    const opening = [];
    const replace = (i) => {
      players[i].leave(one(ways));
      players[i] = undefined;
      opening.push(open().then((x) => all.push((players[i] = x))));
    };
    const churn = () => {
      const i = random(players.length);
      const who = players[i];
      if (who === undefined || who.waiting.size > 8) return;
      if (random(50) === 0) return replace(i);
      const wide = [...who.wanted].find((x) => !/\d/.test(x));
      if (wide || who.wanted.size > random(6))
        who.unsubscribe(wide ?? one([...who.wanted]));
      else who.subscribe(pattern());
    };
    await Promise.all(speakers.map((x) =>
      pipelined(times / publishers, async () => {
        churn();
        await x.publish(events, where());
      })));
    await Promise.all(opening);
    const present = [...speakers, ...players];
    await Promise.all(present.map((x) => x.ask("now")));
    for (const x of present) x.leave(one(ways));
    await Promise.all(all.map((x) => x.closed));
    for (const x of all) x.check(events);
    const sum = all.reduce((n, x) => n + x.heard.length, 0);
    t.diagnostic(`${sum} deliveries to ${all.length} clients`);
    assert.ok(sum >= times);
  });
}

describe("everyone gets exactly the events between joining and leaving", () => {
  test("a domain actor subscribes, two threads", { timeout: 200_000 }, (t) =>
    stress(t, "arena", 2,
      { clients: 500, publishers: 4, rooms: 100, times: publishes }));

  test("inline, one thread", { timeout: 100_000 }, (t) =>
    stress(t, "inline", 1,
      { clients: 100, publishers: 1, rooms: 10, times: publishes / 2 }));
});

test("inline, two threads: each publisher in order, without a gap", {
  timeout: 100_000,
}, (t) => withServer(["--threads", "2", ...slack], async (server) => {
  const random = randomness(t);
  const sent = [0, 0, 0, 0];
  let speaking = sent.length;
  const speakers = sent.map(async (_, i) => {
    const c = await server.connect();
    while (sent[i] < publishes / 8) {
      const n = ++sent[i];
      await payload(c, "app::inline:publish",
        { where: ["rooms/a"], from: String(i), n, filler: "" });
    }
    --speaking;
    await c.close();
  });
  const listener = async () => {
    const c = await server.connect();
    const until = async (topic, onNote) => {
      c.say({ topic, payload: "rooms/*", ackId: topic });
      for (;;) {
        const got = await c.next();
        if (got.ackId === topic) return;
        assert.equal(got.topic, "note");
        onNote(got.payload);
      }
    };
    let windows = 0;
    while (speaking > 0) {
      await until("app::inline:subscribe", () => assert.fail("not joined yet"));
      // What is sent from here on must be heard.
      const next = [...sent];
      const first = [true, true, true, true];
      const check = ({ from, n }) => {
        if (first[from]) assert.ok(n <= next[from] + 1, `${n} after a gap`);
        else assert.equal(n, next[from]);
        first[from] = false;
        next[from] = n + 1;
      };
      await sleep(random(50));
      await until("app::inline:unsubscribe", check);
      ++windows;
    }
    await payload(c, "app::state:me");
    assert.deepEqual(c.heard, []);
    await c.close();
    return windows;
  };
  const windows = await Promise.all(Array.from({ length: 20 }, listener));
  await Promise.all(speakers);
  t.diagnostic(`${windows.reduce((a, b) => a + b)} times joined and left`);
}));

test("a slow subscriber gets a gapless prefix and 3008, others everything", {
  timeout: 60_000,
}, () => withServer(["--threads", "2", "--close-timeout", "60s"],
  async (server) => {
    const join = { topic: "app::inline:subscribe", payload: "flood", ackId: 1 };
    const slow = await RawClient.open(server.port);
    slow.send(frame(fin | text, JSON.stringify(join)));
    await slow.next();
    slow.socket.pause();
    const others = await Promise.all(
      Array.from({ length: 5 }, () => server.connect()));
    for (const c of others) await c.ask(join);
    const speaker = await server.connect();
    const filler = "x".repeat(60_000);
    const count = 300;
    for (let n = 1; n <= count; ++n) {
      await payload(speaker, "app::inline:publish",
        { where: ["flood"], from: "", n, filler });
      for (const c of others) assert.equal((await c.next()).payload.n, n);
    }
    slow.socket.resume();
    let last = 0;
    for (;;) {
      const got = await slow.next();
      assert.ok(got, "no close frame");
      if (got.opcode === close) {
        assert.equal(got.payload.readUInt16BE(0), 3008);
        break;
      }
      assert.equal(JSON.parse(got.payload.toString()).payload.n, ++last);
    }
    assert.ok(last > 0 && last < count, `it got ${last}`);
    slow.end();
    for (const c of [...others, speaker]) await c.close();
  }));

test("publish_sync answers with the number of listeners", () =>
  withServer(["--threads", "2"], async (server) => {
    const clients = await Promise.all(
      Array.from({ length: 50 }, () => server.connect()));
    for (const c of clients)
      await payload(c, "app::inline:subscribe", "rooms/a");
    for (const kind of ["inline", "arena"]) {
      const input = { where: ["rooms/a"], from: kind, n: 1, filler: "" };
      const speaker = await server.connect();
      assert.deepEqual(await payload(speaker, `app::${kind}:publish_sync`,
        input), { listeners: 50, failures: 0 });
      for (const c of clients) assert.equal((await c.next()).payload.from, kind);
      assert.deepEqual(await payload(speaker, `app::${kind}:publish_sync`,
        { ...input, where: ["nobody"] }), { listeners: 0, failures: 0 });
      await speaker.close();
    }
    // The publisher listens as well: it hears the event before the answer.
    const [first] = clients;
    first.say({ topic: "app::inline:publish_sync", ackId: 1,
      payload: { where: ["rooms/a"], from: "me", n: 1, filler: "" } });
    assert.equal((await first.next()).payload.from, "me");
    assert.deepEqual((await first.next()).payload,
      { listeners: 50, failures: 0 });
    // Listeners that go meanwhile are answered for.
    const speaker = await server.connect();
    for (const c of clients) {
      c.ws.terminate();
      const { listeners } = await payload(speaker, "app::arena:publish_sync",
        { where: ["rooms/a"], from: "", n: 1, filler: "" });
      assert.ok(listeners <= 50);
    }
    await speaker.close();
  }));

// -- the end of a connection --------------------------------------------------

describe("one disconnected event, whatever ends a connection", () => {
  let server, control;
  const expected = [];
  before(async () => {
    server = await Server.start(name, "--threads", "2", "--ping-interval",
      "3s", "--pong-timeout", "500ms", "--close-timeout", "500ms");
    control = await server.connect();
  });
  after(() => server.stop());

  const ended = () => payload(control, "app::watch:ended");

  /** Expects one event with this code for the connection of this id. */
  async function expectEnd(id, code) {
    expected.push(id);
    await eventually(`an event for ${id}`, async () =>
      (await ended()).some((x) => x.connection_id === id));
    const [what, ...more] =
      (await ended()).filter((x) => x.connection_id === id);
    assert.equal(what.code, code);
    assert.deepEqual(more, []);
  }

  const ways = {
    "a close frame": [1001, (c) => c.ws.close(1001, "bye")],
    "a close frame of the application": [4999, (c) => c.ws.close(4999)],
    "a close frame without a code": [1005, (c) => c.ws.close()],
    "a TCP reset": [1006, (c) => c.ws._socket.resetAndDestroy()],
    "a socket that is destroyed": [1006, (c) => c.ws._socket.destroy()],
    "a close by an inline strategy": [4001,
      (c) => c.say({ topic: "app::inline:close" })],
    "a close by a domain actor": [3503,
      (c) => c.say({ topic: "app::arena:close" })],
    "a close by the server and a reset": [4001, (c) => {
      c.say({ topic: "app::inline:close" });
      c.ws._socket.once("data", () => c.ws._socket.resetAndDestroy());
    }],
    "an end of its actor": [1011, (c) => c.say({ topic: "app::inline:crash" })],
    "five malformed messages": [3501, (c) => {
      for (let i = 0; i < 5; ++i) c.say("?");
    }],
    "a binary message": [1003, (c) => c.ws.send(Buffer.from([1]))],
    "a message that is too large": [1009, (c) => c.say("x".repeat(65537))],
  };
  for (const [how, [code, end]] of Object.entries(ways))
    test(`${how}: ${code}`, async () => {
      const client = await server.connect();
      const id = await payload(client, "app::state:me");
      await payload(client, "app::inline:subscribe", "*");
      end(client);
      await expectEnd(id, code);
      client.ws.terminate();
    });

  const idOf = async (raw) => {
    raw.send(frame(fin | text, '{"topic":"app::state:me","ackId":1}'));
    return JSON.parse((await raw.next()).payload.toString()).payload;
  };

  test("no answer to a ping: 3012", async () => {
    const raw = await RawClient.open(server.port);
    await expectEnd(await idOf(raw), 3012);
    raw.end();
  });

  test("no answer to the server's close: 4001", async () => {
    const raw = await RawClient.open(server.port);
    const id = await idOf(raw);
    raw.send(frame(fin | text, '{"topic":"app::inline:close"}'));
    await expectEnd(id, 4001);
    raw.end();
  });

  test("a process that is killed: 1006", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", `
      import { Server, Client } from "./server.mjs";
      const client = await Client.open(${JSON.stringify(server.url)});
      const answer = await client.ask({ topic: "app::state:me", ackId: 1 });
      console.log(answer.payload);`],
    { cwd: import.meta.dirname ?? new URL(".", import.meta.url).pathname,
      stdio: ["ignore", "pipe", "inherit"] });
    const [id] = await once(child.stdout, "data");
    child.kill("SIGKILL");
    await expectEnd(id.toString().trim(), 1006);
  });

  test("no other events came", async () => {
    const ids = (await ended()).map((x) => x.connection_id);
    assert.deepEqual(ids.sort(), expected.sort());
    assert.equal(await payload(control, "app::watch:connected"),
      ids.length + 1);
  });
});
