// The server says how often something has happened since its start. What happens
// now is the difference of two such samples.

/** By how much each second figures grow, from one sample to the next. */
export class Rates {
  #before;

  /** The rates of these members; none of the first sample. */
  of(sample, names) {
    const before = this.#before;
    this.#before = sample;
    const seconds = (sample.atMs - before?.atMs) / 1000;
    return Object.fromEntries(names.map((name) =>
      [name, seconds > 0 ? (sample[name] - before[name]) / seconds : undefined]));
  }
}

const statuses = (row) => Object.entries(row?.byStatus ?? {});
const sum = (numbers) => numbers.reduce((x, y) => x + y, 0);
const calls = (row) => sum(statuses(row).map(([, n]) => n));
const failures = (row) =>
  sum(statuses(row).filter(([status]) => status[0] === "5").map(([, n]) => n));

/** Within its bucket a duration is taken to be anywhere alike. */
function quantile(q, counts, bounds) {
  const all = sum(counts);
  if (all === 0) return undefined;
  let rank = q * all;
  for (let i = 0; i < bounds.length; ++i) {
    const low = i > 0 ? bounds[i - 1] : 0;
    if (rank <= counts[i])
      return low + (bounds[i] - low) * (rank / counts[i]);
    rank -= counts[i];
  }
  return Infinity;
}

/** What strategies do, from one sample to the next. */
export class StrategyRates {
  #before;

  /** A row for each strategy that was ever called, the busiest first. */
  rows(sample) {
    const before = this.#before;
    this.#before = sample;
    const seconds = (sample.atMs - before?.atMs) / 1000;
    const then = new Map(before?.strategies.map((x) => [x.name, x]));
    const rows = sample.strategies.map((now) => {
      const old = then.get(now.name);
      const calledNow = calls(now) - calls(old);
      const latency = seconds > 0
        ? now.latency.map((n, i) => n - (old?.latency[i] ?? 0)) : [];
      return {
        name: now.name,
        perSecond: seconds > 0 ? calledNow / seconds : undefined,
        failing: seconds > 0 && calledNow > 0
          ? (failures(now) - failures(old)) / calledNow : undefined,
        median: quantile(0.5, latency, sample.boundsSeconds),
        slow: quantile(0.99, latency, sample.boundsSeconds),
        calls: calls(now),
        failures: failures(now),
      };
    });
    return rows.sort((x, y) =>
      (y.perSecond ?? 0) - (x.perSecond ?? 0) || y.calls - x.calls);
  }
}
