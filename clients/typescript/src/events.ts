import type { Emitter } from "./emitter.js";
import type { Frame } from "./frame.js";
import type { Subscription } from "./subscription.js";

/** How many events may wait for those before them. */
const most = 10_000;

/** How long the next of those may take, in ms. */
const patience = 5000;

/**
 * Brings events to whom they are for, each once and in order. What comes live
 * before what was missed, since the program has subscribed us, waits. `giveUp` hears
 * of a channel of which the rest does not come; it closes it.
 */
export function makeEvents(all: Map<string, Subscription>, emitter: Emitter,
  giveUp: (x: Subscription) => void) {
  let held: Frame[] = [];
  const gaps = new Set<Subscription>();

  function hear(frame: Frame): void {
    const { offsets } = frame;
    if (!gaps.size || !offsets) return deliver(frame);
    for (const x of gaps) {
      const offset = offsets[x.topic];
      if (offset === undefined) continue;
      if (offset <= x.gap!) {
        const isLast = offset === x.gap;
        deliver(frame);
        return isLast ? close(x) : wait(x);
      }
      // What was missed has come, all of it, unless it was not asked for yet.
      if (!x.asking) close(x);
    }
    if (held.length >= most) gaps.forEach(giveUp);
    if (gaps.size) held.push(frame);
    else deliver(frame);
  }

  /** Events up to that offset are still to come, behind later ones. */
  function open(x: Subscription, gap: number): void {
    x.gap = gap;
    gaps.add(x);
  }

  /**
   * They have been asked for. The last does not come if it was sent under another
   * channel, and nothing says so.
   */
  function wait(x: Subscription): void {
    x.gapTimer.start(patience, () => giveUp(x));
  }

  function close(x: Subscription): void {
    if (!gaps.delete(x)) return;
    x.gapTimer.stop();
    x.gap = undefined;
    if (!gaps.size) held.splice(0).forEach(deliver);
  }

  /** What waits comes again, since nobody has it yet. */
  function lost(): void {
    held = [];
    gaps.forEach(close);
  }

  function deliver({ topic, payload, offsets }: Frame): void {
    let isNew = true;
    for (const [name, offset] of Object.entries(offsets ?? {})) {
      const at = all.get(name)?.at;
      if (at && offset <= at.offset) isNew = false;
      else if (at) at.offset = offset;
    }
    if (!isNew) return;
    emitter.emit(topic, payload, { offsets: offsets ?? {} });
    for (const x of [...all.values()])
      if (x.isJoined && (offsets ? x.topic in offsets : !x.at))
        x.emit(topic, payload, { offset: offsets?.[x.topic] });
  }

  return { hear, open, wait, close, lost };
}
