import type { Settings } from "./options.js";
import { makeTimer } from "./timer.js";

/**
 * Finds out whether the server is still there: a page that only listens would
 * not know that its network is gone. `ask` sends what is answered, if it can;
 * `dead` hears that nothing was.
 */
export function makeHeartbeat({ clock, heartbeat, patience }: Settings,
  ask: () => number, dead: () => void) {
  const timer = makeTimer(clock);
  let heardAt = 0;
  /** Whether nothing has come since it was asked; a clock may be too coarse. */
  let isAsking = false;

  /** Something has come. */
  function heard(): void {
    heardAt = clock.now();
    isAsking = false;
  }

  /** From now on, until `stop`. */
  function start(): void {
    heard();
    watch();
  }

  function stop(): void {
    isAsking = false;
    timer.stop();
  }

  /** Asks now. */
  function probe(): void {
    if (isAsking || !ask()) return;
    isAsking = true;
    timer.start(patience, () => isAsking ? dead() : watch());
  }

  function watch(): void {
    const rest = heardAt + heartbeat - clock.now();
    if (!heartbeat) return;
    if (rest > 0) timer.start(rest, watch);
    else probe();
  }

  return { heard, start, stop, probe };
}
