import type { Channel } from "./channel.js";
import type { FlamigoError } from "./flamigo_error.js";
import type { Joined, Left } from "./joined.js";
import type { CallOptions, ChannelOptions, StreamOptions } from "./options.js";
import type { State } from "./state.js";
import type { ChannelOf, Member, Names, Of, Part, Rest } from "./typing.js";

/** What the framework tells beside a contract's events. */
export interface SystemEvents {
  /** An error that is of no request, of a token in the handshake, say. */
  error: FlamigoError;
  /** One is in a channel, by oneself or by the program. */
  subscribed: Joined;
  /** One is in it no more. */
  unsubscribed: Left;
}

/** Where an event stands in the channels that keep it. */
export interface EventPlace {
  offsets: Record<string, number>;
}

/** A server, as the contract `C` has it. */
export interface Api<C> {
  /** Calls a strategy; rejects with a `FlamigoError`. */
  call<N extends Names<C, "calls">>(name: N,
    ...rest: Rest<Of<C, "calls", N, "input">, CallOptions>):
    Promise<Of<C, "calls", N, "output">>;

  /**
   * Calls a strategy that answers in parts, when the first is asked for. Leaving
   * the loop has the server stop.
   */
  stream<N extends Names<C, "streams">>(name: N,
    ...rest: Rest<Of<C, "streams", N, "input">, StreamOptions>):
    AsyncGenerator<Of<C, "streams", N, "item">, void, undefined>;

  /** Hears an event, of whichever channel. Returns what ends that. */
  on<E extends keyof SystemEvents>(event: E,
    f: (what: SystemEvents[E]) => void): () => void;
  on<E extends Names<C, "events">>(event: E,
    f: (payload: Part<C, "events">[E & keyof Part<C, "events">],
      where: EventPlace) => void): () => void;

  /** Enters a channel, and comes back to it, until `leave`. */
  channel<T extends string>(topic: [ChannelOf<C, T>] extends [never] ? never : T,
    options?: ChannelOptions<Member<ChannelOf<C, T>, "input">>):
    Channel<ChannelOf<C, T>>;

  /**
   * Has `f` answer what the server asks. It may throw a `FlamigoError`; the signal
   * says that the question is over. Returns what ends that.
   */
  onRequest<N extends Names<C, "requests">>(name: N,
    f: (payload: Of<C, "requests", N, "input">, how: { signal: AbortSignal }) =>
      Of<C, "requests", N, "output">
      | Promise<Of<C, "requests", N, "output">>): () => void;

  /** What the connection is doing. */
  readonly state: State;

  /** Hears each change of it, in order. Returns what ends that. */
  onState(f: (state: State) => void): () => void;

  /** Opens another connection with another token, whatever there was. */
  reconnect(): void;

  /** Ends it for good: calls reject, channels are left. */
  close(): void;
}
