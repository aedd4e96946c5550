// Answers in parts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, open, outcome, settled } from "./fake.mjs";

const part = ({ topic, ackId }, payload) =>
  ({ topic, payload, ackId, more: true });

test("a stream is read part by part, to its end", async () => {
  const { api, peer } = await open();
  const rows = api.stream("app::report:rows", { of: 7 });
  assert.deepEqual(peer.sent, [], "nobody has asked for a row");
  const first = outcome(rows.next());
  await settled();
  const asked = peer.next();
  assert.deepEqual(asked.payload, { of: 7 });
  await peer.say(part(asked, 1), part(asked, 2), part({ ackId: "none" }, 3),
    { topic: asked.topic, payload: null, ackId: asked.ackId });
  assert.deepEqual(first.value, { value: 1, done: false });
  const rest = [];
  for await (const row of rows) rest.push(row);
  assert.deepEqual(rest, [2]);
  assert.deepEqual(peer.sent, []);
});

test("what has come before an error is not lost", async () => {
  const { api, peer } = await open();
  const seen = [];
  const read = outcome((async () => {
    for await (const row of api.stream("app::a:b")) seen.push(row);
  })());
  await settled();
  const asked = peer.next();
  peer.say(part(asked, 1), part(asked, 2));
  await peer.refuse(asked, 409, "conflict");
  assert.deepEqual([seen, read.error.code], [[1, 2], "conflict"]);
});

test("who leaves has the server stop", async () => {
  const { api, peer } = await open();
  const read = outcome((async () => {
    for await (const row of api.stream("app::a:b")) return row;
  })());
  await settled();
  const asked = peer.next();
  await peer.say(part(asked, 1), part(asked, 2));
  assert.equal(read.value, 1);
  assert.deepEqual(peer.next(), { topic: "app::websocket:cancel",
    payload: { ackId: asked.ackId } });
  // By a signal, while it waits.
  const stop = new AbortController();
  const next = outcome(api.stream("app::a:b", 1, { signal: stop.signal }).next());
  await settled();
  const other = peer.next();
  stop.abort(new Error("enough"));
  await settled();
  assert.equal(next.error.message, "enough");
  assert.deepEqual(peer.next().payload, { ackId: other.ackId });
  assert.deepEqual(peer.sent, []);
});

test("each part has the time of an answer", async () => {
  const { api, clock, peer } = await open({ timeout: 100 });
  const rows = api.stream("app::a:b");
  const first = outcome(rows.next());
  await settled();
  const asked = peer.next();
  await clock.advance(99);
  await peer.say(part(asked, 1));
  assert.equal(first.value.value, 1);
  const second = outcome(rows.next());
  await clock.advance(99);
  assert.equal(second.isSettled, false);
  await clock.advance(1);
  assert.deepEqual([second.error.code, second.error.maybeExecuted],
    ["timeout", true]);
});

test("who does not read in time is told so, and has what has come", async () => {
  const { api, peer } = await open();
  const rows = api.stream("app::a:b", null, { maxBuffered: 2 });
  const first = outcome(rows.next());
  await settled();
  const asked = peer.next();
  await peer.say(part(asked, 1));
  assert.equal(first.value.value, 1);
  await peer.say(...[2, 3, 4, 5].map((n) => part(asked, n)));
  assert.deepEqual(peer.next().payload, { ackId: asked.ackId });
  assert.deepEqual(peer.sent, []);
  const seen = [];
  await assert.rejects(async () => {
    for await (const row of rows) seen.push(row);
  }, { code: "overflow" });
  assert.deepEqual(seen, [2, 3, 4]);
});

test("a stream ends with its connection, behind what has come", async () => {
  const { api, peer } = await open();
  const rows = api.stream("app::a:b");
  const first = outcome(rows.next());
  await settled();
  await peer.say(part(peer.next(), 1));
  await peer.end();
  assert.equal(first.value.value, 1);
  await assert.rejects(rows.next(), { code: "lost", maybeExecuted: true });
  const none = begin();
  await assert.rejects(none.api.stream("app::a:b", null, { offline: "reject" })
    .next(), { code: "offline" });
});
