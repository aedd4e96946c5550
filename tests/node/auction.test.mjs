// The auction example over sockets, with a client that is not ours: two bid, one
// of them wins, and the books and the wallet say what has happened.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { bin, Server } from "./server.mjs";

// It is built where SQLite is.
const skip = existsSync(path.join(bin, "flamigo-auction"))
  ? false : "there is no flamigo-auction";

const folder = mkdtempSync(path.join(tmpdir(), "auction-"));
const books = path.join(folder, "books.db");
let server;

before(async () => {
  if (!skip)
    server = await Server.start("flamigo-auction", "--ledger", books,
      "--last-call", "1s");
});

after(async () => {
  const code = await server?.stop();
  rmSync(folder, { recursive: true });
  if (server) assert.equal(code, 0);
});

/** A user who has signed in, and what was heard between replies. */
class Bidder {
  static async enter(name) {
    const result = new Bidder();
    result.client = await server.connect();
    result.events = [];
    await result.call("websocket:auth", { token: `demo-${name}` });
    return result;
  }

  /** The next message that `wanted` takes; the others stay. */
  async next(wanted) {
    const i = this.events.findIndex(wanted);
    if (i >= 0) return this.events.splice(i, 1)[0];
    for (;;) {
      const message = await this.client.next();
      if (wanted(message)) return message;
      this.events.push(message);
    }
  }

  event(topic) {
    return this.next((message) => message.topic === topic);
  }

  /** The reply's frame, with or without an error. */
  ask(action, payload) {
    const ackId = action;
    this.client.say({ topic: `app::${action}`, payload, ackId });
    return this.next((message) => message.ackId === ackId);
  }

  async call(action, payload) {
    const reply = await this.ask(action, payload);
    assert.notEqual(reply.topic, "error", JSON.stringify(reply));
    return reply.payload;
  }

  close() {
    return this.client.close();
  }
}

/** What is in a table of the books. */
function rows(table) {
  const script = "import json, sqlite3, sys\n"
    + "db = sqlite3.connect(sys.argv[1])\n"
    + `print(json.dumps(db.execute("select * from ${table}").fetchall()))`;
  const { stdout, stderr, status }
    = spawnSync("python3", ["-B", "-c", script, books], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test("two bid, and the higher one gets the lot", { skip }, async () => {
  const [eve, ada, bob] = await Promise.all(
    ["Eve", "Ada", "Bob"].map(Bidder.enter));
  await ada.call("wallet:deposit", 500);
  await bob.call("wallet:deposit", 500);
  const { id: lot } = await eve.call("auction:offer",
    { title: "a lamp", price: 100, seconds: 2 });
  for (const who of [eve, ada, bob]) await who.call("auction:watch", { lot });
  await ada.call("auction:bid", { lot, amount: 150 });
  await bob.call("auction:bid", { lot, amount: 200 });
  // More than she has, and less than Bob has offered.
  const poor = await ada.ask("auction:bid", { lot, amount: 501 });
  assert.equal(poor.payload.status, 409);
  assert.equal(poor.payload.code, "no_money");
  const low = await ada.ask("auction:bid", { lot, amount: 200 });
  assert.equal(low.payload.status, 409);
  for (const [bidder, amount] of [["Ada", 150], ["Bob", 200]]) {
    const { payload } = await eve.event("auction:bid");
    assert.deepEqual([payload.bidder, payload.amount], [bidder, amount]);
  }
  assert.deepEqual(await ada.call("wallet:balance"), { free: 500, reserved: 0 });
  assert.deepEqual(await bob.call("wallet:balance"),
    { free: 300, reserved: 200 });
  const asked = await bob.event("auction:confirm");
  assert.deepEqual(asked.payload, { lot, title: "a lamp", price: 200 });
  bob.client.say({ requestId: asked.requestId, payload: true });
  for (const who of [eve, ada, bob])
    assert.deepEqual((await who.event("auction:closed")).payload,
      { lot, winner: "Bob", price: 200 });
  assert.deepEqual(await bob.call("wallet:balance"), { free: 300, reserved: 0 });
  assert.deepEqual(await eve.call("wallet:balance"), { free: 200, reserved: 0 });
  assert.deepEqual(await eve.call("auction:list"), []);
  assert.deepEqual(rows("sales"), [[lot, "a lamp", "Eve", "Bob", 200]]);
  // Who writes bids down only listens, and may be behind.
  while (rows("bids").length < 2);
  assert.deepEqual(rows("bids"), [[lot, "Ada", 150], [lot, "Bob", 200]]);
  // The stream reads the same books.
  bob.client.say({ topic: "app::auction:bids", payload: { lot }, ackId: "s" });
  const parts = [];
  for (let more = true; more;) {
    const part = await bob.next((message) => message.ackId === "s");
    parts.push(part.payload);
    more = part.more;
  }
  assert.deepEqual(parts, [{ lot, bidder: "Ada", amount: 150 },
    { lot, bidder: "Bob", amount: 200 }, null]);
  await Promise.all([eve, ada, bob].map((who) => who.close()));
});

test("a winner who has gone gets nothing, and has his money", { skip },
  async () => {
    const [eve, ada] = await Promise.all(["Eva", "Adam"].map(Bidder.enter));
    await ada.call("wallet:deposit", 500);
    const { id: lot } = await eve.call("auction:offer",
      { title: "a chair", price: 100, seconds: 1 });
    await eve.call("auction:watch", { lot });
    await ada.call("auction:bid", { lot, amount: 150 });
    await ada.close();
    assert.deepEqual((await eve.event("auction:closed")).payload,
      { lot, price: 150 });
    const again = await Bidder.enter("Adam");
    assert.deepEqual(await again.call("wallet:balance"),
      { free: 500, reserved: 0 });
    assert.equal(rows("sales").some(([sold]) => sold === lot), false);
    await Promise.all([eve, again].map((who) => who.close()));
  });
