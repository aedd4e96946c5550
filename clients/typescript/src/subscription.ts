import type { Clock } from "./clock.js";
import type { Emitter } from "./emitter.js";
import type { Joined } from "./joined.js";
import { makeMembers, type Members } from "./members.js";
import type { Pending } from "./pending.js";
import { makeTimer, type Timer } from "./timer.js";

/** Where one is in a channel with a history. */
export interface Position {
  epoch: string;
  offset: number;
}

/** One channel: what is wanted of it, and how far one is. */
export interface Subscription {
  readonly topic: string;
  readonly members: Members;
  /** Who uses it; nobody where the program alone has subscribed us. */
  readonly uses: Set<Emitter>;
  /** As JSON. */
  input?: string | undefined;
  presence?: boolean | undefined;
  isJoined: boolean;
  /** The last event that we have; undefined without a history. */
  at?: Position | undefined;
  /** The last of those that were missed and come after later ones. */
  gap?: number | undefined;
  readonly gapTimer: Timer;
  /** The request to subscribe, under way or waiting. */
  asking?: Pending | undefined;
  /** How often it was refused in a row, and what waits to ask again. */
  refused: number;
  readonly retryTimer: Timer;
  /** The last answer. */
  joined?: Joined | undefined;
  emit(event: string, ...args: unknown[]): void;
}

export function makeSubscription(topic: string, clock: Clock): Subscription {
  const uses = new Set<Emitter>();
  return {
    topic,
    members: makeMembers(),
    uses,
    isJoined: false,
    refused: 0,
    gapTimer: makeTimer(clock),
    retryTimer: makeTimer(clock),
    emit(...what) {
      for (const use of [...uses]) use.emit(...what);
    },
  };
}
