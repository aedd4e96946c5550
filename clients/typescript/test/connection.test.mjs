// The connection: when it is opened again, and how it proves who one is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, open, outcome, settled } from "./fake.mjs";

const names = (states) => states.map(({ name }) => name);

test("the address is a WebSocket's, and a place without one says so", () => {
  assert.equal(begin().peer.url, "ws://server/ws");
  assert.deepEqual(begin().peer.protocols, ["flamigo.v1"]);
  assert.throws(() => begin({ WebSocket: undefined }), /there is no WebSocket/);
});

test("an attempt comes after any time up to a bound that doubles", async () => {
  const all = begin();
  const { clock, states, peers } = all;
  const bounds = [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000];
  for (const [i, bound] of bounds.entries())
    for (const chance of i === 0 ? [0.5] : [1]) {
      clock.chance = chance;
      await all.peer.end();
      const { name, reason, retryInMs } = states.at(-1);
      assert.deepEqual([name, reason.why, retryInMs],
        ["waiting", "lost", chance * bound]);
      await clock.advance(retryInMs - 1);
      assert.equal(peers.length, i + 1);
      await clock.advance(1);
      assert.equal(peers.length, i + 2);
      assert.deepEqual(states.at(-1), { name: "connecting", attempt: i + 2 });
    }
  // What has lasted is thought well of; what has not is not.
  await all.accept();
  await clock.advance(4999);
  await all.peer.end();
  assert.equal(states.at(-1).retryInMs, 20_000);
  await clock.advance(20_000);
  await all.accept();
  await clock.advance(5000);
  await all.peer.end();
  assert.equal(states.at(-1).retryInMs, 500);
});

test("chance may say at once", async () => {
  const { clock, peer, peers } = begin();
  clock.chance = 0;
  await peer.end();
  await clock.advance(0);
  assert.equal(peers.length, 2);
});

for (const [code, expected] of Object.entries({
  1000: "retry", 1001: "retry", 1005: "retry", 1006: "retry", 1009: "retry",
  1011: "retry", 3001: "retry", 3008: "retry", 3012: "retry", 3499: "retry",
  4000: "retry", 4499: "retry", 3005: "fresh", 3013: "later", 3502: "fresh",
  1002: "end", 1003: "end", 1007: "end", 3501: "end", 3503: "end", 3999: "end",
  4500: "end", 4999: "end",
}))
  test(`the close code ${code} is obeyed: ${expected}`, async () => {
    let given = 0;
    const token = () => ({ token: `t${++given}`, expiresInMs: 1e9 });
    const { clock, peer, peers, states, api } = await open({ token });
    await peer.reply(peer.next(), { success: true });
    clock.chance = 0.5;
    await peer.end(Number(code), "why");
    const { name, reason, retryInMs } = states.at(-1);
    assert.deepEqual(reason, { code: Number(code), message: "why",
      why: code === "1005" || code === "1006" ? "lost" : "server" });
    assert.equal(name, expected === "end" ? "closed" : "waiting");
    if (expected === "later") assert.equal(retryInMs, 15_000);
    else if (expected !== "end") assert.equal(retryInMs, 250);
    await clock.advance(60_000);
    assert.equal(peers.length > 1, expected !== "end");
    assert.equal(given, expected === "fresh" ? 2 : 1);
    // One's own will is another matter.
    api.reconnect();
    assert.equal(states.at(-1).name, "connecting");
  });

test("who was not told to authenticate does not come back from 3502", async () => {
  const { peer, states } = await open();
  await peer.end(3502);
  assert.equal(states.at(-1).name, "closed");
});

test("without a network it waits for one", async () => {
  const all = await open();
  const { page, clock, peers, states } = all;
  page.navigator.onLine = false;
  await all.peer.end();
  assert.deepEqual([states.at(-1).name, states.at(-1).reason.why],
    ["offline", "lost"]);
  await clock.advance(100_000);
  assert.equal(peers.length, 1);
  page.navigator.onLine = true;
  await page.tell("online");
  assert.equal(peers.length, 2);
  // In the middle of a wait, too.
  await peers.at(-1).end();
  await page.tell("online");
  assert.equal(peers.length, 3);
  await clock.advance(9999);
  assert.equal(peers.length, 3, "the attempt that waited was the same");
});

test("a page that is kept has no connection, and one at once when shown",
  async () => {
    const { page, peer, peers, clock, states, api } = await open();
    await page.tell("pagehide", { persisted: false });
    assert.equal(states.at(-1).name, "open");
    const call = outcome(api.call("app::a:b"));
    await page.tell("pagehide", { persisted: true });
    assert.equal(peer.wasDropped, true);
    assert.deepEqual(states.at(-1), { name: "waiting",
      reason: { why: "kept", message: "the page was left" } });
    assert.equal(call.error.code, "lost");
    await clock.advance(100_000);
    assert.equal(peers.length, 1);
    await page.tell("pageshow", { persisted: true });
    assert.equal(peers.length, 2);
    api.close();
    await page.tell("pageshow", { persisted: true });
    await page.tell("online");
    assert.equal(peers.length, 2);
  });

test("a socket that does not open is given up", async () => {
  const { clock, peer, states } = begin({ patience: 300 });
  await clock.advance(300);
  assert.equal(peer.wasDropped, true);
  assert.equal(states.at(-1).reason.message, "the server does not answer");
});

test("silence is looked into, and is the end if nothing answers", async () => {
  const { api, clock, peer, states, page } = await open({ heartbeat: 1000,
    patience: 100 });
  await clock.advance(900);
  await peer.say({ topic: "news", payload: 1 });
  await clock.advance(999);
  assert.deepEqual(peer.sent, []);
  await clock.advance(1);
  const asked = peer.next();
  assert.deepEqual(asked, { topic: "app::websocket:cancel",
    payload: { ackId: "-" }, ackId: "-" });
  await clock.advance(50);
  await peer.reply(asked, { cancelled: false });
  await clock.advance(999);
  assert.deepEqual(peer.sent, []);
  assert.equal(api.state.name, "open");
  // The network is back, so is the server?
  await page.tell("online");
  peer.next();
  await clock.advance(100);
  assert.equal(peer.wasDropped, true);
  assert.deepEqual([states.at(-1).name, states.at(-1).reason.why],
    ["waiting", "lost"]);
});

test("an answer in the same tick of a coarse clock is one", async () => {
  const { api, peer, clock } = await open({ heartbeat: 1000, patience: 100 });
  await clock.advance(1000);
  await peer.reply(peer.next(), { cancelled: false });
  await clock.advance(100);
  assert.equal(api.state.name, "open");
});

test("a token that is shown while the server is asked does not end the asking",
  async () => {
    const { api, peer, clock, page } = await open({ token: () => "t",
      heartbeat: 20_000, patience: 10_000 });
    await peer.reply(peer.next(), { success: true });
    await clock.advance(6000);
    const call = outcome(api.call("app::a:b", 1, { idempotent: true }));
    const asked = peer.next();
    await page.tell("online");
    assert.equal(peer.next().ackId, "-");
    // It is heard, and the token is shown, while the asking lasts.
    await peer.refuse(asked, 401, "unauthorized");
    await peer.reply(peer.next(), { success: true });
    await peer.reply(peer.next(), 7);
    assert.equal(call.value, 7);
    await clock.advance(20_000);
    assert.equal(peer.next().ackId, "-");
    await clock.advance(10_000);
    assert.equal(peer.wasDropped, true);
  });

test("what is no protocol is not tried again", async () => {
  const { peer, states } = await open();
  peer.onmessage({ data: "<html>" });
  assert.deepEqual([states.at(-1).name, states.at(-1).reason.code],
    ["closed", 1002]);
});

// -- tokens -------------------------------------------------------------------

const auth = (token, ackId) => ({ topic: "app::websocket:auth",
  payload: { token }, ackId });

test("the first requests go behind the token, without waiting", async () => {
  let given = 0;
  const all = begin({ token: async () => `t${++given}` });
  const { api, states } = all;
  const call = outcome(api.call("app::a:b", 1));
  await settled();
  assert.equal(given, 1, "while the socket opens");
  const peer = await all.accept();
  const [shown, asked] = [peer.next(), peer.next()];
  assert.deepEqual(shown, auth("t1", shown.ackId));
  assert.equal(asked.payload, 1);
  assert.equal(states.at(-1).name, "authenticating");
  await peer.reply(shown, { success: true });
  assert.equal(states.at(-1).name, "open");
  await peer.reply(asked, 2);
  assert.equal(call.value, 2);
  assert.deepEqual(names(states), ["authenticating", "open"]);
});

test("no more goes there than a server takes of somebody unknown", async () => {
  const all = begin({ token: () => "t" });
  for (let i = 0; i < 20; ++i) all.api.call("app::a:b", i);
  const peer = await all.accept();
  assert.equal(peer.sent.length, 1 + 15);
  await peer.reply(peer.next(), { success: true });
  assert.equal(peer.sent.length, 20);
  const other = begin({ token: () => "t" });
  other.api.call("app::a:b", "x".repeat(5000));
  other.api.call("app::a:b", 1);
  const second = await other.accept();
  assert.equal(second.sent.length, 1, "in order");
});

test("a token that takes its time is not asked for again", async () => {
  let given = 0;
  let give;
  const all = begin({ token: () => {
    given++;
    return new Promise((resolve) => { give = resolve; });
  } });
  const peer = await all.accept();
  await peer.end(3502, "authenticate in time");
  await all.clock.advance(500);
  const next = await all.peers.at(-1);
  await next.accept();
  give("late");
  await settled();
  assert.equal(next.next().payload.token, "late");
  assert.equal(given, 1);
});

test("what is undefined is not said", async () => {
  const { api, peer } = await open({ timeout: undefined, page: undefined,
    token: undefined });
  const call = outcome(api.call("app::a:b", 1, { timeout: undefined }));
  await peer.reply(peer.next(), 2);
  assert.equal(call.value, 2);
});

test("a guest shows nothing", async () => {
  const { peer, api } = await open({ token: () => null });
  assert.equal(api.state.name, "open");
  assert.deepEqual(peer.sent, []);
});

test("a token that is refused is got anew, and what may be sent twice is",
  async () => {
    let given = 0;
    const all = begin({ token: async () => `t${++given}` });
    const { api, clock, states } = all;
    const call = outcome(api.call("app::a:b", 1, { idempotent: true }));
    // It may have been done: what is open to guests is.
    const once = outcome(api.call("app::a:login", 2));
    const peer = await all.accept();
    const [shown, first, second] = peer.sent.splice(0);
    await peer.refuse(shown, 401, "unauthorized");
    await peer.refuse(first, 401, "unauthorized");
    await peer.refuse(second, 401, "unauthorized");
    const { name, reason, retryInMs } = states.at(-1);
    assert.deepEqual([name, reason.why, reason.error.status, retryInMs],
      ["waiting", "token", 401, 500]);
    assert.equal(call.isSettled, false);
    assert.equal(once.error.status, 401);
    await clock.advance(500);
    const again = peer.next();
    assert.equal(again.payload.token, "t2");
    assert.deepEqual(peer.sent, [], "one refusal is enough");
    await peer.reply(again, { success: true });
    const asked = peer.next();
    assert.equal(asked.payload, 1);
    // Another token was good a moment ago.
    await peer.refuse(asked, 401, "unauthorized");
    assert.equal(call.error.status, 401);
    assert.deepEqual([peer.sent, given], [[], 2]);
  });

test("a strategy that says unauthorized itself is called once", async () => {
  let given = 0;
  const { api, peer, clock } = await open({ token: () => `t${++given}` });
  await peer.reply(peer.next(), { success: true });
  for (let pins = 0; pins < 5; ++pins) {
    const call = outcome(api.call("app::bank:pay", pins));
    await peer.refuse(peer.next(), 401, "unauthorized", { message: "wrong pin" });
    assert.deepEqual([call.error.message, call.error.maybeExecuted, peer.sent],
      ["wrong pin", false, []]);
  }
  assert.equal(given, 1, "the token was good a moment ago");
  await clock.advance(5000);
  const call = outcome(api.call("app::bank:pay", 6));
  await peer.refuse(peer.next(), 401, "unauthorized");
  assert.equal(call.error.status, 401);
  await peer.reply(peer.next(), { success: true });
  assert.deepEqual([peer.sent, given], [[], 2]);
});

test("the waits begin anew where a good connection wants another token", async () => {
  let isDown = false;
  const all = begin({ token: () => {
    if (isDown) throw new Error("not now");
    return "t";
  } });
  const { api, clock, states } = all;
  for (let i = 0; i < 6; ++i) {
    await all.peer.end();
    await clock.advance(20_000);
  }
  const peer = await all.accept();
  await peer.reply(peer.next(), { success: true });
  await clock.advance(3_600_000);
  isDown = true;
  for (const retryInMs of [500, 1000]) {
    const call = outcome(api.call("app::a:b", 1, { idempotent: true }));
    if (retryInMs === 500) await peer.refuse(peer.next(), 401, "unauthorized");
    assert.deepEqual([states.at(-1).reason.why, states.at(-1).retryInMs],
      ["token", retryInMs]);
    await clock.advance(retryInMs);
    assert.equal(call.isSettled, false);
  }
});

test("what was lost once may have been done, whatever is refused later",
  async () => {
    const { api, peer, again, clock } = await open({ token: () => "t" });
    await peer.reply(peer.next(), { success: true });
    const call = outcome(api.call("app::a:b", 1, { idempotent: true }));
    const next = await again();
    await next.refuse(next.next(), 401, "unauthorized");
    await next.refuse(next.next(), 401, "unauthorized");
    await next.end();
    await clock.advance(15_000);
    assert.deepEqual([call.error.code, call.error.maybeExecuted],
      ["timeout", true]);
  });

test("a token that cannot be got is tried again", async () => {
  let given = 0;
  const all = begin({ token: async () => {
    if (++given === 1) throw new Error("no login today");
    return "t";
  } });
  const peer = await all.accept();
  assert.equal(all.states.at(-1).reason.message, "no login today");
  await all.clock.advance(500);
  await peer.reply(peer.next(), { success: true });
  assert.equal(all.api.state.name, "open");
});

test("what gives no token says so in a text, whatever it throws", async () => {
  const thrown = ["no login", undefined, null, 7, Symbol("no"), { message: 7 },
    new Error("")];
  const all = begin({ token: async () => { throw thrown.shift(); } });
  await all.accept();
  while (thrown.length > 0) await all.clock.advance(20_000);
  assert.deepEqual(all.states.filter(({ name }) => name === "waiting")
    .map(({ reason: { why, message } }) => [why, message]),
  ["no login", "undefined", "null", "7", "Symbol(no)", "7", ""]
    .map((message) => ["token", message]));
});

test("a token is got anew before it ends", async () => {
  let given = 0;
  const { peer, clock, api } = await open({ token: () => `t${++given}` });
  await peer.reply(peer.next(), { success: true, expiresInMs: 10_000 });
  await clock.advance(7999);
  assert.deepEqual(peer.sent, []);
  await clock.advance(1);
  // Meanwhile all goes on.
  const shown = peer.next();
  assert.equal(shown.payload.token, "t2");
  const call = outcome(api.call("app::a:b", 1));
  await peer.reply(peer.next(), 7);
  assert.equal(call.value, 7);
  await peer.refuse(shown, 503, "unavailable");
  await clock.advance(5000);
  const again = peer.next();
  assert.equal(again.payload.token, "t3");
  await peer.reply(again, { success: true, expiresInMs: 20_000 });
  await clock.advance(16_000);
  // It is somebody else by now.
  await peer.refuse(peer.next(), 409, "conflict");
  assert.equal(peer.wasDropped, true);
  assert.equal(api.state.reason.why, "token");
});

test("the token says itself how long it is good, where the server does not",
  async () => {
    let given = 0;
    const all = await open({
      token: () => ({ token: `t${++given}`, expiresInMs: 10_000 }) });
    const { peer, clock, again } = all;
    await peer.reply(peer.next(), { success: true });
    await clock.advance(8000);
    await peer.reply(peer.next(), { success: true });
    assert.equal(given, 2);
    // What is good is shown again.
    const next = await again();
    assert.equal(next.next().payload.token, "t2");
  });

test("an expired token is got anew for the next connection", async () => {
  let given = 0;
  const { peer, again } = await open({
    token: () => ({ token: `t${++given}`, expiresInMs: 1e6 }) });
  await peer.reply(peer.next(), { success: true });
  const next = await again(3005);
  assert.equal(next.next().payload.token, "t2");
});

test("a token of an earlier connection that is refused is got anew at once",
  async () => {
    let given = 0;
    const { peer, again, clock, states } = await open({
      token: () => ({ token: `t${++given}`, expiresInMs: 1e6 }) });
    await peer.reply(peer.next(), { success: true });
    const next = await again();
    const old = next.next();
    assert.equal(old.payload.token, "t1");
    await next.refuse(old, 401, "unauthorized");
    const fresh = next.next();
    assert.equal(fresh.payload.token, "t2");
    assert.equal(states.at(-1).name, "authenticating");
    // Nothing is known of one that was got for this connection.
    await next.refuse(fresh, 401, "unauthorized");
    assert.deepEqual([states.at(-1).name, states.at(-1).reason.why, next.sent],
      ["waiting", "token", []]);
    await clock.advance(states.at(-1).retryInMs);
    await next.reply(next.next(), { success: true });
    assert.equal(given, 3);
    // A server that has no time is left alone.
    const last = await again();
    await last.refuse(last.next(), 503, "unavailable");
    assert.deepEqual([states.at(-1).name, last.sent], ["waiting", []]);
  });

test("a token that nobody waits for any more says nothing of the next one",
  async () => {
    let give;
    let given = 0;
    const all = begin({ token: () => ++given > 1 ? "t"
      : new Promise((resolve) => { give = resolve; }) });
    await settled();
    all.api.reconnect();
    const peer = await all.accept();
    give({ token: "forgotten", expiresInMs: 10_000 });
    await settled();
    const shown = peer.next();
    assert.equal(shown.payload.token, "t");
    await peer.reply(shown, { success: true });
    await all.clock.advance(20_000);
    assert.deepEqual([given, peer.sent], [2, []]);
  });

test("the server knows best how long a token is good", async () => {
  let given = 0;
  const { peer, clock } = await open({
    token: () => ({ token: `t${++given}`, expiresInMs: 10_000 }) });
  await peer.reply(peer.next(), { success: true, expiresInMs: 100_000 });
  await clock.advance(79_999);
  assert.deepEqual(peer.sent, []);
  await clock.advance(1);
  assert.equal(peer.next().payload.token, "t2");
});

test("who is unknown to a server that was told is told again, once", async () => {
  let given = 0;
  const { api, peer, clock } = await open({ token: () => `t${++given}` });
  await peer.reply(peer.next(), { success: true });
  await clock.advance(5000);
  const calls = [1, 2].map((n) =>
    outcome(api.call("app::a:b", n, { idempotent: true })));
  const [one, two] = [peer.next(), peer.next()];
  await peer.refuse(two, 401, "unauthorized");
  await peer.refuse(one, 401, "unauthorized");
  const shown = peer.next();
  assert.deepEqual([shown.payload.token, peer.sent.length], ["t2", 0]);
  await peer.reply(shown, { success: true });
  assert.deepEqual(peer.sent.map(({ payload }) => payload), [1, 2]);
  for (const asked of peer.sent.splice(0)) await peer.reply(asked, asked.payload);
  assert.deepEqual(calls.map(({ value }) => value), [1, 2]);
  // An answer of the program's own is one.
  const own = outcome(api.call("app::a:b"));
  await peer.refuse(peer.next(), 401, "wrong_pin");
  assert.equal(own.error.code, "wrong_pin");
});

test("another connection shows another token", async () => {
  let given = 0;
  const all = await open({
    token: () => ({ token: `t${++given}`, expiresInMs: 1e6 }) });
  await all.peer.reply(all.peer.next(), { success: true });
  const call = outcome(all.api.call("app::a:b"));
  all.api.reconnect();
  await settled();
  assert.equal(call.error.code, "lost");
  assert.equal(all.peer.wasDropped, true);
  const next = all.peers.at(-1);
  await next.accept();
  assert.equal(next.next().payload.token, "t2");
});

test("a program may end it in the middle of a change", async () => {
  for (const name of ["authenticating", "open", "waiting"]) {
    const all = begin({ token: () => "t" });
    const { api, clock, peers } = all;
    api.onState((state) => state.name === name && api.close());
    const peer = await all.accept();
    if (peer.sent.length > 0) await peer.reply(peer.next(), { success: true });
    await peer.end();
    await clock.advance(60_000);
    assert.deepEqual([api.state.name, peers.length, clock.timers],
      ["closed", 1, 0], name);
  }
});

test("each hears the states in the order in which they came", async () => {
  const { api, peer } = await open();
  const [first, second] = [[], []];
  api.onState((state) => {
    first.push(state.name);
    if (state.name === "waiting") api.reconnect();
  });
  api.onState(({ name }) => second.push(name));
  const brief = [];
  const off = api.onState(({ name }) => {
    brief.push(name);
    off();
  });
  await peer.end();
  assert.deepEqual([first, second, brief],
    [["waiting", "connecting"], ["waiting", "connecting"], ["waiting"]]);
});

test("who ends a question may end the connection, or open another", async () => {
  for (const [way, expected] of [["close", ["closed"]],
    ["reconnect", ["connecting"]]])
    for (const how of ["end", "reconnect", "pagehide", "close"]) {
      const { api, peer, peers, clock, page, states } = await open();
      states.splice(0);
      api.onRequest("ask", (_, { signal }) => new Promise(() =>
        signal.addEventListener("abort", () => api[way]())));
      await peer.say({ topic: "ask", payload: null, requestId: "1" });
      if (how === "end") await peer.end();
      else if (how === "pagehide") await page.tell(how, { persisted: true });
      else api[how]();
      assert.deepEqual(names(states), expected, `${way} in ${how}`);
      await clock.advance(5000);
      assert.equal(peers.length, way === "close" ? 1 : 2, `${way} in ${how}`);
    }
});

test("what gives a token may end the connection", async () => {
  let all;
  let given = 0;
  all = begin({ token: () => {
    if (++given === 2) all.api.close();
    return "t";
  } });
  const { clock, peers, api, peer } = all;
  await peer.accept();
  await peer.reply(peer.next(), { success: true });
  await peer.end();
  await clock.advance(60_000);
  assert.deepEqual([api.state.name, peers.length, clock.timers],
    ["closed", 2, 0]);
});

test("what gives a token may open another connection, which asks for its own",
  async () => {
    let given = 0;
    const all = await open({ token: () => {
      const own = ++given;
      if (own === 2) all.api.reconnect();
      return `t${own}`;
    } });
    await all.peer.reply(all.peer.next(), { success: true });
    const next = await all.again();
    assert.deepEqual([next.next().payload.token, all.peers.length], ["t3", 3]);
  });

test("who opens another connection has nothing sent before the token",
  async () => {
    let given = 0;
    const all = begin({ token: () => ++given === 1 ? "t" : new Promise(() => {}) });
    const { api, peer, peers } = all;
    api.onState(({ name }) => name === "open" && api.reconnect());
    await peer.accept();
    await peer.reply(peer.next(), { success: true });
    const next = peers.at(-1);
    assert.notEqual(next, peer);
    await next.accept();
    api.call("app::a:b").catch(() => {});
    assert.deepEqual(next.sent, []);
  });

test("a socket that cannot be made is an attempt that has failed", async () => {
  let isBroken = false;
  const made = [];
  class WebSocket {
    constructor() {
      if (isBroken) throw new Error("not now");
      made.push(this);
    }

    close() {}
  }
  const { api, clock, states } = begin({ WebSocket });
  isBroken = true;
  made[0].onclose({ code: 1006 });
  for (let i = 1; i < 4; ++i) {
    await clock.advance(states.at(-1).retryInMs);
    const { name, reason } = states.at(-1);
    assert.deepEqual([name, reason.why, reason.message],
      ["waiting", "lost", "not now"]);
  }
  isBroken = false;
  await clock.advance(states.at(-1).retryInMs);
  assert.deepEqual([made.length, api.state.name], [2, "connecting"]);
  // The first time it is the program's.
  isBroken = true;
  assert.throws(() => begin({ WebSocket }), /not now/);
});
