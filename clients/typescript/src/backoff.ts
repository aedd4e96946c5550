import type { Settings } from "./options.js";

/**
 * How long to wait before the next attempt: any time up to a bound that doubles,
 * so that clients which lost the same server do not come back all at once.
 */
export class Backoff {
  attempts = 0;
  #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** In milliseconds. `later`: at least half of the longest. */
  next(later = false): number {
    const { clock, minDelay, maxDelay } = this.#settings;
    const bound = later ? maxDelay
      : Math.min(maxDelay, minDelay * 2 ** this.attempts++);
    const part = clock.random();
    return bound * (later ? (1 + part) / 2 : part);
  }

  reset(): void {
    this.attempts = 0;
  }
}
