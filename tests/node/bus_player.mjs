// A client that knows what the bus must have told it. The server numbers the
// events and the calls that subscribe (see bus_server.cpp); what a client must
// have heard follows from the numbers alone.
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

/** A pattern equals a prefix of the topic, segment by segment, or has "*". */
export function matches(pattern, topic) {
  const [p, t] = [pattern.split("/"), topic.split("/")];
  return p.length <= t.length && p.every((x, i) => x === "*" || x === t[i]);
}

/** All events that were published, and which patterns match them. */
export class Events {
  #where = new Map();
  #matching = new Map();

  add(number, where) {
    this.#where.set(number, where);
  }

  /** For every number whether the pattern matches. Only when all are in. */
  matching(pattern) {
    let result = this.#matching.get(pattern);
    if (!result) {
      result = new Set();
      for (const [number, where] of this.#where)
        if (where.some((topic) => matches(pattern, topic))) result.add(number);
      this.#matching.set(pattern, result);
    }
    return result;
  }
}

export class Player {
  /** `kind` says whose strategies it calls: "arena" or "inline". */
  static async open(server, kind) {
    const player = new Player(new WebSocket(server.url), kind);
    await once(player.ws, "open");
    return player;
  }

  constructor(ws, kind) {
    Object.assign(this, { ws, kind, wrong: undefined, last: 0, calls: [],
      heard: [], waiting: new Map(), wanted: new Set(), nextAck: 0, sent: 0 });
    this.closed = new Promise((resolve) =>
      ws.on("close", (code) => resolve(code)));
    ws.on("error", () => {});
    ws.on("message", (data) => this.#receive(JSON.parse(data.toString())));
  }

  #receive({ topic, payload, ackId }) {
    if (topic === "note") {
      if (payload.n <= this.last)
        this.wrong ??= `event ${payload.n} after ${this.last}`;
      this.last = payload.n;
      this.heard.push(payload.n);
      return;
    }
    const call = this.waiting.get(ackId);
    this.waiting.delete(ackId);
    if (topic === "error" || !call || payload < this.last) {
      this.wrong ??= `${JSON.stringify(payload)} after ${this.last}`;
      return;
    }
    this.last = payload;
    if (call.change) this.calls.push({ ...call, number: payload });
    call.resolve(payload);
  }

  /** Calls a strategy; resolves with the number that it answers. */
  ask(action, payload = null, change = undefined) {
    const ackId = this.nextAck++;
    this.ws.send(JSON.stringify(
      { topic: `app::${this.kind}:${action}`, payload, ackId }));
    return new Promise((resolve) =>
      this.waiting.set(ackId, { resolve, change, pattern: payload }));
  }

  subscribe(pattern) {
    this.wanted.add(pattern);
    return this.ask("subscribe", pattern, "add");
  }

  unsubscribe(pattern) {
    this.wanted.delete(pattern);
    return this.ask("unsubscribe", pattern, "delete");
  }

  async publish(events, where, more = {}) {
    // The arena numbers the event itself.
    const note = { where, from: "", n: ++this.sent, filler: "", ...more };
    events.add(await this.ask("publish", note), where);
  }

  /** Ends the connection in one of the ways that there are. */
  leave(how) {
    if (how === "close") this.ws.close();
    else if (how === "reset") this.ws._socket.resetAndDestroy();
    else this.ws.terminate();
  }

  /** Whether it has heard the events that it must have, each once, in order.
   * A client that was cut must have heard all up to the last thing it got. */
  check(events) {
    assert.equal(this.wrong, undefined);
    const must = new Set();
    this.#windows((pattern, from, to) => {
      for (const n of events.matching(pattern))
        if (n > from && n <= to) must.add(n);
    });
    assert.deepEqual(this.heard, [...must].sort((a, b) => a - b));
  }

  /** From when to when it was subscribed to each pattern. */
  #windows(visit) {
    const since = new Map();
    for (const { change, pattern, number } of this.calls)
      if (change === "add") {
        if (!since.has(pattern)) since.set(pattern, number);
      } else if (since.has(pattern)) {
        visit(pattern, since.get(pattern), number);
        since.delete(pattern);
      }
    for (const [pattern, from] of since) visit(pattern, from, this.last);
  }
}
