// What was published, and what has to be heard of it.

/** How long a node that can write may take to do so. */
const writesWithin = 3000;

/** What is wrong, each thing once. */
export class Faults {
  all = new Set();

  add(what) {
    if (this.all.size < 40) this.all.add(what);
  }
}

export class Ledger {
  /** What was published since the last time that all was well. */
  said = [];
  counts = { said: 0, acknowledged: 0, forgiven: 0, gaps: 0, missing: 0 };

  /** `life` is the process that is asked. */
  say(kind, how, life, where, from, n) {
    const what = { kind, how, life, where, from, n, key: `${from}:${n}`,
      at: Date.now(), isAcknowledged: false, isRefused: false };
    this.said.push(what);
    ++this.counts.said;
    return what;
  }

  forget() {
    this.counts.acknowledged += this.said.filter((x) => x.isAcknowledged).length;
    this.said = [];
  }

  /** What is missing in channels with a history. What a process had not written when
      it was killed is gone: that is the end of what was published there. */
  missingNotes(rooms) {
    const result = [];
    const heard = (x) => rooms.get(x.where).offsets.has(x.key);
    const notes = this.said.filter((x) => x.kind === "note");
    /** By stream, the last number that was heard. */
    const last = new Map();
    for (const x of notes)
      if (heard(x)) last.set(x.from, Math.max(x.n, last.get(x.from) ?? 0));
    let forgiven = 0;
    for (const x of notes) {
      if (x.isRefused && heard(x)) result.push(`${x.key} was refused, and heard`);
      if (!x.isAcknowledged || heard(x)) continue;
      const { life } = x;
      const isTail = x.n > (last.get(x.from) ?? 0);
      // What was delivered was written.
      const mayBeGone = life.endedAt && (life.wasKilled || life.troubled)
        && isTail && x.how === "say"
        && (life.troubled || x.at > life.endedAt - writesWithin);
      if (mayBeGone) ++forgiven;
      else result.push(`${x.key} of ${x.where} (${x.how}), published on ${life.node.name}`
        + `${life.endedAt ? `, which ended ${life.endedAt - x.at} ms later` : ""}`);
    }
    this.counts.forgiven = forgiven;
    return result;
  }
}
