import { encode } from "./encode.js";
import type { Frame } from "./frame.js";
import { FlamigoError, localError } from "./flamigo_error.js";
import type { Settings } from "./options.js";
import type { Lane, Pending, Request } from "./pending.js";
import type { Reason } from "./state.js";
import { makeTimer } from "./timer.js";
import type { Wire } from "./wire.js";

/** The requests of a client, over all its connections. */
export type Calls = ReturnType<typeof makeCalls>;

/** None has been made. (Functions share what a class would spell out: size.) */
export function makeCalls({ clock, namespace, maxInFlight, timeout }: Settings,
  wire: Wire) {
  /** Channels come first, and leave room for what else there is. */
  const channels: Lane = { queue: [], inFlight: 0, limit: 16 };
  const others: Lane = { queue: [], inFlight: 0, limit: maxInFlight };
  const sent = new Map<string, Pending>();
  let next = 1;

  /** Sends it when it can be. It ends by `done` or `fail`, or by `drop`. */
  function add(request: Request, lane = channels): Pending {
    const pending: Pending =
      { ...request, id: String(next++), lane, timer: makeTimer(clock) };
    if (!request.patience) wait(pending);
    if (request.send) begin(pending, request.send);
    else lane.queue.push(pending);
    if (wire.closed) queueMicrotask(close);
    pump();
    return pending;
  }

  /** Sends what may be sent. */
  function pump(): void {
    if (!wire.isUp()) return;
    for (const lane of [channels, others])
      while (lane.queue.length > 0 && lane.inFlight < lane.limit) {
        if (!begin(lane.queue[0]!, wire.send)) break;
        lane.queue.shift();
      }
  }

  /** Nobody waits for it any more; the server is told where `cancel` says so. */
  function drop(pending: Pending, cancel = true): void {
    const { size, lane, id } = pending;
    end(pending);
    if (!size) lane.queue = lane.queue.filter((x) => x !== pending);
    else if (cancel)
      wire.send(encode(`${namespace}::websocket:cancel`, { ackId: id }));
    pump();
  }

  /** An answer, or a part of one. Nobody waits for what comes late. */
  function hear({ topic, payload, ackId, more }: Frame): void {
    const pending = sent.get(ackId!);
    if (!pending) return;
    if (more) {
      wait(pending);
      return pending.part?.(payload);
    }
    end(pending);
    if (topic !== "error") pending.done(payload);
    // Perhaps the server does not know us. A strategy may have said so as well, after
    // it has done something, and nothing tells one from the other.
    else if (payload.status === 401 && payload.code === "unauthorized"
      && !pending.send && wire.renew() && pending.idempotent)
      requeue(pending);
    else
      pending.fail(new FlamigoError(pending.maybe
        ? { ...payload, maybeExecuted: true } : payload));
    pump();
  }

  /**
   * The connection has ended: what was sent may have been done. What was too large
   * is at least as long as `longest`, the longest that was sent.
   */
  function lost({ code, message }: Reason, longest?: number): void {
    for (const pending of [...sent.values()]) {
      const isTooLarge = code === 1009 && pending.size === longest;
      end(pending);
      if (isTooLarge) pending.fail(localError("too_large", message));
      else if (pending.idempotent) requeue(pending, true);
      else
        pending.fail(localError("lost", "connection lost", true));
    }
  }

  /** There will be no other one. */
  function close(): void {
    const reason = wire.closed;
    if (!reason) return; // It was opened again.
    for (const lane of [channels, others])
      for (const pending of lane.queue.splice(0)) {
        end(pending);
        pending.fail(localError("closed", reason.message, pending.maybe));
      }
  }

  /** Whether it was sent. */
  function begin(pending: Pending, send: Wire["send"]): boolean {
    const { topic, payload, id, lane, patience } = pending;
    const size = pending.size = send(encode(topic, payload(), id));
    if (!size) return false;
    lane.inFlight++;
    sent.set(id, pending);
    if (patience) wait(pending);
    return true;
  }

  function end(pending: Pending): void {
    pending.timer.stop();
    if (sent.delete(pending.id)) pending.lane.inFlight--;
    pending.size = 0;
  }

  /** In the order in which they were made. */
  function requeue(pending: Pending, maybe = false): void {
    const { patience, deadline, lane } = pending;
    pending.maybe ||= maybe;
    if (!patience) wait(pending, deadline! - clock.now());
    lane.queue.push(pending);
    lane.queue.sort((a, b) => +a.id - +b.id);
  }

  function wait(pending: Pending, ms = pending.timeout ?? timeout): void {
    pending.deadline = clock.now() + ms;
    pending.timer.start(ms, () => {
      const maybe = pending.maybe || !!pending.size;
      drop(pending);
      wire.probe();
      pending.fail(localError("timeout", "no answer in time", maybe));
    });
  }

  return { others, add, pump, drop, hear, lost, close };
}
