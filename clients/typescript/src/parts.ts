import { localError } from "./flamigo_error.js";

/** What a stream tells of itself. */
export interface PartEvents {
  part(item: unknown): void;
  done(): void;
  fail(error: unknown): void;
}

/**
 * The parts of an answer, one after the other. `begin` makes the request, when the
 * first is asked for, and returns what ends it. A socket cannot be told to wait,
 * so what comes faster than it is taken waits here: `limit` parts.
 */
export async function* parts<T>(begin: (events: PartEvents) => () => void,
  limit: number): AsyncGenerator<T, void, undefined> {
  const waiting: unknown[] = [];
  let wake = () => {};
  let end: { error: unknown } | undefined;
  const finish = (error?: unknown) => {
    end ??= { error };
    wake();
  };
  const stop = begin({
    part(item) {
      if (end) return;
      if (waiting.push(item) > limit) {
        finish(localError("overflow", "too many wait", true));
        stop();
      }
      wake();
    },
    done: () => finish(),
    fail: finish,
  });
  try {
    for (;;)
      if (waiting.length > 0) yield waiting.shift() as T;
      else if (!end) await new Promise<void>((resolve) => { wake = resolve; });
      else if (end.error) throw end.error;
      else return;
  } finally {
    stop();
  }
}
