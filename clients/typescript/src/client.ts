import { makeCalls } from "./calls.js";
import { makeChannels } from "./channels.js";
import { makeConnection } from "./connection.js";
import { makeEmitter } from "./emitter.js";
import { copyOf } from "./encode.js";
import { FlamigoError, localError } from "./flamigo_error.js";
import type { Frame } from "./frame.js";
import type { CallOptions, ChannelOptions, Settings, StreamOptions }
  from "./options.js";
import { parts } from "./parts.js";
import type { Pending } from "./pending.js";
import { makeQuestions } from "./questions.js";
import type { State } from "./state.js";

/** An `Api` of any contract. */
export function makeClient(settings: Settings) {
  /** Events by their names, and states under none. */
  const events = makeEmitter();
  const connection = makeConnection(settings, {
    ready: () => calls.pump(),
    heard: hear,
    lost(reason, longest) {
      calls.lost(reason, longest);
      questions.lost();
      channels.lost();
    },
    changed(state) {
      if (state.name === "closed") {
        calls.close();
        channels.close(localError("closed", state.reason.message));
      }
      events.emit("", state);
    },
    ask: (request) => calls.add(request),
  });
  const calls = makeCalls(settings, connection);
  const questions = makeQuestions(connection.say);
  const channels = makeChannels(settings, calls, events);

  /** Returns what gives it up. */
  function begin(topic: string, input: unknown, options: CallOptions,
    how: Pick<Pending, "done" | "fail" | "part">): () => void {
    const { signal, offline } = options;
    signal?.throwIfAborted();
    if (offline === "reject" && !connection.isUp())
      throw localError("offline", "no connection");
    if (calls.others.queue.length >= settings.maxQueued)
      throw localError("queue_full", "too many wait");
    // As it is now, whenever it is sent.
    const payload = copyOf(input ?? null);
    const then = (f: (x?: any) => void) => (x?: any) => {
      signal?.removeEventListener("abort", abort);
      f(x);
    };
    const pending = calls.add({
      ...options,
      ...how,
      topic,
      payload: () => payload,
      done: then(how.done),
      fail: then(how.fail),
    }, calls.others);
    const stop = then(() => calls.drop(pending));
    const abort = () => {
      stop();
      how.fail(signal!.reason);
    };
    signal?.addEventListener("abort", abort);
    return stop;
  }

  function hear(frame: Frame): void {
    const { topic, payload, ackId, requestId } = frame;
    if (requestId !== undefined) questions.hear(frame);
    else if (topic === "request:ended") questions.end(payload.requestId);
    else if (ackId !== undefined) calls.hear(frame);
    else if (topic === "error") events.emit(topic, new FlamigoError(payload));
    else channels.hear(frame);
  }

  connection.open();
  return {
    call: (topic: string, input?: unknown, options: CallOptions = {}) =>
      new Promise((done, fail) => begin(topic, input, options, { done, fail })),
    stream: (topic: string, input?: unknown, options: StreamOptions = {}) =>
      parts((how) => begin(topic, input, options, how),
        options.maxBuffered ?? 10_000),
    on: events.on,
    channel: (topic: string, options: ChannelOptions = {}) =>
      channels.use(topic, options),
    onRequest: questions.on,
    get state() { return connection.state; },
    onState: (f: (state: State) => void) => events.on("", f),
    reconnect: connection.reopen,
    close: () => connection.closed || connection.close(),
  };
}
