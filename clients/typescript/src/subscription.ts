import type { Clock } from "./clock.js";
import type { Emitter } from "./emitter.js";
import type { Joined } from "./joined.js";
import { Members } from "./members.js";
import type { Pending } from "./pending.js";
import { Timer } from "./timer.js";

/** Where one is in a channel with a history. */
export interface Position {
  epoch: string;
  offset: number;
}

/** One channel: what is wanted of it, and how far one is. */
export class Subscription {
  readonly topic: string;
  readonly members = new Members();
  /** Who uses it; nobody where the program has subscribed us. */
  readonly uses = new Set<Emitter>();
  input: unknown;
  presence = false;
  isJoined = false;
  /** The last event that we have; undefined without a history. */
  at: Position | undefined;
  /** The last of those that were missed and come after later ones. */
  gap: number | undefined;
  readonly gapTimer: Timer;
  /** The request to subscribe, under way or waiting. */
  asking: Pending | undefined;
  /** How often it was refused in a row, and what waits to ask again. */
  refused = 0;
  readonly retryTimer: Timer;
  /** The last answer. */
  joined: Joined | undefined;

  constructor(topic: string, clock: Clock) {
    this.topic = topic;
    this.gapTimer = new Timer(clock);
    this.retryTimer = new Timer(clock);
  }

  /** Whether this client wants it, and not the program alone. */
  get isOwn(): boolean {
    return this.uses.size > 0;
  }

  /** Whether an event is of this channel. */
  has(offsets: Record<string, number> | undefined): boolean {
    return offsets ? this.topic in offsets : !this.at;
  }

  emit(event: string, ...args: unknown[]): void {
    for (const use of [...this.uses]) use.emit(event, ...args);
  }
}
