// Somebody who listens to everything, on any node, and goes to another one when that
// is away.
import { Guest } from "./guest.mjs";
import { Line } from "./line.mjs";
import { Visit } from "./visit.mjs";

export const rooms = ["rooms/hall", "rooms/door"];
export const plain = ["plain/a", "plain/b"];

/** After how long without an answer an impatient one goes to another node. */
const patience = 1500;

export class Watcher extends Guest {
  constructor(name, isPatient, storm) {
    super(name, storm);
    this.isPatient = isPatient;
    this.positions = new Map();
    /** By room, who is there, as far as it was told. */
    this.people = new Map();
    /** Where it wants to be. */
    this.wants = new Set([...rooms, ...plain]);
    this.times = 0;
    this.begin();
  }

  get isThere() {
    return this.visit !== undefined;
  }

  async stay() {
    const node = this.storm.anyNode();
    const { life } = node;
    if (!life?.id) return;
    const visit = new Visit(this.name, life, this.storm.faults);
    const line = await Line.open(node.port, this.name, (what) => this.#hear(visit, what));
    this.line = line;
    if (!this.isPatient) line.watch(patience);
    ++this.times;
    this.people.clear();
    for (const topic of this.wants) await this.#enter(line, node, topic);
    await this.#confirm(line, visit);
    this.visit = visit;
    await line.closed;
  }

  gone() {
    this.visit = undefined;
  }

  #enter(line, node, topic) {
    const since = this.positions.get(topic);
    const before = since?.offset;
    const first = ({ epoch, offset, recovered, presence }) => {
      if (presence) this.people.set(topic, new Set(presence.map((x) => x.key)));
      if (epoch === undefined) return;
      this.storm.rooms.get(topic).stands(this.name, { epoch, offset });
      // A node that has not read as far as the one before knows no better.
      if (since && !recovered && epoch === since.epoch && offset < before)
        ++this.storm.ahead;
      else if (since && !recovered)
        this.storm.faults.add(`${this.name} is not recovered in ${topic} from ${before}, `
          + `${node.name} is at ${offset}`);
      if (!recovered) this.positions.set(topic, { epoch, offset });
    };
    return line.ask("app::websocket:subscribe",
      { topic, since, presence: topic.startsWith("rooms/") }, first);
  }

  /** Which nodes know now what is wanted here. */
  async #confirm(line, visit) {
    const ids = await line.ask("app::storm:confirm");
    visit.confirmed(ids, Date.now());
  }

  confirm() {
    return this.#confirm(this.line, this.visit);
  }

  /** Comes or goes, one after the other. */
  async toggle(topic) {
    if (!this.visit || this.isToggling) return;
    const { line, visit } = this;
    this.isToggling = true;
    try {
      if (this.wants.delete(topic)) {
        this.people.delete(topic);
        await line.ask("app::websocket:unsubscribe", { topic });
      } else {
        this.wants.add(topic);
        await this.#enter(line, visit.life.node, topic);
      }
    } catch {
      line.close();
    } finally {
      this.isToggling = false;
    }
  }

  #hear(visit, { topic, payload, offsets }) {
    if (topic === "bus:gap") return visit.tell(payload);
    if (topic === "presence") return this.#see(payload);
    if (topic === "subscribed" && payload.recovered === false)
      return this.storm.faults.add(`${this.name} has lost its place in ${payload.topic}`);
    if (topic !== "note") return;
    ++this.storm.deliveries;
    if (!offsets) return visit.hear(payload);
    for (const [room, offset] of Object.entries(offsets)) {
      const position = this.positions.get(room);
      this.storm.rooms.get(room).hear(this.name, position.offset, offset, payload);
      position.offset = offset;
    }
  }

  #see({ topic, joined = [], left = [] }) {
    const people = this.people.get(topic);
    for (const { key } of left) people?.delete(key);
    for (const { key } of joined) people?.add(key);
  }
}
