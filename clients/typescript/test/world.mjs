// A server and a network that live by a test's clock: what they say takes a while,
// is held up and lost, as chance has it. The server keeps what is published and
// counts what it does, as docs/protocol.md says.

/** A channel with a history. */
class Topic {
  epoch = 1;
  events = [];

  /** The newest event; the first one is 1. */
  get offset() {
    return this.events.length;
  }
}

/** What the server knows of one connection. */
class Seat {
  token = undefined;
  /** By topic: the last event that it was sent, and where it began. */
  channels = new Map();
  /** What it was sent, under whatever channel. */
  sent = new Set();

  constructor(line) {
    this.line = line;
  }
}

export class World {
  topics = new Map(["a", "b", "all"].map((name) => [name, new Topic()]));
  /** How often each job was done. */
  done = new Map();
  lines = [];
  isUp = true;

  constructor(clock, any) {
    this.clock = clock;
    this.any = any;
    const world = this;
    /** A client's socket, and its way to the server. */
    this.WebSocket = class {
      readyState = 0;
      seat = new Seat(this);
      isCut = false;
      /** Until then nothing comes through. */
      heldUntil = 0;
      /** What is on its way, in the order in which it was said. */
      #ways = { up: [], down: [] };

      constructor() {
        world.lines.push(this);
        this.#carry("down", () => {
          if (!world.isUp) return this.cut();
          this.readyState = 1;
          this.onopen?.({});
        });
      }

      send(text) {
        if (this.readyState !== 1) throw new Error("it is not open");
        this.#carry("up", () => world.hear(this.seat, JSON.parse(text)));
      }

      /** What the server says. */
      say(frame) {
        const data = JSON.stringify(frame);
        this.#carry("down", () => this.onmessage?.({ data }));
      }

      /** The client lets go of it. */
      close() {
        this.readyState = 3;
        this.isCut = true;
      }

      /** The server does, with a word. */
      end(code) {
        this.#carry("down", () => {
          this.isCut = true;
          this.readyState = 3;
          this.onclose?.({ code, reason: "" });
        });
      }

      /** Both hear of it; what is on its way is lost. */
      cut() {
        if (this.isCut) return;
        this.isCut = true;
        this.readyState = 3;
        this.onclose?.({ code: 1006, reason: "" });
      }

      /** When it comes through, all that was said before it has. */
      #carry(way, f) {
        const all = this.#ways[way];
        const wait = () => world.clock.setTimeout(() => {
          // Held up since.
          if (this.heldUntil > world.clock.time) return wait();
          for (const g of all.splice(0, all.indexOf(f) + 1)) if (!this.isCut) g();
        }, Math.max(1 + world.any(80), this.heldUntil + 1 - world.clock.time));
        all.push(f);
        wait();
      }
    };
  }

  get line() {
    return this.lines.at(-1);
  }

  // -- what a client says -----------------------------------------------------

  hear(seat, { topic, payload, ackId }) {
    const reply = (what) => seat.line.say({ topic, payload: what, ackId });
    const refuse = (status, code) => seat.line.say({ topic: "error", ackId,
      payload: { message: code, status, code } });
    if (topic === "app::websocket:cancel")
      return ackId && reply({ cancelled: false });
    if (topic === "app::websocket:auth") return this.#admit(seat, payload, reply,
      refuse);
    if (!(seat.token?.end > this.clock.time)) {
      refuse(401, "unauthorized");
      if (seat.token) seat.line.end(3005);
      return;
    }
    if (topic === "app::websocket:subscribe")
      return this.#subscribe(seat, payload.topic, payload.since, reply);
    this.done.set(payload, (this.done.get(payload) ?? 0) + 1);
    const times = this.done.get(payload);
    this.clock.setTimeout(() => seat.line.isCut || reply(times), this.any(300));
  }

  #admit(seat, { token }, reply, refuse) {
    const isNew = !seat.token;
    if (!(token.end > this.clock.time)) return refuse(401, "unauthorized");
    seat.token = token;
    reply({ success: true, expiresInMs: token.isKnown
      ? token.end - this.clock.time : undefined });
    if (!isNew) return;
    const all = this.topics.get("all");
    this.#enter(seat, "all", all.offset);
    seat.line.say({ topic: "subscribed", payload: { topic: "all",
      epoch: `${all.epoch}`, offset: all.offset } });
  }

  #enter(seat, name, at) {
    const began = seat.channels.get(name)?.at ?? at;
    seat.channels.set(name, { at, began: at, live: began });
  }

  #subscribe(seat, name, since, reply) {
    const topic = this.topics.get(name);
    const recovered = since && since.epoch === `${topic.epoch}`
      && since.offset <= topic.offset;
    const at = recovered ? since.offset : topic.offset;
    this.#enter(seat, name, at);
    reply({ topic: name, epoch: `${topic.epoch}`, offset: topic.offset,
      recovered: since ? recovered : undefined, result: null });
    for (const event of topic.events.slice(at)) this.#deliver(seat, event);
  }

  // -- what it hears ----------------------------------------------------------

  /** In one topic, or in several. */
  publish(names, payload) {
    const event = { payload, places: names.map((name) => {
      const topic = this.topics.get(name);
      return { name, epoch: topic.epoch, offset: topic.events.length + 1 };
    }) };
    for (const name of names) this.topics.get(name).events.push(event);
    for (const { seat, isCut } of this.lines)
      if (!isCut) this.#deliver(seat, event);
  }

  /** Under each channel that waits for it; what it was sent before it is not. */
  #deliver(seat, event) {
    const offsets = {};
    let isKnown = seat.sent.has(event);
    for (const { name, offset } of event.places) {
      const channel = seat.channels.get(name);
      if (!channel) continue;
      // It has said that it has it.
      if (offset <= channel.began) isKnown = true;
      if (offset !== channel.at + 1) continue;
      channel.at = offset;
      offsets[name] = offset;
    }
    if (isKnown || Object.keys(offsets).length === 0) return;
    seat.sent.add(event);
    seat.line.say({ topic: "note", payload: event.payload, offsets });
  }

  // -- its end ----------------------------------------------------------------

  /** All is forgotten, but what was done. */
  restart() {
    for (const line of this.lines) if (!line.isCut) line.end(3001);
    for (const topic of this.topics.values()) {
      topic.epoch++;
      topic.events = [];
    }
  }
}
