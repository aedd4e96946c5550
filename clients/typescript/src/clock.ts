/** The time and chance that the client lives by; tests have their own. */
export interface Clock {
  /** Milliseconds, from any beginning. */
  now(): number;
  setTimeout(f: () => void, ms: number): unknown;
  clearTimeout(timer: any): void;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  // A larger delay would be none.
  setTimeout: (f, ms) => setTimeout(f, Math.min(ms, 2 ** 31 - 1)),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
};
