import type { Emitter } from "./emitter.js";
import type { Frame } from "./frame.js";
import type { Subscription } from "./subscription.js";

/** How many events may wait for those before them. */
const most = 10_000;

/** How long the next of those may take. */
const patience = 5000;

/**
 * Brings events to whom they are for, each once and in order. What comes live
 * before what was missed, since the program has subscribed us, waits.
 */
export class Events {
  #held: Frame[] = [];
  #gaps = new Set<Subscription>();
  #all: Map<string, Subscription>;
  #emitter: Emitter;
  #giveUp: (x: Subscription) => void;

  /** `giveUp` hears of a channel of which the rest does not come; it closes it. */
  constructor(all: Map<string, Subscription>, emitter: Emitter,
    giveUp: (x: Subscription) => void) {
    this.#all = all;
    this.#emitter = emitter;
    this.#giveUp = giveUp;
  }

  hear(frame: Frame): void {
    if (this.#gaps.size === 0 || !frame.offsets) return this.#deliver(frame);
    for (const x of [...this.#gaps]) {
      const offset = frame.offsets[x.topic];
      if (offset === undefined) continue;
      if (offset <= x.gap!) return this.#fill(x, frame);
      // What was missed has come, all of it, unless it was not asked for yet.
      if (!x.asking) this.close(x);
    }
    if (this.#held.length >= most) this.#gaps.forEach(this.#giveUp);
    if (this.#gaps.size > 0) this.#held.push(frame);
    else this.#deliver(frame);
  }

  /** Events up to that offset are still to come, behind later ones. */
  open(x: Subscription, gap: number): void {
    x.gap = gap;
    this.#gaps.add(x);
  }

  /**
   * They have been asked for. The last does not come if it was sent under another
   * channel, and nothing says so.
   */
  wait(x: Subscription): void {
    x.gapTimer.start(patience, () => this.#giveUp(x));
  }

  close(x: Subscription): void {
    if (!this.#gaps.delete(x)) return;
    x.gapTimer.stop();
    x.gap = undefined;
    if (this.#gaps.size === 0)
      for (const frame of this.#held.splice(0)) this.#deliver(frame);
  }

  /** What waits comes again, since nobody has it yet. */
  lost(): void {
    this.#held = [];
    this.#gaps.forEach((x) => this.close(x));
  }

  #fill(x: Subscription, frame: Frame): void {
    const isLast = frame.offsets![x.topic] === x.gap;
    this.#deliver(frame);
    if (isLast) this.close(x);
    else this.wait(x);
  }

  #deliver({ topic, payload, offsets }: Frame): void {
    let isNew = true;
    for (const [name, offset] of Object.entries(offsets ?? {})) {
      const at = this.#all.get(name)?.at;
      if (at && offset <= at.offset) isNew = false;
      else if (at) at.offset = offset;
    }
    if (!isNew) return;
    this.#emitter.emit(topic, payload, { offsets: offsets ?? {} });
    for (const x of [...this.#all.values()])
      if (x.isJoined && x.has(offsets))
        x.emit(topic, payload, { offset: offsets?.[x.topic] });
  }
}
