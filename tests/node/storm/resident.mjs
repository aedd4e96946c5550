// Somebody who stays with one node: publishes there, and asks how it stands.
import { Guest } from "./guest.mjs";
import { Line } from "./line.mjs";
import { plain, rooms } from "./watcher.mjs";

export class Resident extends Guest {
  constructor(node, storm) {
    super(`resident-${node.index}`, storm);
    this.node = node;
    this.times = 0;
    this.begin();
  }

  async stay() {
    const { life } = this.node;
    if (!life || life.isFrozen) return;
    const line = await Line.open(this.node.port, this.name);
    this.line = line;
    const { id } = await line.ask("app::storm:status");
    if (life !== this.node.life) return;
    this.node.identify(id);
    this.life = life;
    this.stream = `${this.node.index}.${++this.times}`;
    this.numbers = { note: 0, plain: 0 };
    this.isThere = true;
    await line.closed;
  }

  gone() {
    this.isThere = false;
  }

  rest() {
    return 50;
  }

  /** One event of each kind. */
  publish() {
    if (!this.isThere) return [];
    const how = this.storm.any(4) === 0 ? "keep" : "say";
    return [this.#say("note", how, rooms), this.#say("plain", "say", plain)];
  }

  /** The same everywhere, by which others see what they have missed. */
  lastWord() {
    return Promise.all([...rooms.map((x) => this.#say("note", "say", [x])),
      ...plain.map((x) => this.#say("plain", "say", [x]))]);
  }

  async #say(kind, how, places) {
    const where = places[this.storm.any(places.length)];
    const what = this.storm.ledger.say(kind, how, this.life, where,
      `${kind[0]}${this.stream}`, ++this.numbers[kind]);
    try {
      const failures = await this.line.ask(`app::storm:${how}`,
        { where, from: what.from, n: what.n });
      what.isAcknowledged = !(failures > 0);
    } catch (error) {
      // What is kept may have been, with nobody to say so.
      what.isRefused = how === "say" && error.code !== "closed";
      if (error.code !== "closed") this.storm.refused(error);
    }
  }

  /** How its node stands; none while it does not say. */
  async status() {
    if (!this.isThere || this.node.life?.isFrozen) return undefined;
    return this.line.ask("app::storm:status").catch(() => undefined);
  }

  async people(room) {
    const { presence } = await this.line.ask("app::websocket:presence", { topic: room });
    return presence.map((x) => x.key).sort();
  }
}
