// What has to hold of domains that count and live on one node at a time.

const before = (a, b) => a.token < b.token || (a.token === b.token && a.n < b.n);
const shown = (x) => `${x.n} under ${x.token} of ${x.node}`;

export class Counts {
  constructor(name, faults) {
    Object.assign(this, { name, faults });
    this.answered = [];
    /** By token: the numbers that were answered. */
    this.lives = new Map();
    this.latest = { token: 0, n: 0, at: 0 };
    this.total = 0;
    this.failures = 0;
    this.open = 0;
  }

  begin() {
    ++this.open;
    return performance.now();
  }

  answer(begun, what) {
    --this.open;
    this.answered.push({ ...what, begun, at: performance.now() });
    ++this.total;
  }

  fail() {
    --this.open;
    ++this.failures;
  }

  /** A call that begins when another one has been answered comes behind it, and no
      number comes twice. One is missing for each call that nobody has answered, at
      most. */
  check() {
    const calls = [...this.answered].sort((a, b) => a.begun - b.begun);
    const ends = [this.latest, ...this.answered].sort((a, b) => a.at - b.at);
    let latest = { token: 0, n: 0 };
    let i = 0;
    for (const call of calls) {
      for (; i < ends.length && ends[i].at < call.begun; ++i)
        if (before(latest, ends[i])) latest = ends[i];
      if (!before(latest, call))
        this.faults.add(`${this.name}: ${shown(call)} was begun when ${shown(latest)} `
          + "had been answered");
    }
    for (const call of calls) {
      const numbers = this.lives.get(call.token) ?? new Set();
      this.lives.set(call.token, numbers);
      if (numbers.has(call.n)) this.faults.add(`${this.name}: ${shown(call)} came twice`);
      numbers.add(call.n);
    }
    let holes = 0;
    for (const numbers of this.lives.values())
      holes += Math.max(...numbers) - numbers.size;
    if (holes > this.failures + this.open)
      this.faults.add(`${this.name}: ${holes} calls were done that nobody has made, `
        + `${this.failures} failed`);
    for (const call of ends) if (before(latest, call)) latest = call;
    this.latest = latest;
    this.answered = [];
  }
}
