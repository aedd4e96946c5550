import type { Settings } from "./options.js";

/**
 * How many ms to wait after so many attempts, from 0: any time up to a bound that
 * doubles, so that clients which lost the same server do not come back all at once.
 * `isLater`: at least half of the longest.
 */
export function delayOf({ clock, minDelay, maxDelay }: Settings, attempts: number,
  isLater = false): number {
  const part = clock.random();
  return isLater ? maxDelay * (1 + part) / 2
    : part * Math.min(maxDelay, minDelay * 2 ** attempts);
}
