// Three nodes of the chat behind a load balancer, which are restarted one after the
// other while people talk.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import WebSocket from "ws";
import { Nats } from "./nats.mjs";
import { checkPage } from "./promtool.mjs";
import { balancer, freePort, Proxy } from "./proxies.mjs";
import { bin, Server } from "./server.mjs";

const channel = "rooms/lobby";

/** Milliseconds that a client may be away. */
const mayBeAway = 5000;

/** Until a load balancer has seen a node that is back. */
const seenSoon = 3000;

/** Of the clients, every third one writes, each time after so many milliseconds: while
    somebody may be away it is no more than the room keeps, 100 messages. */
const people = 30;
const writesEvery = 500;

let dir;
let nats;
let ports;
let metricsPorts;
let nodes;
let proxy;

function start(i) {
  return Server.run(path.join(bin, "flamigo-chat"), { port: ports[i] },
    "--nats-url", nats.url, "--nats-required", "--node-name", `node-${i}`,
    "--token-secret-file", path.join(dir, "key"), "--drain-timeout", "2s",
    "--metrics-port", String(metricsPorts[i]));
}

before(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), "flamigo-cluster-"));
  writeFileSync(path.join(dir, "key"), "k".repeat(32));
  nats = await Nats.start();
  ports = [await freePort(), await freePort(), await freePort()];
  metricsPorts = [await freePort(), await freePort(), await freePort()];
  nodes = await Promise.all(ports.map((_, i) => start(i)));
  proxy = await Proxy.start("haproxy", ports, balancer);
});

after(async () => {
  await proxy?.stop();
  for (const node of nodes ?? []) assert.equal(await node.stop(), 0);
  await nats?.stop();
  if (dir) rmSync(dir, { recursive: true });
});

async function logIn(name) {
  const answer = await fetch(`http://127.0.0.1:${proxy.port}/login`,
    { method: "POST", body: JSON.stringify({ name }) });
  return (await answer.json()).token;
}

/** A WebSocket as any page has one, which comes back when it is closed. */
class Person {
  constructor(name, token) {
    this.name = name;
    this.token = token;
    this.heard = [];
    /** What it has of the channel. */
    this.position = undefined;
    this.lost = 0;
    this.isThere = false;
    this.awaySince = undefined;
    this.longestAway = 0;
    this.codes = [];
    this.left = false;
    this.acknowledged = [];
    this.sent = new Set();
    this.#connect();
  }

  #connect() {
    const ws = new WebSocket(`ws://127.0.0.1:${proxy.port}/ws`);
    this.ws = ws;
    ws.on("error", () => {});
    ws.on("open", () => {
      this.#say("app::websocket:auth", { token: this.token }, "auth");
      this.#say("app::websocket:subscribe", { topic: channel, since: this.position },
        "subscribe");
    });
    ws.on("message", (data) => this.#hear(JSON.parse(data)));
    ws.on("close", (code) => {
      if (this.left) return;
      this.codes.push(code);
      if (this.isThere) this.awaySince = Date.now();
      this.isThere = false;
      this.sent.clear();
      // So that not all of them come at once.
      setTimeout(() => this.#connect(), Math.random() * 500);
    });
  }

  #say(topic, payload, ackId) {
    this.ws.send(JSON.stringify({ topic, payload, ackId }));
  }

  #hear({ topic, payload, offsets, ackId }) {
    if (topic === "chat:message") this.heard.push(payload.text);
    if (offsets) this.position.offset = offsets[channel];
    if (ackId === "subscribe" && topic !== "error") {
      if (this.awaySince)
        this.longestAway = Math.max(this.longestAway, Date.now() - this.awaySince);
      if (payload.recovered === false) ++this.lost;
      if (!payload.recovered) this.position = { epoch: payload.epoch, offset: payload.offset };
      this.isThere = true;
    }
    if (this.sent.delete(ackId) && topic !== "error") this.acknowledged.push(ackId);
  }

  /** Others can tell by the text what they have missed. */
  write(text) {
    if (!this.isThere) return;
    this.sent.add(text);
    this.#say("app::chat:post", { room: "lobby", text }, text);
  }

  leave() {
    this.left = true;
    this.ws.close();
  }
}

async function allAreThere(all) {
  const limit = Date.now() + 2 * mayBeAway;
  while (!all.every((x) => x.isThere)) {
    assert.ok(Date.now() < limit, "somebody does not come back");
    await pause(20);
  }
}

/** Who is in the room, as one of the nodes says in the end. */
async function expectPeople(node, names) {
  const asks = await node.connect();
  await asks.ask({ topic: "app::websocket:auth",
    payload: { token: await logIn("Nobody") }, ackId: "1" });
  const limit = Date.now() + mayBeAway;
  for (;;) {
    const { payload } = await asks.ask({ topic: "app::websocket:presence",
      payload: { topic: channel }, ackId: "2" });
    const there = payload.presence.map((x) => x.key).sort();
    if (Date.now() > limit) assert.deepEqual(there, names);
    if (there.join() === names.join()) break;
    await pause(50);
  }
  await asks.close();
}

test("three nodes are restarted one after the other, and everybody is back", async (t) => {
  const all = [];
  for (let i = 0; i < people; ++i) {
    const name = `person ${i}`;
    all.push(new Person(name, await logIn(name)));
  }
  await allAreThere(all);
  let count = 0;
  const writing = setInterval(() => {
    for (let i = 0; i < people; i += 3) all[i].write(`${i}: ${++count}`);
  }, writesEvery);
  for (let i = 0; i < nodes.length; ++i) {
    assert.equal(await nodes[i].stop(), 0);
    nodes[i] = await start(i);
    for (let other = 0; other < nodes.length; ++other)
      if (other !== i) await nodes[i].logged(`node node-${other} is there`);
    await allAreThere(all);
    await pause(seenSoon);
  }
  clearInterval(writing);
  const away = all.map((x) => x.longestAway).sort((a, b) => a - b);
  const closed = all.flatMap((x) => x.codes);
  const said = () => all.flatMap((x) => x.acknowledged);
  t.diagnostic(`${closed.length} times away, the longest ${away.at(-1)} ms, half of the people `
    + `${away[people / 2]} ms at most; ${said().length} messages`);
  for (const x of all)
    assert.ok(x.longestAway <= mayBeAway, `${x.name} was away for ${x.longestAway} ms`);
  // Each node had somebody, who was told why.
  assert.ok(closed.length >= people, `${closed.length} were closed`);
  assert.deepEqual([...new Set(closed)], [3001]);
  assert.ok(said().length > 100, `${said().length} messages`);
  const missed = () => all.flatMap((x) => said().filter((text) => !x.heard.includes(text))
    .map((text) => `${x.name}: ${text}`));
  // What is on its way comes, of what nobody has acknowledged as well.
  const differs = () => missed().length > 0
    || all.some((x) => x.heard.length !== all[0].heard.length);
  for (const limit = Date.now() + 2 * mayBeAway; differs() && Date.now() < limit;)
    await pause(50);
  assert.deepEqual(missed(), []);
  for (const x of all) {
    assert.equal(x.lost, 0, `${x.name} was not recovered`);
    // In the order that all have, and none twice.
    assert.deepEqual(x.heard, all[0].heard);
    assert.equal(new Set(x.heard).size, x.heard.length);
  }
  // Of those who went with their nodes nobody was forgotten, and nobody is there twice.
  const names = all.map((x) => `u:${x.name}`).sort();
  for (const node of nodes) await expectPeople(node, names);
  all.forEach((x) => x.leave());
});

test("what was said on one node is in the list of another one", async () => {
  const texts = async (port) => {
    const answer = await fetch(`http://127.0.0.1:${port}/rooms/tea/history`);
    return (await answer.json()).messages.map(({ id, text }) => `${id} ${text}`);
  };
  const clients = [];
  for (const node of nodes) {
    const client = await node.connect();
    await client.ask({ topic: "app::websocket:auth",
      payload: { token: await logIn("Ada") }, ackId: "1" });
    clients.push(client);
  }
  for (const [i, client] of clients.entries())
    await client.ask({ topic: "app::chat:post",
      payload: { room: "tea", text: `from ${i}` }, ackId: "2" });
  const limit = Date.now() + mayBeAway;
  let lists;
  do {
    lists = await Promise.all(ports.map(texts));
    assert.ok(Date.now() < limit, JSON.stringify(lists));
  } while (lists.some((x) => x.length < 3));
  assert.deepEqual(lists[1], lists[0]);
  assert.deepEqual(lists[2], lists[0]);
  assert.equal(new Set(lists[0].map((x) => x.split(" ")[0])).size, 3);
  for (const client of clients) await client.close();
});

test("promtool finds no fault with what a node says of the others", async () => {
  const page = await (await fetch(`http://127.0.0.1:${metricsPorts[0]}/metrics`)).text();
  await checkPage(page);
  for (const line of ["connected 1", "peers 2", "lost_frames_total 0", "gaps_total 0",
    "journal_ready 1", "journal_waiting_events 0",
    'peer_lost_frames_total{peer="node-1"} 0'])
    assert.ok(page.includes(`\nflamigo_cluster_${line}\n`), `${line}\n${page}`);
  assert.match(page, /\nflamigo_cluster_peer_interest\{peer="node-2"\} [1-9]/);
});
