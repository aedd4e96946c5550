// The client and real servers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TcpProxy } from "../../../tests/node/tcp_proxy.mjs";
import { Server, join, startServer, state, tokenOf, until } from "./real.mjs";

/** Runs `body` with a server, and ends all clients of it. */
async function serve(start, body) {
  const server = await start;
  const clients = [];
  try {
    await body((name, options) => {
      const api = join(server.port, name, options);
      clients.push(api);
      return api;
    }, server);
  } finally {
    for (const api of clients) api.close();
    assert.equal(await server.stop(), 0);
  }
}

test("calls, errors, streams and cancelling", () =>
  serve(Server.start("flamigo-protocol-server"), async (enter) => {
    const api = enter();
    assert.deepEqual(await api.call("app::test:echo", { text: "hi" }),
      { text: "hi" });
    assert.equal(await api.call("app::test:echo"), null);
    assert.equal(await api.call("app::test:nothing"), null);
    assert.deepEqual(await api.call("app::test:echo", { text: "\ud83d" }),
      { text: "\ufffd" });
    await assert.rejects(api.call("app::test:custom"), { status: 418,
      code: "closed", message: "the shop is closed", maybeExecuted: false });
    await assert.rejects(api.call("app::test:order", { items: [{}], count: 256 }),
      (error) => error.status === 400 && error.fieldErrors.length === 3
        && error.fieldErrors.every(({ field, error }) => field && error));
    await assert.rejects(api.call("app::test:what"), { code: "unknown_strategy" });
    const stop = new AbortController();
    const slept = api.call("app::test:sleep", null, { signal: stop.signal });
    assert.equal(await api.call("app::test:cancelled"), 0);
    stop.abort(new Error("enough"));
    await assert.rejects(slept, /enough/);
    assert.equal(await api.call("app::test:cancelled"), 1);
    for (const topic of ["app::parts:inline", "app::parts:hosted"]) {
      const seen = [];
      for await (const { number } of api.stream(topic, { count: 500, bytes: 9 }))
        seen.push(number);
      assert.deepEqual(seen, [...seen.keys()]);
      assert.equal(seen.length, 500);
      await assert.rejects(async () => {
        for await (const _ of api.stream(topic, { count: 2, bytes: 0 }));
      }, { code: "conflict" });
      for await (const { number } of api.stream(topic,
        { count: 100_000, bytes: 9 })) if (number === 3) break;
    }
    // More than the server takes at once.
    const all = Array.from({ length: 300 }, (_, i) =>
      api.call("app::test:echo", i));
    assert.deepEqual(await Promise.all(all), [...all.keys()]);
  }));

test("questions", () =>
  serve(Server.start("flamigo-protocol-server"), async (enter) => {
    const api = enter();
    api.onRequest("number", ({ id }) => id + 1);
    assert.equal(await api.call("app::test:ask",
      { topic: "number", payload: { id: 7 } }), 8);
    await assert.rejects(api.call("app::test:ask",
      { topic: "other", payload: null }), { code: "unknown_strategy" });
  }));

test("the server's word ends a connection, or does not", () =>
  serve(Server.start("flamigo-protocol-server"), async (enter) => {
    const api = enter(undefined, { minDelay: 1 });
    await api.call("app::test:close", "so long");
    const { reason } = await state(api, "waiting");
    assert.deepEqual(reason, { why: "server", code: 4001, message: "so long" });
    await api.call("app::test:kick");
    assert.equal((await state(api, "closed")).reason.code, 3503);
    await assert.rejects(api.call("app::test:echo"), { code: "closed" });
    const too = enter(undefined, { minDelay: 1 });
    await assert.rejects(too.call("app::test:echo", "x".repeat(70_000),
      { idempotent: true }), { code: "too_large", message: /65536/ });
    assert.equal(await too.call("app::test:echo", 1), 1);
  }));

test("a user's calls go behind the token, and a guest's are refused", () =>
  serve(startServer(), async (enter) => {
    assert.equal(await enter("Ada").call("app::t:echo", 1), 1);
    await assert.rejects(enter().call("app::t:echo", 1), { status: 401 });
    let given = 0;
    const late = enter(undefined, { minDelay: 1,
      token: () => given++ === 0 ? "bad" : tokenOf("Bob") });
    assert.deepEqual(await Promise.all(Array.from({ length: 40 }, (_, i) =>
      late.call("app::t:echo", i, { idempotent: true }))), Array.from({ length: 40 }, (_, i) => i));
    assert.equal(given, 2);
  }));

test("a token is got anew before it ends, and when it has ended", () =>
  serve(startServer("--auth-expiry-grace=100ms"), async (enter) => {
    let given = 0;
    const api = enter(undefined, { minDelay: 1, token: () => {
      given++;
      return tokenOf("Ada", 2);
    } });
    const states = [];
    await state(api, "open");
    api.onState(({ name }) => states.push(name));
    // The server has said how long it is good.
    await until(() => given === 3, "the token is got again");
    assert.equal(await api.call("app::t:echo", 1), 1);
    assert.deepEqual(states, [], "on the same connection");
    // Who gets none in time is told by the server.
    let late = 0;
    const other = enter("Bob", { minDelay: 1, token: () => {
      if (++late === 2) throw new Error("not now");
      return tokenOf("Bob", 1);
    } });
    await state(other, "open");
    await until(async () => {
      // A token that was good a moment ago is not taken for the reason.
      await other.call("app::t:echo", 1, { idempotent: true })
        .catch(({ status }) => assert.equal(status, 401));
      return late > 2;
    }, "it was told");
  }));

test("channels: events, presence, and what was missed", () =>
  serve(startServer("--presence-interval=1ms"), async (enter, server) => {
    const proxy = await TcpProxy.start(server.port);
    const bob = enter("Bob");
    const ada = join(proxy.port, "Ada", { minDelay: 1, maxDelay: 20 });
    try {
      const room = ada.channel("rooms/a", { presence: true });
      const seen = [];
      const told = [];
      room.on("note", ({ n }) => seen.push(n));
      room.on("subscribed", ({ recovered, missed }) =>
        told.push([recovered, missed]));
      assert.equal((await room.ready).offset, 0);
      const say = (n) => bob.call("app::t:say", { room: "a", n });
      await say(1);
      await until(() => seen.length === 1, "the first has come");
      assert.deepEqual(room.members, [{ key: "u:Ada", state: { name: "Ada" } }]);
      const changes = [];
      room.on("presence", ({ joined, left }) =>
        changes.push([joined.map(({ key }) => key), left]));
      const other = bob.channel("rooms/a");
      await other.ready;
      await until(() => room.members.length === 2, "Bob is there");
      other.leave();
      await until(() => room.members.length === 1, "Bob has left");
      assert.deepEqual(changes.slice(-2), [[["u:Bob"], []], [[], ["u:Bob"]]]);
      proxy.cut();
      await state(ada, "waiting");
      for (let n = 2; n <= 200; ++n) await say(n);
      proxy.mend();
      await until(() => seen.length === 200, "all have come");
      assert.deepEqual(seen, Array.from({ length: 200 }, (_, i) => i + 1));
      assert.deepEqual(told, [[undefined, 0], [true, 199]]);
      await assert.rejects(ada.channel("nowhere").ready,
        { code: "unknown_channel" });
    } finally {
      ada.close();
      proxy.stop();
    }
  }));

test("the program's channel comes back in order", () =>
  serve(startServer(), async (enter, server) => {
    const proxy = await TcpProxy.start(server.port);
    const bob = enter("Bob");
    const ada = join(proxy.port, "Ada", { minDelay: 1, maxDelay: 20 });
    try {
      const seen = [];
      ada.on("note", ({ n }) => seen.push(n));
      const told = [];
      ada.on("subscribed", ({ topic, recovered }) => told.push([topic, recovered]));
      await until(() => told.length === 1, "the program has entered it");
      let n = 0;
      const say = () => bob.call("app::t:say", { room: "all", n: ++n });
      for (let i = 0; i < 5; ++i) {
        await say();
        proxy.cut();
        await say();
        await say();
        proxy.mend();
        await say();
        await state(ada, "open");
        await say();
      }
      await until(() => seen.length === n, "all have come");
      assert.deepEqual(seen, Array.from({ length: n }, (_, i) => i + 1));
      assert.ok(told.every(([topic]) => topic === "rooms/all"));
      assert.ok(told.slice(1).every(([, recovered]) => recovered === true));
    } finally {
      ada.close();
      proxy.stop();
    }
  }));
