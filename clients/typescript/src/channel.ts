import type { Joined, Left } from "./joined.js";
import type { Member, Presence } from "./member.js";
import type { EventsOf, Member as MemberOf } from "./typing.js";

/** What comes with an event of a channel. */
export interface ChannelEvent {
  /** Where it stands; undefined where the channel keeps none. */
  offset: number | undefined;
}

/** What a channel tells: its events, and what becomes of it. */
export type ChannelListeners<X> = {
  [E in keyof EventsOf<X>]: (payload: EventsOf<X>[E], what: ChannelEvent) => void;
} & {
  /** One is in it, each time. */
  subscribed: (what: Joined<MemberOf<X, "result">>) => void;
  /** It is over; see `Left`. */
  unsubscribed: (what: Left) => void;
  /** Others are there than before. */
  presence: (what: Presence<MemberOf<X, "presence">>) => void;
};

/**
 * One use of a channel, which comes back by itself until `leave`. Uses of one
 * topic share what goes over the wire.
 */
export interface Channel<X = any> {
  /** As the server has it: with U+FFFD for a lone surrogate. */
  readonly topic: string;
  /** The first answer of the server, or why there is none: refused, or left. */
  readonly ready: Promise<Joined<MemberOf<X, "result">>>;
  /** Whether the server has one in it now. */
  readonly isJoined: boolean;
  /** Who is there: as it was last known, while there is no connection. */
  readonly members: Member<MemberOf<X, "presence">>[];

  /** Returns what ends that. */
  on<E extends keyof ChannelListeners<X> & string>(event: E,
    f: ChannelListeners<X>[E]): () => void;

  /** Ends this use; with the last one, the server is told. */
  leave(): void;
}
