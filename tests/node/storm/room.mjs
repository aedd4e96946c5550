// What has to hold of a channel with a history on all nodes: one order, by the
// offsets, in which everybody hears everything once.

export class Room {
  constructor(name, faults) {
    this.name = name;
    this.faults = faults;
    this.epoch = undefined;
    /** The event at each offset, and the offset of each event. */
    this.order = new Map();
    this.offsets = new Map();
    this.last = 0;
    /** By stream, which number of it was the last in the order that was looked at. */
    this.streams = new Map();
    this.seen = 0;
  }

  /** A client was told where the channel stands. */
  stands(who, { epoch, offset }) {
    this.epoch ??= epoch;
    if (epoch !== this.epoch)
      this.faults.add(`${who} was told epoch ${epoch} of ${this.name}, not ${this.epoch}`);
    if (this.seen === 0 && this.order.size === 0) this.seen = offset;
  }

  /** What it is that a client has heard behind `position`. */
  hear(who, position, offset, { from, n }) {
    const key = `${from}:${n}`;
    if (offset !== position + 1)
      this.faults.add(`${who} heard ${key} at ${offset} of ${this.name}, behind ${position}`);
    const known = this.order.get(offset);
    if (known !== undefined && known !== key)
      this.faults.add(`${who} heard ${key} at ${offset} of ${this.name}, others ${known}`);
    const before = this.offsets.get(key);
    if (before !== undefined && before !== offset)
      this.faults.add(`${who} heard ${key} at ${offset} of ${this.name}, and at ${before}`);
    this.order.set(offset, key);
    this.offsets.set(key, offset);
    this.last = Math.max(this.last, offset);
  }

  /** Of one publisher's events the order holds. */
  checkOrder() {
    for (; this.seen < this.last; ++this.seen) {
      const key = this.order.get(this.seen + 1);
      if (key === undefined) {
        this.faults.add(`nobody has heard ${this.seen + 1} of ${this.name}`);
        continue;
      }
      const [stream, n] = key.split(":");
      const before = this.streams.get(stream) ?? 0;
      if (Number(n) <= before)
        this.faults.add(`${key} comes behind ${before} in ${this.name}`);
      this.streams.set(stream, Number(n));
    }
  }
}
