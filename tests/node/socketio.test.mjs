// Stock clients of Socket.IO: default options, WebSocket only, polling only.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { io } from "socket.io-client";
import WebSocket from "ws";
import { Server } from "./server.mjs";

const kinds = {
  "default options": {},
  "WebSocket only": { transports: ["websocket"] },
  "polling only": { transports: ["polling"] },
};

let open;
let guarded;
before(async () => {
  open = await Server.start("flamigo-socketio-server", "--threads", "4");
  guarded = await Server.start("flamigo-socketio-server", "--guarded=true");
});
after(() => Promise.all([open.stop(), guarded.stop()]));

const connect = (server, options = {}, where = "/") =>
  io(`http://127.0.0.1:${server.port}${where}`, { forceNew: true, ...options });

const next = (socket, name, ms = 5000) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${name} came`)), ms);
    socket.once(name, (...what) => {
      clearTimeout(late);
      resolve(what);
    });
  });

const upgraded = async (socket) => {
  if (socket.io.engine.transport.name !== "websocket")
    await new Promise((resolve) => socket.io.engine.once("upgrade", resolve));
};

for (const [name, options] of Object.entries(kinds)) {
  test(`${name}: requests are acknowledged`, async () => {
    const socket = connect(open, options);
    const [hello] = await next(socket, "hello");
    assert.equal(hello, 1);
    assert.ok(socket.connected);
    const ask = (...what) => socket.timeout(5000).emitWithAck(...what);
    assert.deepEqual(await ask("app::t:echo", { a: [1, "ü"] }), { payload: { a: [1, "ü"] } });
    assert.deepEqual(await ask("app::t:echo", 1, 2), { payload: [1, 2] });
    assert.deepEqual(await ask("app::t:echo"), { payload: null });
    assert.deepEqual(await ask("app::h:echo", "x"), { payload: "x" });
    assert.deepEqual(await ask("app::t:late", 5), { payload: 5 });
    assert.deepEqual(await ask("app::t:nothing"), { payload: null });
    const refused = await ask("app::t:refuse");
    assert.equal(refused.error.status, 403);
    assert.equal(refused.error.message, "not you");
    const unknown = await ask("app::t:none");
    assert.equal(unknown.error.code, "unknown_strategy");
    const bad = await ask("app::t:length", 7);
    assert.equal(bad.error.code, "invalid_payload");
    socket.disconnect();
  });

  test(`${name}: events, questions and streams`, async () => {
    const one = connect(open, options);
    const two = connect(open, options);
    await Promise.all([next(one, "hello"), next(two, "hello")]);
    const heard = Promise.all([next(one, "news"), next(two, "news")]);
    one.emit("app::t:publish", { text: "it rains" });
    assert.deepEqual(await heard, [["it rains"], ["it rains"]]);
    one.on("page:confirm", (what, answer) => answer({ payload: what + 1 }));
    assert.deepEqual(await one.emitWithAck("app::t:ask"), { payload: 8 });
    const items = [];
    one.on("stream", (what) => items.push(what));
    const end = await one.emitWithAck("app::t:count", 3, { stream: "s" });
    assert.deepEqual(end, { payload: null });
    assert.deepEqual(items, [0, 1, 2].map((payload) => ({ id: "s", payload })));
    const none = await one.emitWithAck("app::t:count", 3);
    assert.equal(none.error.code, "invalid_payload");
    const wrong = next(one, "error");
    one.emit("app::t:refuse");
    assert.equal((await wrong)[0].status, 403);
    one.disconnect();
    two.disconnect();
  });

  test(`${name}: bytes go in and come out as they are`, async () => {
    const one = connect(open, options);
    const two = connect(open, options);
    await Promise.all([next(one, "hello"), next(two, "hello")]);
    const ask = (...what) => one.timeout(5000).emitWithAck(...what);
    const is = (got, ...bytes) => {
      assert.ok(Buffer.isBuffer(got), `${got} is no buffer`);
      assert.deepEqual([...got], bytes);
    };
    is((await ask("app::b:next", Buffer.from([1, 2, 255]))).payload, 2, 3, 0);
    is((await ask("app::b:next", new Uint8Array([7]))).payload, 8);
    is((await ask("app::b:next", Buffer.alloc(0))).payload);
    is((await ask("app::b:next", "AQI=")).payload, 2, 3);
    const all = await ask("app::b:all_next", Buffer.from([1]), Buffer.from([2]));
    is(all.payload[0], 2);
    is(all.payload[1], 3);
    const either = { name: "x", data: Buffer.from("abc"), more: [] };
    assert.deepEqual(await ask("app::b:either", either), { payload: "bytes abc" });
    assert.deepEqual(await ask("app::h:either", either), { payload: "bytes abc" });
    assert.deepEqual(await ask("app::b:either", { ...either, data: "YWJj" }), { payload: "text YWJj" });
    const image = { name: "ü", data: Buffer.from([0, 10, 13, 200]), more: [new Uint8Array([1]), new Uint8Array([2, 2])] };
    const same = (got) => {
      assert.equal(got.name, "ü");
      is(got.data, 0, 10, 13, 200);
      is(got.more[0], 1);
      is(got.more[1], 2, 2);
    };
    for (const strategy of ["app::b:picture", "app::b:late", "app::h:picture"])
      same((await ask(strategy, image)).payload);
    const published = Promise.all([next(one, "picture"), next(two, "picture")]);
    one.emit("app::b:publish", image);
    for (const [got] of await published) same(got);
    const sent = next(one, "sent");
    one.emit("app::b:send", Buffer.from([5]));
    is((await sent)[0], 5);
    const items = [];
    one.on("stream", (what) => items.push(what));
    await ask("app::b:parts", Buffer.from([3, 4]), { stream: "s" });
    items.forEach((x, i) => is(x.payload, 3 + i));
    assert.equal(items.length, 2);
    one.on("page:next", (what, answer) => answer({ payload: Buffer.from([...what].map((x) => x + 1)) }));
    is((await ask("app::b:ask", Buffer.from([1, 2]))).payload, 2, 3);
    one.disconnect();
    two.disconnect();
  });

  test(`${name}: bytes where none are declared`, async () => {
    const socket = connect(open, options);
    await next(socket, "hello");
    const data = Buffer.from("abc");
    for (const [strategy, input, field] of [
      ["app::b:text", data, ""],
      ["app::t:echo", data, ""],
      ["app::t:echo", { a: [1, data] }, "a[1]"],
      ["app::t:nothing", data, ""],
      ["app::t:late", data, ""],
      ["app::b:any", { name: "x", data }, "data"],
      ["app::b:titled", { name: "x", unknown: data }, "unknown"],
      ["app::b:titled", { name: data }, "name"],
      ["app::b:picture", { name: data, data }, "name"],
      ["app::h:echo", data, ""],
    ]) {
      const { error } = await socket.timeout(5000).emitWithAck(strategy, input);
      assert.equal(error?.code, "invalid_payload", strategy);
      assert.equal(error.status, 400);
      assert.equal(error.fieldErrors[0].field, field);
      assert.match(error.fieldErrors[0].error, /send JSON/);
    }
    socket.on("page:text", (what, answer) => answer({ payload: data }));
    const asked = await socket.timeout(5000).emitWithAck("app::b:ask_text");
    assert.equal(asked.error?.code, "invalid_payload");
    const wrong = next(socket, "error");
    socket.emit("app::b:text", data);
    assert.equal((await wrong)[0].code, "invalid_payload");
    assert.deepEqual(await socket.emitWithAck("app::t:echo", 1), { payload: 1 });
    socket.disconnect();
  });

  test(`${name}: namespaces`, async () => {
    const custom = connect(open, options, "/custom");
    assert.deepEqual(await next(custom, "custom"), [1]);
    assert.deepEqual(await custom.emitWithAck("app::t:echo", 1), { payload: 1 });
    custom.disconnect();
    const none = connect(open, options, "/none");
    const [why] = await next(none, "connect_error");
    assert.equal(why.message, "Invalid namespace");
    none.disconnect();
  });

  test(`${name}: an end says whether to come again`, async () => {
    const kicked = connect(open, options);
    await next(kicked, "hello");
    const told = next(kicked, "close");
    const gone = next(kicked, "disconnect");
    kicked.emit("app::t:end", { code: 3503, reason: "out" });
    assert.deepEqual(await told, [{ code: 3503, reason: "out" }]);
    assert.equal((await gone)[0], "io server disconnect");
    assert.equal(kicked.active, false);
    const moved = connect(open, { ...options, reconnectionDelay: 10 });
    await next(moved, "hello");
    const heard = [];
    moved.on("close", ({ code }) => heard.push(code));
    moved.on("disconnect", (why) => heard.push(why));
    const left = next(moved, "disconnect");
    moved.emit("app::t:end", { code: 3001, reason: "later" });
    await left;
    assert.deepEqual(heard, [3001, "transport close"]);
    await next(moved, "hello");
    moved.disconnect();
  });

  test(`${name}: credentials`, async () => {
    const good = connect(guarded, { ...options, auth: { token: "good" } });
    await next(good, "connect");
    const who = await good.emitWithAck("app::t:who");
    assert.equal(who.payload.user, "ada");
    assert.equal(who.payload.protocol, "socket.io");
    good.disconnect();
    const wrong = connect(guarded, { ...options, auth: { token: "wrong" } });
    const [why] = await next(wrong, "connect_error");
    assert.equal(why.message, "no such token");
    assert.deepEqual(why.data, { status: 401, code: "unauthorized" });
    assert.equal(wrong.active, false);
    const guest = connect(guarded, options);
    await next(guest, "connect");
    const denied = await guest.emitWithAck("app::t:who");
    assert.equal(denied.error.status, 401);
    const now = await guest.emitWithAck("app::websocket:auth", { token: "good" });
    assert.equal(now.payload.success, true);
    guest.disconnect();
    const later = connect(guarded, { ...options, reconnection: false, auth: { token: "later" } });
    const end = await Promise.race([next(later, "disconnect"), next(later, "connect_error"),
      new Promise((resolve) => later.io.once("close", (x) => resolve([x])))]);
    assert.equal(end[0], "transport close");
    later.disconnect();
  });
}

test("claims say what carries a client, before and after an upgrade", async () => {
  const socket = connect(open);
  await next(socket, "hello");
  await upgraded(socket);
  for (let i = 0; i < 100; ++i) {
    const { payload } = await socket.emitWithAck("app::t:who");
    if (payload.transport === "websocket") break;
  }
  const { payload } = await socket.emitWithAck("app::t:who");
  assert.equal(payload.transport, "websocket");
  socket.disconnect();
});

test("a drain of one namespace does not cut another short", async () => {
  const server = await Server.start("flamigo-socketio-server");
  const idle = connect(server, { transports: ["websocket"], reconnection: false });
  const busy = idle.io.socket("/custom");
  await Promise.all([next(idle, "hello"), next(busy, "custom")]);
  const asked = next(busy, "page:confirm");
  const answered = busy.timeout(5000).emitWithAck("app::t:ask");
  const [, answer] = await asked;
  const told = next(idle, "close");
  const stopped = server.stop();
  assert.equal((await told)[0].code, 3001);
  answer({ payload: 5 });
  assert.deepEqual(await answered, { payload: 5 });
  assert.equal(await stopped, 0);
  idle.disconnect();
});

test("who is put out of one namespace keeps the others", async () => {
  const socket = connect(open, { transports: ["websocket"], reconnection: false });
  const other = socket.io.socket("/custom");
  await Promise.all([next(socket, "hello"), next(other, "custom")]);
  socket.emit("app::t:end", { code: 3503, reason: "out" });
  assert.equal((await next(socket, "disconnect"))[0], "io server disconnect");
  // What the page has sent before it heard of it.
  const { engine } = socket.io;
  engine.write('2["app::t:nothing"]');
  engine.write("30[{}]");
  engine.write('51-["app::b:next",{"_placeholder":true,"num":0}]');
  engine.write(Buffer.from("x"));
  assert.deepEqual(await other.timeout(5000).emitWithAck("app::t:echo", 1), { payload: 1 });
  socket.connect();
  await next(socket, "hello");
  assert.deepEqual(await socket.timeout(5000).emitWithAck("app::t:echo", 2), { payload: 2 });
  socket.disconnect();
  other.disconnect();
});

/** What a client of raw packets hears until it is closed, and why. */
const heard = (...packets) =>
  new Promise((resolve) => {
    const ws = new WebSocket(
      `ws://127.0.0.1:${guarded.port}/socket.io/?EIO=4&transport=websocket`);
    const texts = [];
    ws.on("open", () => packets.forEach((x) => ws.send(x)));
    ws.on("message", (x) => texts.push(x.toString()));
    ws.on("close", (code, why) => resolve({ texts: texts.slice(1), code, why: why.toString() }));
  });

for (const [what, ...packets] of [
  ["an event before a namespace", '42["app::t:echo"]'],
  ["attachments to no namespace", '451-["app::t:echo",{"_placeholder":true,"num":0}]', Buffer.from("x")],
  ["bytes that nobody has announced", Buffer.from("x")],
  ["credentials that are no object", "40[1]"],
  ["credentials that are cut off", '40{"token":'],
  ["a namespace of 300 bytes", `40/${"a".repeat(299)},`],
])
  test(`a session ends at ${what}`, { timeout: 5000 }, async () => {
    const { texts, code } = await heard(...packets);
    assert.equal(code, 1002);
    assert.deepEqual(texts, []);
  });

for (const [what, ...packets] of [
  ["a second connection", "40"],
  ["an event behind its own end", "41", '42["app::t:nothing"]'],
  ["a text where bytes were announced", '451-["app::t:echo",{"_placeholder":true,"num":0}]', "41"],
  ["another event where bytes were announced", '451-["app::t:echo",{"_placeholder":true,"num":0}]', '42["app::t:nothing"]'],
  ["a placeholder for no attachment", '451-["app::b:next",{"_placeholder":true,"num":1}]', Buffer.from("x")],
  ["a placeholder without a number", '451-["app::b:next",{"_placeholder":true}]', Buffer.from("x")],
  ["bytes for what is no JSON", '451-["app::b:next",{"_placeholder":true,"num":0}', Buffer.from("x")],
  ["an attachment too many", '451-["app::b:next",{"_placeholder":true,"num":0}]', Buffer.from("x"), Buffer.from("y")],
  ["no attachments", '450-["app::b:next"]'],
  ["33 attachments", '4533-["app::b:next"]'],
])
  test(`a session that is connected ends at ${what}`, { timeout: 5000 }, async () => {
    assert.equal((await heard("40", ...packets)).code, 1002);
  });

test("bytes of a packet count together", { timeout: 5000 }, async () => {
  const data = Buffer.alloc(40_000);
  const placeholders = [0, 1].map((num) => JSON.stringify({ _placeholder: true, num }));
  const { code } = await heard("40", `452-["app::b:all_next",${placeholders}]`, data, data);
  assert.equal(code, 1009);
});

test("placeholders may come in any order, and twice", { timeout: 5000 }, async () => {
  const ws = new WebSocket(`ws://127.0.0.1:${open.port}/socket.io/?EIO=4&transport=websocket`);
  const heard = [];
  const done = new Promise((resolve, reject) => {
    ws.on("error", reject);
    ws.on("close", () => reject(new Error("it was closed")));
    ws.on("message", (x, binary) => {
      heard.push(binary ? [...x] : x.toString());
      if (heard.filter(Array.isArray).length === 3) resolve();
    });
  });
  ws.on("open", () => {
    const at = (num) => JSON.stringify({ _placeholder: true, num });
    ws.send("40");
    ws.send(`452-7["app::b:all_next",${at(1)},${at(0)},${at(1)}]`);
    ws.send(Buffer.from([10]));
    ws.send(Buffer.from([20]));
  });
  await done;
  const at = (num) => `{"_placeholder":true,"num":${num}}`;
  assert.ok(heard.includes(`463-7[{"payload":[${at(0)},${at(1)},${at(2)}]}]`));
  assert.deepEqual(heard.filter(Array.isArray), [[21], [11], [21]]);
  ws.terminate();
});

test("a native client has bytes as base64", { timeout: 5000 }, async () => {
  const ws = new WebSocket(`ws://127.0.0.1:${open.port}/ws`);
  await new Promise((resolve) => ws.once("open", resolve));
  const reply = new Promise((resolve) =>
    ws.on("message", (x) => { const what = JSON.parse(x); if (what.ackId) resolve(what); }));
  ws.send(JSON.stringify({ topic: "app::b:next", payload: "AQI=", ackId: "1" }));
  assert.equal((await reply).payload, "AgM=");
  ws.terminate();
});

test("bytes are bytes when a channel tells them again", { timeout: 10_000 }, async () => {
  const socket = connect(open);
  await next(socket, "hello");
  const subscribe = async (input) =>
    (await socket.emitWithAck("app::websocket:subscribe", { topic: "gallery", ...input })).payload;
  const { epoch, offset } = await subscribe({});
  for (const before of [true, false]) {
    const heard = next(socket, "hung");
    if (before) await socket.emitWithAck("app::b:hang", { data: Buffer.from([1, 2]) });
    else {
      await socket.emitWithAck("app::websocket:unsubscribe", { topic: "gallery" });
      assert.equal((await subscribe({ since: { epoch, offset } })).recovered, true);
    }
    const [what, places] = await heard;
    assert.ok(Buffer.isBuffer(what.data));
    assert.deepEqual([...what.data], [1, 2]);
    assert.deepEqual(places, { offsets: { gallery: offset + 1 } });
  }
  socket.disconnect();
});
