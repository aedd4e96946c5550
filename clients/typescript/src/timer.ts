import type { Clock } from "./clock.js";

/** One thing that is done later, unless it is put off or given up. */
export type Timer = ReturnType<typeof makeTimer>;

export function makeTimer(clock: Clock) {
  let running: unknown;
  const stop = () => clock.clearTimeout(running);
  return {
    /** In place of what was to be done. */
    start(ms: number, f: () => void): void {
      stop();
      running = clock.setTimeout(f, ms);
    },
    stop,
  };
}
