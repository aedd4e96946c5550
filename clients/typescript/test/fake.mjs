// A client in a world that stands still: its clock, its chance, its network and
// its server are the test's.
import assert from "node:assert/strict";
import { connect } from "../dist/index.js";

/** A clock that moves when it is told, and a chance that is what one sets. */
export class Clock {
  time = 0;
  chance = 1;
  #timers = new Map();
  #next = 1;

  now() {
    return this.time;
  }

  random() {
    return this.chance;
  }

  setTimeout(f, ms) {
    this.#timers.set(this.#next, { f, at: this.time + ms });
    return this.#next++;
  }

  clearTimeout(which) {
    this.#timers.delete(which);
  }

  get timers() {
    return this.#timers.size;
  }

  /** Lets so much time pass, and all happen that falls into it. */
  async advance(ms) {
    const end = this.time + ms;
    for (;;) {
      const next = [...this.#timers].filter(([, { at }]) => at <= end)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next[0]);
      this.time = Math.max(this.time, next[1].at);
      next[1].f();
      await settled();
    }
    this.time = end;
    await settled();
  }
}

/** All that waits for nothing but its turn has had it. */
export async function settled() {
  for (let i = 0; i < 3; ++i) await new Promise(setImmediate);
}

/** A server's side of a socket. */
class Peer {
  readyState = 0;
  sent = [];

  constructor(url, protocols) {
    Object.assign(this, { url, protocols });
  }

  // What the client uses.

  send(text) {
    assert.equal(this.readyState, 1, "sent while it is open");
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
    this.wasDropped = true;
  }

  // What the test does.

  async accept() {
    this.readyState = 1;
    this.onopen({});
    await settled();
  }

  async end(code = 1006, reason = "") {
    this.readyState = 3;
    this.onclose?.({ code, reason });
    await settled();
  }

  /** Says several things without a pause. */
  async say(...frames) {
    for (const frame of frames)
      this.onmessage?.({ data: JSON.stringify(frame) });
    await settled();
  }

  /** What the client has said next. */
  next() {
    const frame = this.sent.shift();
    assert.ok(frame, "the client has said something");
    return frame;
  }

  reply({ topic, ackId }, payload = null) {
    return this.say({ topic, payload, ackId });
  }

  refuse({ ackId }, status, code, more = {}) {
    return this.say({ topic: "error", ackId,
      payload: { message: code, status, code, ...more } });
  }
}

/** A page with a network. */
class Page extends EventTarget {
  navigator = { onLine: true };

  async tell(type, more = {}) {
    this.dispatchEvent(Object.assign(new Event(type), more));
    await settled();
  }
}

/** A client that connects, and all that is around it. */
export function begin(options = {}) {
  const clock = new Clock();
  const page = new Page();
  const peers = [];
  class WebSocket extends Peer {
    constructor(...args) {
      super(...args);
      peers.push(this);
    }
  }
  const api = connect("ws://server/ws", { clock, page, WebSocket, heartbeat: 0,
    ...options });
  const states = [];
  api.onState((state) => states.push(state));
  return {
    api, clock, page, peers, states,
    /** The newest socket. */
    get peer() { return peers.at(-1); },
    /** The next one, once it is there, opened. */
    async accept() {
      await this.peer.accept();
      return this.peer;
    },
  };
}

/** The same with a connection. */
export async function open(options) {
  const all = begin(options);
  const peer = await all.accept();
  return { ...all, peer,
    /** Loses the connection, and resolves with the next one. */
    async again(code, reason) {
      await all.peer.end(code, reason);
      await all.clock.advance(all.api.state.retryInMs);
      return all.accept();
    } };
}

/** What a promise has come to. */
export function outcome(promise) {
  const result = { isSettled: false, times: 0 };
  promise.then((value) => Object.assign(result, { isSettled: true, value }),
    (error) => Object.assign(result, { isSettled: true, error }));
  return result;
}
