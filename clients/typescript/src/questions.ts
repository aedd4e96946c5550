import { copyOf, jsonOf } from "./encode.js";
import { FlamigoError } from "./flamigo_error.js";
import type { Frame } from "./frame.js";

/** What answers a question of the server. */
export type Answerer = (payload: any, how: { signal: AbortSignal }) => unknown;

/** What the server asks, and what answers. */
export function makeQuestions(send: (text: string) => void) {
  const answerers = new Map<string, Answerer>();
  /** What ends each that is being answered. */
  const open = new Map<string, AbortController>();

  /** In place of what did so before. Returns what ends that. */
  function on(topic: string, answer: Answerer): () => void {
    answerers.set(topic, answer);
    return () => {
      if (answerers.get(topic) === answer) answerers.delete(topic);
    };
  }

  async function hear({ topic, payload, requestId }: Frame): Promise<void> {
    const over = new AbortController();
    open.set(requestId!, over);
    let answer;
    try {
      const answerer = answerers.get(topic);
      if (!answerer)
        throw new FlamigoError({ message: "nothing answers that here",
          status: 404, code: "unknown_strategy" });
      const what = await answerer(payload, { signal: over.signal });
      answer = jsonOf({ requestId, payload: copyOf(what ?? null) });
    } catch (error) {
      answer = jsonOf({ requestId, error: refusal(error) });
    }
    if (over.signal.aborted) return;
    open.delete(requestId!);
    send(answer);
  }

  /** It is over, and is not answered any more. */
  function end(requestId: string): void {
    open.get(requestId)?.abort();
    open.delete(requestId);
  }

  function lost(): void {
    for (const requestId of open.keys()) end(requestId);
  }

  return { on, hear, end, lost };
}

function refusal(error: unknown): object {
  if (error instanceof FlamigoError) {
    const { message, status, code } = error;
    return { message, status, code };
  }
  // The text may be nobody's business.
  console.error(error);
  return { message: "the client has failed", status: 500, code: "internal" };
}
