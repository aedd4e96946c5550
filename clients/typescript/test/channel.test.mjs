// Channels: what one gets and has missed, once and in order, and who is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, outcome, settled } from "./fake.mjs";

const room = "rooms/42";

function news(offset, topic = room, more = {}) {
  return { topic: "news", payload: offset, offsets: { [topic]: offset, ...more } };
}

/** What a channel tells, and what the client tells of all of them. */
function follow(api, topic = room, options = {}) {
  const channel = api.channel(topic, options);
  const heard = [];
  for (const event of ["news", "subscribed", "unsubscribed", "presence"])
    channel.on(event, (what) => heard.push([event, what]));
  return { channel, heard,
    get news() {
      return heard.filter(([event]) => event === "news").map(([, what]) => what);
    } };
}

/** Answers the request to subscribe that comes next. */
async function admit(peer, answer = {}, ...frames) {
  const asked = peer.next();
  assert.equal(asked.topic, "app::websocket:subscribe");
  await peer.say({ topic: asked.topic, ackId: asked.ackId,
    payload: { topic: asked.payload.topic, result: null, ...answer } }, ...frames);
  return asked.payload;
}

test("who comes back gets what was missed", async () => {
  const { api, peer, again } = await open();
  const all = [];
  api.on("news", (what, { offsets }) => all.push([what, offsets]));
  const { channel, heard } = follow(api, room, { input: { seat: 4 } });
  const asked = await admit(peer, { epoch: "e1", offset: 7, result: 1 },
    news(8), news(9, "rooms/else"));
  assert.deepEqual(asked, { topic: room, input: { seat: 4 } });
  const first = { topic: room, result: 1, offset: 7, recovered: undefined,
    missed: 0 };
  assert.deepEqual(await channel.ready, first);
  assert.deepEqual(heard, [["subscribed", first], ["news", 8]]);
  assert.deepEqual(all, [[8, { [room]: 8 }], [9, { "rooms/else": 9 }]]);
  assert.equal(channel.isJoined, true);
  const second = await again();
  assert.equal(channel.isJoined, false);
  heard.length = 0;
  const back = await admit(second, { epoch: "e1", offset: 10, recovered: true },
    news(9));
  assert.deepEqual(back, { topic: room, input: { seat: 4 },
    since: { epoch: "e1", offset: 8 } });
  assert.deepEqual(heard, [["subscribed", { topic: room, result: null,
    offset: 10, recovered: true, missed: 2 }], ["news", 9]]);
  // Before all of it has come.
  const third = await again();
  const { since } = await admit(third, { epoch: "e2", offset: 3,
    recovered: false }, news(4));
  assert.deepEqual(since, { epoch: "e1", offset: 9 });
  assert.equal(heard.at(-2)[1].recovered, false);
  assert.deepEqual(heard.at(-1), ["news", 4]);
  const fourth = await again();
  assert.deepEqual((await admit(fourth)).since, { epoch: "e2", offset: 4 });
});

test("an event that comes twice is told once", async () => {
  const { api, peer, again } = await open();
  const [a, b] = [follow(api, "rooms/a"), follow(api, "rooms/b")];
  await admit(peer, { epoch: "e", offset: 0 });
  await admit(peer, { epoch: "e", offset: 0 });
  await peer.say(news(1, "rooms/a"), news(1, "rooms/a"),
    news(2, "rooms/a", { "rooms/b": 1 }));
  assert.deepEqual([a.news, b.news], [[1, 2], [2]]);
  // Sent under one of them, and after a loss under both.
  await peer.say(news(3, "rooms/a"));
  const next = await again();
  await admit(next, { epoch: "e", offset: 3, recovered: true });
  await admit(next, { epoch: "e", offset: 2, recovered: true },
    news(3, "rooms/a", { "rooms/b": 2 }), news(4, "rooms/a", { "rooms/b": 3 }));
  assert.deepEqual([a.news, b.news], [[1, 2, 3, 4], [2, 4]]);
  const last = await again();
  assert.equal((await admit(last)).since.offset, 4);
  assert.equal((await admit(last)).since.offset, 3);
});

test("a channel without a history has what says nothing of channels", async () => {
  const { api, peer, again } = await open();
  const { channel, news } = follow(api);
  const heard = [];
  channel.on("typing", (what, { offset }) => heard.push([what, offset]));
  await admit(peer);
  await peer.say({ topic: "typing", payload: 1 });
  assert.deepEqual(heard, [[1, undefined]]);
  assert.equal((await admit(await again())).since, undefined);
  assert.deepEqual(news, []);
});

test("uses of one topic share the wire, until the last one leaves", async () => {
  const { api, peer, again } = await open();
  const one = follow(api);
  await admit(peer, { epoch: "e", offset: 1 });
  const two = follow(api);
  assert.deepEqual(peer.sent, []);
  assert.equal((await two.channel.ready).offset, 1);
  await peer.say(news(2));
  one.channel.leave();
  one.channel.leave();
  await peer.say(news(3));
  assert.deepEqual([one.news, two.news], [[2], [2, 3]]);
  two.channel.leave();
  assert.deepEqual(peer.next().topic, "app::websocket:unsubscribe");
  // What is still on its way, and who comes in anew.
  const three = follow(api);
  await peer.say(news(4));
  await admit(peer, { epoch: "e", offset: 4 }, news(5));
  assert.deepEqual([two.news, three.news], [[2, 3], [5]]);
  three.channel.leave();
  peer.next();
  const next = await again();
  assert.deepEqual(next.sent, [], "nobody is in it");
});

test("who leaves before the answer has left", async () => {
  const { api, peer, again } = await open();
  const { channel, heard } = follow(api);
  const asked = peer.next();
  channel.leave();
  assert.deepEqual(peer.next().payload, { topic: room });
  await peer.refuse(asked, 499, "cancelled");
  assert.deepEqual(heard, []);
  await peer.end();
  follow(api).channel.leave();
  assert.deepEqual((await again()).sent, [], "nobody was ever in it");
});

test("who leaves before the answer does not wait for it", async () => {
  const { api, peer } = await open();
  const [one, two] = [api.channel(room), api.channel(room)];
  one.leave();
  await assert.rejects(one.ready, { code: "left", status: 0 });
  await admit(peer, { offset: 1, epoch: "e" });
  assert.equal((await two.ready).offset, 1);
  // What has been answered stays so.
  two.leave();
  assert.equal((await two.ready).offset, 1);
  const last = api.channel(room);
  last.leave();
  await assert.rejects(last.ready, { code: "left" });
});

test("who is refused is told so, and does not come back", async () => {
  const { api, peer, again } = await open();
  const { channel, heard } = follow(api);
  await peer.refuse(peer.next(), 403, "forbidden");
  await assert.rejects(channel.ready, { status: 403, code: "forbidden" });
  assert.deepEqual(heard.map(([event, { code }]) => [event, code]),
    [["unsubscribed", "forbidden"]]);
  // Later, too.
  const later = follow(api);
  const all = [];
  api.on("unsubscribed", (what) => all.push(what.topic));
  await admit(peer, { epoch: "e", offset: 1 });
  await peer.say({ topic: "unsubscribed",
    payload: { topic: room, code: "forbidden" } }, news(2));
  assert.equal(later.heard.at(-1)[1].error.code, "forbidden");
  assert.deepEqual([all, later.news], [[room], []]);
  assert.deepEqual((await again()).sent, []);
});

test("what may pass is asked for again, what is too much a few times", async () => {
  const { api, peer, clock } = await open();
  const { channel, heard } = follow(api);
  for (const [status, after, more] of [[503, 2000], [500, 2000],
    [429, 7000, { retryAfterMs: 7000 }], [429, 2000], [429, 2000], [429, 2000],
    [429, 2000]]) {
    await peer.refuse(peer.next(), status, "later", more);
    await clock.advance(after - 1);
    assert.deepEqual(peer.sent, []);
    await clock.advance(1);
  }
  assert.deepEqual(heard, []);
  await peer.refuse(peer.next(), 429, "too_many_requests");
  await assert.rejects(channel.ready, { code: "too_many_requests" });
});

test("an answer that does not come is asked for again", async () => {
  const { api, peer, clock } = await open({ timeout: 1000 });
  const { channel } = follow(api);
  peer.next();
  await clock.advance(1000);
  peer.sent.length = 0;
  await peer.say({ topic: "anything", payload: null });
  await clock.advance(2000);
  await admit(peer);
  assert.equal(channel.isJoined, true);
});

test("a hundred channels come back a few at a time, before calls", async () => {
  const { api, peer, again } = await open();
  const topics = Array.from({ length: 100 }, (_, i) => `rooms/${i}`);
  for (const topic of topics) {
    api.channel(topic);
    await admit(peer);
  }
  await peer.end();
  const call = outcome(api.call("app::a:b", "a call"));
  const next = await again();
  assert.deepEqual(next.sent.map(({ payload }) => payload.topic ?? payload),
    [...topics.slice(0, 16), "a call"]);
  await next.reply(next.sent.splice(16, 1)[0], 1);
  const back = [];
  while (next.sent.length > 0) back.push((await admit(next)).topic);
  assert.deepEqual(back, topics);
  assert.equal(call.value, 1);
});

test("who was left in the middle of coming back stays so", async () => {
  const { api, peer, again } = await open();
  const { channel } = follow(api);
  await admit(peer);
  await peer.end();
  channel.leave();
  assert.deepEqual((await again()).sent, []);
});

test("a connection that is closed for good is left by all", async () => {
  const { api, peer } = await open();
  const one = follow(api);
  await admit(peer);
  await peer.end(3503, "kicked");
  const late = follow(api);
  await settled();
  for (const { heard } of [one, late])
    assert.deepEqual([heard.at(-1)[0], heard.at(-1)[1].code],
      ["unsubscribed", "closed"]);
  await assert.rejects(late.channel.ready, { code: "closed", message: "kicked" });
});

test("who is there is the list with all its changes", async () => {
  const { api, peer, again } = await open();
  const person = (key, mood) => ({ key, state: { mood } });
  const [ada, bob, cid] = [person("u:1", "well"), person("u:2", "ill"),
    person("c:3", "well")];
  const change = (joined, left) => ({ topic: "presence",
    payload: { topic: room, joined, left: left.map((key) => ({ key })) } });
  const plain = follow(api);
  await admit(peer, { epoch: "e", offset: 1 });
  const { channel, heard } = follow(api, room, { presence: true });
  const asked = await admit(peer, { epoch: "e", offset: 1, recovered: true,
    presence: [ada] }, change([bob], []));
  assert.equal(asked.presence, true);
  assert.deepEqual(plain.heard.find(([event]) => event === "subscribed")[1].missed,
    0);
  const seen = () => heard.filter(([event]) => event === "presence")
    .map(([, { members, joined, left }]) =>
      [members, joined, left].map((list) => list.map((x) => x.key ?? x)));
  assert.deepEqual(seen(), [[["u:1"], ["u:1"], []],
    [["u:1", "u:2"], ["u:2"], []]]);
  await peer.say(change([person("u:2", "better"), cid], ["u:1", "unknown"]),
    { ...change([ada], []), payload: { topic: "rooms/b", joined: [ada], left: [] } });
  assert.deepEqual(channel.members, [person("u:2", "better"), cid]);
  // Without a connection it is what was last known.
  heard.length = 0;
  const next = await again();
  assert.deepEqual(channel.members, [person("u:2", "better"), cid]);
  assert.equal((await admit(next, { epoch: "e", offset: 1, recovered: true,
    presence: [ada, cid] })).presence, true);
  assert.deepEqual(seen(), [[["u:1", "c:3"], ["u:1"], ["u:2"]]]);
});

// -- what the program subscribes ----------------------------------------------

const placed = (payload) =>
  ({ topic: "subscribed", payload: { topic: room, ...payload } });

test("what the program has subscribed is brought back, in order", async () => {
  const { api, peer, again } = await open();
  const told = [];
  api.on("news", (what) => told.push(what));
  api.on("subscribed", ({ offset, recovered, missed }) =>
    told.push([offset, recovered, missed]));
  const take = () => told.splice(0);
  await peer.say(placed({ epoch: "e1", offset: 3 }), news(4));
  assert.deepEqual(take(), [[3, undefined, 0], 4]);
  let next = await again();
  assert.deepEqual(next.sent, [], "it asks for nothing before it is there");
  await next.say(placed({ epoch: "e1", offset: 4 }));
  assert.deepEqual(take(), [[4, true, 0]]);
  next = await again();
  // Later ones come first, and wait.
  await next.say(placed({ epoch: "e1", offset: 6 }), news(7), news(1, "rooms/b"));
  assert.deepEqual(take(), []);
  const asked = await admit(next, { epoch: "e1", offset: 7, recovered: true });
  assert.deepEqual(asked.since, { epoch: "e1", offset: 4 });
  assert.deepEqual(take(), [[7, true, 3]]);
  await next.say(news(5));
  assert.deepEqual(take(), [5]);
  await next.say(news(6));
  assert.deepEqual(take(), [6, 7, 1]);
  // Lost in the middle of it: nothing of it was told.
  next = await again();
  await next.say(placed({ epoch: "e1", offset: 9 }), news(10));
  await admit(next, { epoch: "e1", offset: 10, recovered: true }, news(8));
  assert.deepEqual(take(), [[10, true, 3], 8]);
  next = await again();
  await next.say(placed({ epoch: "e1", offset: 10 }));
  assert.deepEqual((await admit(next, { epoch: "e1", offset: 10,
    recovered: true }, news(9), news(10), news(11))).since,
  { epoch: "e1", offset: 8 });
  assert.deepEqual(take(), [[10, true, 2], 9, 10, 11]);
  // Another beginning.
  next = await again();
  await next.say(placed({ epoch: "e2", offset: 0 }), news(1));
  assert.deepEqual(take(), [[0, false, 0], 1]);
  await next.say(placed({ epoch: "e2", offset: 5, recovered: false }), news(6));
  assert.deepEqual(take(), [[5, false, 0], 6]);
});

test("what the client itself may not have is missed, and it is told", async () => {
  const { api, peer, again } = await open();
  const told = [];
  api.on("news", (what) => told.push(what));
  api.on("subscribed", ({ recovered }) => told.push(recovered));
  await peer.say(placed({ epoch: "e", offset: 3 }));
  const next = await again();
  await next.say(placed({ epoch: "e", offset: 6 }), news(7));
  await next.refuse(next.next(), 403, "forbidden");
  assert.deepEqual(told, [undefined, false, 7]);
  const last = await again();
  await last.say(placed({ epoch: "e", offset: 7 }));
  assert.deepEqual(last.sent, []);
});

test("the end of what was missed may not come", async () => {
  const { api, peer, again, clock } = await open();
  const told = [];
  api.on("news", (what) => told.push(what));
  api.on("subscribed", ({ recovered }) => told.push(recovered));
  await peer.say(placed({ epoch: "e", offset: 3 }));
  for (const byEvent of [true, false]) {
    told.length = 0;
    const next = await again();
    await next.say(placed({ epoch: "e", offset: 6 + 10 * !byEvent }),
      news(7 + 10 * !byEvent));
    await admit(next, { epoch: "e", offset: 7 + 10 * !byEvent, recovered: true },
      news(4 + 10 * !byEvent));
    if (byEvent) {
      // One behind it says that it was all.
      await next.say(news(8));
      assert.deepEqual(told, [true, 4, 7, 8]);
      await next.say(...[9, 10, 11, 12, 13].map((n) => news(n)));
    } else {
      await clock.advance(4999);
      assert.deepEqual(told, [true, 14]);
      await clock.advance(1);
      assert.deepEqual(told, [true, 14, false, 17]);
    }
  }
});

test("a channel of one's own that the program enters first", async () => {
  const { api, peer, again } = await open();
  const { channel, heard } = follow(api);
  await admit(peer, { epoch: "e", offset: 1 });
  heard.length = 0;
  const next = await again();
  await next.say(placed({ epoch: "e", offset: 3 }), news(4));
  assert.equal(channel.isJoined, false);
  await admit(next, { epoch: "e", offset: 4, recovered: true }, news(2), news(3),
    news(5));
  assert.deepEqual(heard.map(([, what]) => what.missed ?? what), [3, 2, 3, 4, 5]);
});

test("half a character in a topic is U+FFFD, as the server has it", async () => {
  const { api, peer, again } = await open();
  const name = "rooms/\ufffd";
  const { channel, heard } = follow(api, "rooms/\ud800");
  assert.equal(channel.topic, name);
  const asked = await admit(peer, { epoch: "e", offset: 7 }, news(8, name));
  assert.equal(asked.topic, name);
  assert.deepEqual(heard.map(([, what]) => what.offset ?? what), [7, 8]);
  // It is one channel, by whichever half.
  follow(api, "rooms/\udc00");
  assert.deepEqual(peer.sent, []);
  const next = await again();
  heard.length = 0;
  const { since } = await admit(next, { epoch: "e", offset: 9, recovered: true },
    news(8, name), news(9, name));
  assert.deepEqual(since, { epoch: "e", offset: 8 });
  assert.deepEqual(heard.map(([, what]) => what.offset ?? what), [9, 9]);
});

test("an input that is no JSON is its caller's error, and nobody else's",
  async () => {
    const { api, peer } = await open();
    for (const input of [1n, () => 1, Symbol("a"), { toJSON() {} }])
      assert.throws(() => api.channel("a", { input }), TypeError);
    assert.deepEqual(peer.sent, []);
    const input = { n: 1 };
    api.channel("b", { input });
    assert.deepEqual(peer.next().payload, { topic: "b", input });
    // Who says the same asks for nothing else.
    api.channel("b", { input: { n: 1 } });
    assert.deepEqual(peer.sent, []);
    api.call("app::a:b", 1);
    assert.equal(peer.next().payload, 1);
  });
