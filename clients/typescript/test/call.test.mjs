// Calls: their answers, their times, and what becomes of them without a
// connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FlamigoError } from "../dist/index.js";
import { begin, open, outcome, settled } from "./fake.mjs";

test("a call is answered", async () => {
  const { api, peer } = await open();
  const first = api.call("app::a:b", { n: 1 });
  const second = api.call("app::a:b");
  const [one, two] = [peer.next(), peer.next()];
  assert.deepEqual(one, { topic: "app::a:b", payload: { n: 1 }, ackId: one.ackId });
  assert.equal(typeof one.ackId, "string");
  assert.notEqual(one.ackId, two.ackId);
  await peer.reply(two, "second");
  await peer.reply(one, "first");
  assert.deepEqual([await first, await second], ["first", "second"]);
  // What comes late is nobody's.
  await peer.reply(one, "again");
});

test("a call says what the server says", async () => {
  const { api, peer } = await open();
  const call = outcome(api.call("app::a:b"));
  await peer.say({ topic: "error", ackId: peer.next().ackId, payload: {
    message: "wait", status: 429, code: "too_many_requests", retryAfterMs: 7,
    fieldErrors: [{ field: "text", error: "is required" }], trace: "why" } });
  const { error } = call;
  assert.ok(error instanceof FlamigoError && error instanceof Error);
  assert.deepEqual([error.name, error.message, error.status, error.code,
    error.retryAfterMs, error.fieldErrors, error.trace, error.maybeExecuted],
  ["FlamigoError", "wait", 429, "too_many_requests", 7,
    [{ field: "text", error: "is required" }], "why", false]);
  const late = outcome(api.call("app::a:b"));
  await peer.refuse(peer.next(), 504, "timeout");
  assert.equal(late.error.maybeExecuted, true);
  assert.deepEqual(late.error.fieldErrors, []);
});

test("an input is sent as it was, and one that cannot be is told so",
  async () => {
    const all = begin();
    const { api } = all;
    const input = { text: "before" };
    api.call("app::a:b", input);
    input.text = "after";
    const cycle = {};
    cycle.cycle = cycle;
    for (const bad of [1n, cycle, () => 1, Symbol("a"), { toJSON() {} }])
      await assert.rejects(api.call("app::a:b", bad), TypeError);
    const peer = await all.accept();
    assert.deepEqual(peer.next().payload, { text: "before" });
    assert.deepEqual(peer.sent, []);
  });

test("half a character is sent as U+FFFD, which the server takes", async () => {
  const { api, peer } = await open();
  const send = (input) => {
    api.call("app::a:b", input);
    return peer.next().payload;
  };
  assert.deepEqual(send({ "a\ud83d": ["\ude00\ud83d!", "\ud83d\ude00"] }),
    { "a\ufffd": ["\ufffd\ufffd!", "\ud83d\ude00"] });
  // What only looks like one.
  for (const text of ["\\ud83d", "\\\\ud83d", "\"\n\\", "\u0001d83d"])
    assert.equal(send(text), text);
  assert.equal(send("\\\ud83d"), "\\\ufffd");
  api.onRequest("ask", () => "\ud83d");
  await peer.say({ topic: "ask", payload: null, requestId: "1" });
  assert.equal(peer.next().payload, "\ufffd");
});

test("a call waits for a connection, as long as it says", async () => {
  const all = begin();
  const kept = outcome(all.api.call("app::a:kept", 1));
  const given = outcome(all.api.call("app::a:given_up", 2, { timeout: 100 }));
  const none = outcome(all.api.call("app::a:none", 3, { offline: "reject" }));
  await all.clock.advance(100);
  assert.deepEqual([none.error.code, none.error.status, none.error.maybeExecuted],
    ["offline", 0, false]);
  assert.deepEqual([given.error.code, given.error.maybeExecuted],
    ["timeout", false]);
  const peer = await all.accept();
  const asked = peer.next();
  assert.equal(asked.topic, "app::a:kept");
  assert.deepEqual(peer.sent, []);
  await peer.reply(asked, 7);
  assert.equal(kept.value, 7);
  const now = outcome(all.api.call("app::a:b", 1, { offline: "reject" }));
  await peer.reply(peer.next(), 8);
  assert.equal(now.value, 8);
});

test("what takes too long is cancelled, and may have been done", async () => {
  const { api, clock, peer } = await open({ timeout: 200 });
  const call = outcome(api.call("app::a:b"));
  const { ackId } = peer.next();
  await clock.advance(199);
  assert.equal(call.isSettled, false);
  await clock.advance(1);
  assert.deepEqual([call.error.code, call.error.status, call.error.maybeExecuted],
    ["timeout", 0, true]);
  assert.deepEqual(peer.next(), { topic: "app::websocket:cancel",
    payload: { ackId } });
  assert.equal(peer.next().ackId, "-", "whether the server is there");
});

test("a signal cancels on the server, or before it is asked", async () => {
  const { api, peer, again } = await open();
  const stop = new AbortController();
  const call = outcome(api.call("app::a:b", 1, { signal: stop.signal }));
  const { ackId } = peer.next();
  stop.abort(new Error("enough"));
  await settled();
  assert.equal(call.error.message, "enough");
  assert.deepEqual(peer.next(), { topic: "app::websocket:cancel",
    payload: { ackId } });
  await peer.refuse({ ackId }, 499, "cancelled");
  await assert.rejects(api.call("app::a:b", 2, { signal: stop.signal }), /enough/);
  assert.deepEqual(peer.sent, []);
  // In line.
  await peer.end();
  const waiting = new AbortController();
  const queued = outcome(api.call("app::a:b", 3, { signal: waiting.signal }));
  waiting.abort();
  await settled();
  assert.equal(queued.error.name, "AbortError");
  assert.deepEqual((await again()).sent, []);
});

test("a call whose answer is lost may have been done, and is not sent again",
  async () => {
    const { api, peer, again } = await open();
    const call = outcome(api.call("app::a:b"));
    peer.next();
    const next = await again();
    assert.deepEqual([call.error.code, call.error.status,
      call.error.maybeExecuted], ["lost", 0, true]);
    assert.deepEqual(next.sent, []);
  });

test("an idempotent call is sent again, in its place and in its time", async () => {
  const { api, clock, peer, again, accept, ...all } = await open({
    timeout: 30_000 });
  const first = outcome(api.call("app::a:one", 1, { idempotent: true }));
  const second = outcome(api.call("app::a:two", 2, { idempotent: true }));
  const late = outcome(api.call("app::a:late", 3,
    { idempotent: true, timeout: 25_000 }));
  await peer.end();
  const brief = outcome(api.call("app::a:brief", 3, { timeout: 100 }));
  const third = outcome(api.call("app::a:three", 3));
  await clock.advance(20_000);
  assert.equal(brief.error.maybeExecuted, false);
  const next = all.peers.at(-1);
  await next.accept();
  assert.deepEqual(next.sent.map(({ topic }) => topic),
    ["app::a:one", "app::a:two", "app::a:late", "app::a:three"]);
  for (const asked of next.sent.splice(0, 2)) await next.reply(asked, asked.topic);
  assert.deepEqual([first.value, second.value], ["app::a:one", "app::a:two"]);
  await clock.advance(5000);
  assert.deepEqual([late.error.code, late.error.maybeExecuted],
    ["timeout", true]);
  await next.reply(next.sent[1], 4);
  assert.equal(third.value, 4);
});

test("a refusal says nothing of the time before", async () => {
  const { api, peer, again } = await open();
  const call = outcome(api.call("app::a:b", 1, { idempotent: true }));
  peer.next();
  const next = await again();
  await next.refuse(next.next(), 409, "conflict");
  assert.deepEqual([call.error.code, call.error.maybeExecuted],
    ["conflict", true]);
});

test("no more are in flight than the server takes", async () => {
  const { api, peer } = await open({ maxInFlight: 2, maxQueued: 2 });
  const stop = new AbortController();
  const calls = [1, 2, 3, 4].map((n) =>
    outcome(api.call("app::a:b", n, { signal: n === 2 ? stop.signal : undefined })));
  const more = outcome(api.call("app::a:b", 5));
  await settled();
  assert.deepEqual([more.error.code, more.error.maybeExecuted],
    ["queue_full", false]);
  assert.deepEqual(peer.sent.map(({ payload }) => payload), [1, 2]);
  await peer.reply(peer.next());
  assert.deepEqual(peer.sent.map(({ payload }) => payload), [2, 3]);
  stop.abort();
  assert.deepEqual(peer.sent.slice(2).map(({ payload }) => payload),
    [{ ackId: peer.sent[0].ackId }, 4]);
  for (const asked of peer.sent.filter(({ payload }) => payload > 2))
    await peer.reply(asked, asked.payload);
  assert.deepEqual(calls.slice(2).map(({ value }) => value), [3, 4]);
});

test("a message that is too large is told so, and not sent again", async () => {
  const { api, peer, again } = await open();
  const small = outcome(api.call("app::a:b", 1, { idempotent: true }));
  const large = outcome(api.call("app::a:b", "x".repeat(70_000),
    { idempotent: true }));
  const next = await again(1009, "more than 65536 bytes");
  assert.deepEqual([large.error.code, large.error.message,
    large.error.maybeExecuted], ["too_large", "more than 65536 bytes", false]);
  assert.equal(next.sent.length, 1);
  await next.reply(next.next(), 7);
  assert.equal(small.value, 7);
});

test("of what was too large is told only who is sure to be it", async () => {
  const { api, peer, again } = await open();
  // An answer is longer than the only call.
  api.onRequest("ask", () => "x".repeat(70_000));
  const call = outcome(api.call("app::a:b", 1));
  await peer.say({ topic: "ask", payload: null, requestId: "1" });
  const next = await again(1009, "more than 65536 bytes");
  assert.deepEqual([call.error.code, call.error.maybeExecuted], ["lost", true]);
  // Or another call that nobody waits for.
  const stop = new AbortController();
  api.call("app::a:b", "x".repeat(70_000), { signal: stop.signal })
    .catch(() => {});
  stop.abort();
  const small = outcome(api.call("app::a:b", 1));
  const last = await again(1009, "more than 65536 bytes");
  assert.notEqual(last, next);
  assert.deepEqual([small.error.code, small.error.maybeExecuted], ["lost", true]);
  // Bytes count.
  const [ascii, wide] = [outcome(api.call("app::a:b", "x".repeat(40_000))),
    outcome(api.call("app::a:b", "\u4e2d".repeat(30_000)))];
  await again(1009, "more than 65536 bytes");
  assert.deepEqual([ascii.error.code, ascii.error.maybeExecuted], ["lost", true]);
  assert.deepEqual([wide.error.code, wide.error.maybeExecuted],
    ["too_large", false]);
});

test("a call made while closed goes by the connection that is opened then",
  async () => {
    const { api, peers } = await open();
    api.close();
    const call = outcome(api.call("app::a:b", 1));
    api.reconnect();
    await settled();
    const next = peers.at(-1);
    await next.accept();
    await next.reply(next.next(), 2);
    assert.equal(call.value, 2);
  });

test("nothing waits for what will not be", async () => {
  const { api, peer, states, peers, clock } = await open();
  const sent = outcome(api.call("app::a:b"));
  peer.next();
  await peer.end();
  const queued = outcome(api.call("app::a:b"));
  api.close();
  const late = outcome(api.call("app::a:b"));
  await settled();
  assert.equal(sent.error.code, "lost");
  for (const { error } of [queued, late])
    assert.deepEqual([error.code, error.maybeExecuted], ["closed", false]);
  await clock.advance(60_000);
  assert.equal(peers.length, 1);
  assert.equal(states.at(-1).name, "closed");
  assert.equal(clock.timers, 0);
});
