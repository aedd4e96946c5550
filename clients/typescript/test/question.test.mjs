// What the server asks, events, and errors of nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FlamigoError } from "../dist/index.js";
import { open, settled } from "./fake.mjs";

test("a question is answered, or refused with a reason", async (t) => {
  t.mock.method(console, "error", () => {});
  const { api, peer } = await open();
  api.onRequest("number", async ({ id }) => id + 1);
  api.onRequest("nothing", () => {});
  api.onRequest("declined", () => {
    throw new FlamigoError({ message: "no", status: 409, code: "declined" });
  });
  api.onRequest("broken", () => { throw new TypeError("a secret"); });
  api.onRequest("unsayable", () => 1n);
  api.onRequest("function", () => () => 1);
  const off = api.onRequest("gone", () => 1);
  const newer = api.onRequest("gone", () => 2);
  off();
  await peer.say({ topic: "gone", payload: null, requestId: "0" });
  assert.deepEqual(peer.next(), { requestId: "0", payload: 2 });
  newer();
  const internal = { message: "the client has failed", status: 500,
    code: "internal" };
  for (const [topic, answer] of Object.entries({
    number: { payload: 8 },
    nothing: { payload: null },
    declined: { error: { message: "no", status: 409, code: "declined" } },
    broken: { error: internal },
    unsayable: { error: internal },
    function: { error: internal },
    gone: { error: { message: "nothing answers that here", status: 404,
      code: "unknown_strategy" } },
  })) {
    await peer.say({ topic, payload: { id: 7 }, requestId: topic });
    assert.deepEqual(peer.next(), { requestId: topic, ...answer });
  }
});

test("a question that is over is not answered", async () => {
  const { api, peer } = await open();
  const over = [];
  let answer;
  api.onRequest("late", (_, { signal }) => new Promise((resolve) => {
    answer = resolve;
    signal.addEventListener("abort", () => over.push("over"));
  }));
  await peer.say({ topic: "late", payload: null, requestId: "1" });
  await peer.say({ topic: "request:ended", payload: { requestId: "1" } },
    { topic: "request:ended", payload: { requestId: "unknown" } });
  assert.deepEqual(over, ["over"]);
  answer(1);
  await peer.say({ topic: "late", payload: null, requestId: "2" });
  await peer.end();
  assert.deepEqual(over, ["over", "over"]);
  answer(2);
  await settled();
  assert.deepEqual(peer.sent, []);
});

test("a question is answered before the server knows us", async () => {
  const { api, peer } = await open({ token: () => "t" });
  api.onRequest("number", () => 7);
  const shown = peer.next();
  await peer.refuse(shown, 401, "unauthorized");
  await peer.say({ topic: "number", payload: null, requestId: "1" });
  assert.deepEqual(peer.next(), { requestId: "1", payload: 7 });
});

test("a question is answered while the token is shown again", async () => {
  const { api, peer, clock } = await open({ token: () => "t" });
  await peer.reply(peer.next(), { success: true });
  await clock.advance(5000);
  let answer;
  api.onRequest("number", () => new Promise((resolve) => { answer = resolve; }));
  await peer.say({ topic: "number", payload: null, requestId: "1" });
  api.call("app::a:b").catch(() => {});
  await peer.refuse(peer.next(), 401, "unauthorized");
  assert.equal(peer.next().topic, "app::websocket:auth");
  answer(7);
  await settled();
  assert.deepEqual(peer.next(), { requestId: "1", payload: 7 });
});

test("an event is heard by who listens, whatever others do", async (t) => {
  const { api, peer } = await open();
  const heard = [];
  const thrown = [];
  t.mock.method(globalThis, "queueMicrotask", (f) => {
    try { f(); } catch (error) { thrown.push(error.message); }
  });
  api.on("news", () => { throw new Error("mine"); });
  const hear = (what) => heard.push(what);
  const [off] = [api.on("news", hear), api.on("news", hear)];
  await peer.say({ topic: "news", payload: 1 }, { topic: "other", payload: 2 });
  off();
  await peer.say({ topic: "news", payload: 3 });
  assert.deepEqual([heard, thrown], [[1, 1, 3], ["mine", "mine"]]);
});

test("an error of no request is told", async () => {
  const { api, peer } = await open();
  const heard = [];
  api.on("error", (error) => heard.push(error));
  await peer.say({ topic: "error", payload: { message: "no", status: 401,
    code: "unauthorized" } });
  assert.ok(heard[0] instanceof FlamigoError);
  assert.equal(heard[0].status, 401);
});
