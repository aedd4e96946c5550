// What one connection has heard of topics without a history, and was told about
// what is missing.

export class Visit {
  constructor(who, life, faults) {
    Object.assign(this, { who, life, faults });
    /** Since when each process knows what is wanted here. */
    this.known = new Map();
    this.heard = new Map();
    this.last = new Map();
    this.gaps = [];
  }

  /** These knew at that time, the latest. */
  confirmed(ids, at) {
    for (const id of ids) if (!this.known.has(id)) this.known.set(id, at);
  }

  hear({ from, n, where }) {
    const stream = `${where} ${from}`;
    const last = this.last.get(stream) ?? 0;
    if (n <= last)
      this.faults.add(`${this.who} heard ${from}:${n} of ${where} behind ${last}`);
    this.last.set(stream, n);
    this.heard.set(`${from}:${n}`, Date.now());
  }

  tell({ node, lost }) {
    this.gaps.push({ node, lost, at: Date.now() });
  }

  /** What was published for it, did not come, and nobody has told it of. */
  missing(said, tail) {
    const by = new Map();
    for (const x of said) {
      if (x.kind !== "plain" || !x.isAcknowledged || this.heard.has(x.key)) continue;
      const since = x.life === this.life ? this.known.values().next().value
        : this.known.get(x.life.id);
      if (since === undefined || x.at <= since) continue;
      // What it had not sent when it was killed nobody knows of.
      const isTail = x.n > (this.last.get(`${x.where} ${x.from}`) ?? 0);
      if (isTail && x.life.wasKilled
        && (x.life.troubled || x.at > x.life.endedAt - tail)) continue;
      by.set(x.life, [...by.get(x.life) ?? [], x]);
    }
    const result = [];
    for (const [life, all] of by) {
      const told = this.gaps.filter(({ node }) => node === life.node.name);
      const unknown = Math.max(0, ...told.filter((x) => x.lost === undefined)
        .map((x) => x.at));
      // One without a number is of what was before it.
      const left = all.filter((x) => x.at > unknown);
      const counted = told.filter((x) => x.lost !== undefined && x.at > unknown
        && (left.length === 0 || x.at >= left[0].at))
        .reduce((sum, x) => sum + x.lost, 0);
      if (left.length > counted || (life === this.life && all.length > 0))
        result.push(`${this.who} on ${this.life.node.name} misses ${all.length} `
          + `(${all[0].key} to ${all.at(-1).key} of ${life.node.name}`
          + `${life.endedAt ? `, which has ended ${life.endedAt - all.at(-1).at} ms later` : ""}`
          + `), told of ${JSON.stringify(told.map((x) => x.lost ?? "some"))}`);
    }
    return result;
  }

  /** All that was said is settled. */
  forget() {
    this.heard.clear();
    this.gaps = [];
  }
}
