// Five nodes with everybody who uses them, and what has to hold of all that.
import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { chance } from "../../../clients/typescript/test/chance.mjs";
import { Nats } from "../nats.mjs";
import { knowsAll } from "./calm.mjs";
import { Caller } from "./caller.mjs";
import { Counts } from "./counts.mjs";
import { Faults, Ledger } from "./ledger.mjs";
import { StormNode } from "./node.mjs";
import { Resident } from "./resident.mjs";
import { Room } from "./room.mjs";
import { rooms, Watcher } from "./watcher.mjs";

/** Which nobody is given for a connection while its process is away. */
async function lastingPort(any) {
  for (;;) {
    const port = 15_000 + any(17_000);
    const probe = net.createServer().listen(port, "127.0.0.1");
    if (!await Promise.race([once(probe, "listening"),
      once(probe, "error").then(() => false)])) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

export class Storm {
  nodes = [];
  watchers = [];
  residents = [];
  callers = [];
  faults = new Faults();
  ledger = new Ledger();
  rooms = new Map(rooms.map((x) => [x, new Room(x, this.faults)]));
  counts = new Map(["counter", "key-0", "key-1", "key-2", "key-3"]
    .map((x) => [x, new Counts(x, this.faults)]));
  deliveries = 0;
  /** How often somebody came to a node that had not read as far as the one before. */
  ahead = 0;
  refusals = new Map();
  pending = new Set();
  /** What was waited for: the milliseconds that it took at most, and what came last. */
  slowest = new Map();

  /** All times in milliseconds. */
  constructor(seed, times) {
    this.times = times;
    this.any = chance(seed ^ 0x5a5a);
  }

  async begin({ nodes, watchers, callers, rate }) {
    const { heartbeat, goneAfter, lease } = this.times;
    this.nats = await Nats.start(await lastingPort(chance(Date.now())));
    for (let i = 0; i < nodes; ++i)
      this.nodes.push(new StormNode(i, await lastingPort(chance(Date.now() + i)), this.nats,
        ["--heartbeat", heartbeat, "--gone-after", goneAfter, "--lease", lease].map(String),
        this.faults));
    await Promise.all(this.nodes.map((x) => x.begin()));
    this.residents = this.nodes.map((x) => new Resident(x, this));
    // So that nothing is published before everybody can be asked about it.
    await this.until("all nodes know each other", () => knowsAll(this));
    for (let i = 0; i < watchers; ++i)
      this.watchers.push(new Watcher(`watcher-${i}`, i % 2 === 0, this));
    for (let i = 0; i < callers; ++i) this.callers.push(new Caller(`caller-${i}`, this));
    this.rate = rate;
    this.speak();
  }

  anyNode() {
    return this.nodes[this.any(this.nodes.length)];
  }

  refused({ message }) {
    this.refusals.set(message, (this.refusals.get(message) ?? 0) + 1);
  }

  // -- what people do -----------------------------------------------------------

  speak() {
    this.speaking = setInterval(() => {
      for (const x of this.residents) x.publish().forEach((what) => this.#wait(what));
      // Somebody stays there, by whom it is known what was said.
      if (this.any(this.rate) === 0)
        this.#wait(this.watchers[2 + this.any(this.watchers.length - 2)].toggle("rooms/door"));
    }, 1000 / this.rate);
  }

  hush() {
    clearInterval(this.speaking);
  }

  #wait(what) {
    const done = what.catch(() => {}).finally(() => this.pending.delete(done));
    this.pending.add(done);
  }

  // -- what has to hold ---------------------------------------------------------

  async until(what, condition) {
    const limit = this.times.patience;
    const began = Date.now();
    let last = "";
    for (const end = began + limit;;) {
      const missing = await condition();
      if (missing === "" || missing === true) {
        const ms = Date.now() - began;
        if (ms > (this.slowest.get(what)?.ms ?? -1)) this.slowest.set(what, { ms, last });
        return;
      }
      last = missing;
      this.throwFaults();
      assert.ok(Date.now() < end, `not within ${limit} ms: ${what}; ${missing}`);
      await pause(50);
    }
  }

  throwFaults() {
    const { all } = this.faults;
    assert.equal(all.size, 0, [...all].slice(0, 12).join("\n"));
  }

  /** All that was said is accounted for. */
  async forget() {
    this.ledger.forget();
    for (const x of this.watchers) x.visit?.forget();
    for (const x of this.nodes) x.life.troubled = false;
    await Promise.all(this.watchers.map((x) => x.visit && x.confirm().catch(() => {})));
  }

  /** What came of all that, in lines. */
  figures() {
    const { said, acknowledged } = this.ledger.counts;
    const counts = [...this.counts.values()];
    const sum = (list, f) => list.reduce((n, x) => n + f(x), 0);
    return [
      ...[...this.slowest].map(([what, { ms, last }]) => `${what} within ${ms} ms; ${last}`),
      `${said} events, ${acknowledged} acknowledged, ${this.deliveries} deliveries to `
        + `${sum(this.watchers, (x) => x.times)} connections, ${this.ahead} times ahead of the node`,
      `${sum(counts, (x) => x.total)} calls in ${sum(counts, (x) => x.lives.size)} lives, `
        + `${sum(counts, (x) => x.failures)} failed`,
      ...[...this.refusals].map(([message, n]) => `${n} times ${message}`),
    ];
  }

  /** All processes, at once. */
  kill() {
    for (const x of this.nodes) x.end();
    this.nats?.child.kill("SIGKILL");
  }

  /** However it has gone. */
  async end() {
    this.hush();
    const all = [...this.callers, ...this.watchers, ...this.residents];
    this.kill();
    await Promise.all(all.map((x) => x.leave()));
    await this.nats?.stop();
  }
}
