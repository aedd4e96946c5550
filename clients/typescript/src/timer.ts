import type { Clock } from "./clock.js";

/** One thing that is done later, unless it is put off or given up. */
export class Timer {
  #clock: Clock;
  #running: unknown;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In place of what was to be done. */
  start(ms: number, f: () => void): void {
    this.stop();
    this.#running = this.#clock.setTimeout(f, ms);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#running);
  }
}
