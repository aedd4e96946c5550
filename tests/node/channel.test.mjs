// Channels of the chat example, with a client that is not ours: what one gets
// and has missed, and who is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Server } from "./server.mjs";

const ways = [[], ["--compression"], ["--compression",
  "--compression-context"]];

/** Runs `body` with a server of each kind. */
function each(name, body) {
  for (const way of ways)
    test([name, ...way].join(" "), async () => {
      const server = await Server.start("flamigo-chat", ...way);
      try {
        await body(server, way);
      } finally {
        assert.equal(await server.stop(), 0);
      }
    });
}

/** A client who is known by this name. */
async function enter(server, name, way) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/login`, {
    method: "POST",
    body: JSON.stringify({ name }),
  });
  const { token } = await answer.json();
  const client = await server.connect({ perMessageDeflate: way.length > 0 });
  assert.equal(client.ws.extensions !== "", way.length > 0);
  const { payload } = await client.ask({ topic: "app::websocket:auth",
    payload: { token }, ackId: 0 });
  assert.equal(payload.success, true);
  return client;
}

/** Calls something, and resolves with what is answered: nothing else comes. */
async function call(client, action, payload) {
  const answer = await client.ask({ topic: `app::${action}`, payload,
    ackId: 1 });
  assert.equal(answer.ackId, 1, JSON.stringify(answer));
  return answer.payload;
}

const subscribe = (client, payload) =>
  call(client, "websocket:subscribe", { topic: "rooms/a", ...payload });

const person = (name) => ({ key: `u:${name}`, state: { name } });

const change = (joined, left) => ({ topic: "presence", payload: {
  topic: "rooms/a", joined: joined.map(person),
  left: left.map((name) => ({ key: `u:${name}` })) } });

each("clients see each other come and go", async (server, way) => {
  const ada = await enter(server, "Ada", way);
  const { presence } = await subscribe(ada, { presence: true });
  assert.deepEqual(presence, [person("Ada")]);
  assert.deepEqual(await ada.next(), change(["Ada"], []));
  const bob = await enter(server, "Bob", way);
  assert.equal((await subscribe(bob)).presence, undefined);
  assert.deepEqual(await ada.next(), change(["Bob"], []));
  // Another window of somebody who is there is nobody new.
  const again = await enter(server, "Bob", way);
  await subscribe(again);
  const cid = await enter(server, "Cid", way);
  await subscribe(cid);
  assert.deepEqual(await ada.next(), change(["Cid"], []));
  assert.deepEqual(await call(cid, "websocket:presence", { topic: "rooms/a" }),
    { presence: ["Ada", "Bob", "Cid"].map(person) });
  // With a word, and without one.
  await call(cid, "websocket:unsubscribe", { topic: "rooms/a" });
  assert.deepEqual(await ada.next(), change([], ["Cid"]));
  bob.ws.terminate();
  again.ws.terminate();
  assert.deepEqual(await ada.next(), change([], ["Bob"]));
  // Who has not asked was told nothing.
  assert.deepEqual(cid.heard, []);
  for (const client of [ada, cid]) await client.close();
});

each("a client comes back to what it has missed", async (server, way) => {
  const ada = await enter(server, "Ada", way);
  const bob = await enter(server, "Bob", way);
  const at = await subscribe(ada);
  const posted = async (text) =>
    (await call(bob, "chat:post", { room: "a", text })).id;
  const event = (text, offset) => ({ text, offsets: { "rooms/a": offset } });
  const heard = async (client, count) => {
    const result = [];
    while (result.length < count) {
      const { topic, payload, offsets } = await client.next();
      assert.equal(topic, "chat:message");
      result.push({ text: payload.text, offsets });
    }
    return result;
  };
  await posted("one");
  assert.deepEqual(await heard(ada, 1), [event("one", 1)]);
  ada.ws.terminate();
  // Alike, so that they are well compressed, and not quite.
  const texts = Array.from({ length: 50 }, (_, i) => `${i} `.repeat(90));
  for (const text of texts) await posted(text);
  const again = await enter(server, "Ada", way);
  const back = await subscribe(again, { since: { epoch: at.epoch, offset: 1 } });
  assert.deepEqual([back.epoch, back.offset, back.recovered],
    [at.epoch, 51, true]);
  assert.deepEqual(await heard(again, 50),
    texts.map((text, i) => event(text, i + 2)));
  await posted("last");
  assert.deepEqual(await heard(again, 1), [event("last", 52)]);
  for (const client of [again, bob]) await client.close();
});

test("a server that was restarted says that it knows nothing", async () => {
  const server = await Server.start("flamigo-chat");
  const ada = await enter(server, "Ada", []);
  const { epoch } = await subscribe(ada);
  await ada.close();
  assert.equal(await server.stop(), 0);
  const other = await Server.start("flamigo-chat", "--port",
    String(server.port));
  try {
    const again = await enter(other, "Ada", []);
    const back = await subscribe(again, { since: { epoch, offset: 0 } });
    assert.equal(back.recovered, false);
    assert.equal(back.offset, 0);
    assert.notEqual(back.epoch, epoch);
    await again.close();
  } finally {
    assert.equal(await other.stop(), 0);
  }
});
