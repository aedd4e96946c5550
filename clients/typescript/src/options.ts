import type { Clock } from "./clock.js";
import type { SocketType } from "./link.js";
import type { Page } from "./page.js";

/** What proves who one is: a token, and for how long it is good, if known. */
export type Token = string | { token: string; expiresInMs?: number };

/** How `connect` does it. Times are milliseconds. */
export interface ConnectOptions {
  /**
   * Gives a token that is good now; null for a guest. It is asked before each
   * connection, and before the token before it ends.
   */
  token?: () => Promise<Token | null> | Token | null;
  /** What makes sockets; Node before 22 has none of its own. */
  WebSocket?: unknown;
  /** Subprotocols, by default `flamigo.v1`. */
  protocols?: string[];
  /** How long a call waits where it does not say; 15 s. */
  timeout?: number;
  /** What the first wait before another attempt is at most; 0.5 s. */
  minDelay?: number;
  /** What every later one is at most; 20 s. */
  maxDelay?: number;
  /** After what silence the server is asked whether it is there; 30 s, 0 never. */
  heartbeat?: number;
  /** How long that may take, and a socket to open; 10 s. */
  patience?: number;
  /** How many calls and streams wait for an answer at once; 48. */
  maxInFlight?: number;
  /** How many more may wait for their turn; 1,000. */
  maxQueued?: number;
  /** The first segment of the framework's strategies; `app`. */
  namespace?: string;
  /** For tests. */
  clock?: Clock;
  /** What surrounds the client, where that is no browser. */
  page?: Page;
}

/** How one call is made. */
export interface CallOptions {
  /** Milliseconds until it is given up, the wait for a connection included. */
  timeout?: number;
  /** Gives it up; the server stops. It rejects with the signal's reason. */
  signal?: AbortSignal;
  /** What to do without a connection: wait for one (the default), or fail. */
  offline?: "wait" | "reject";
  /** Done twice it is as if done once: it is sent again if its answer is lost. */
  idempotent?: boolean;
}

/** How a stream is read. */
export interface StreamOptions {
  /** Milliseconds from one part to the next. */
  timeout?: number;
  /** Ends it; the server stops. It throws the signal's reason. */
  signal?: AbortSignal;
  /** As with a call. */
  offline?: "wait" | "reject";
  /** How many parts may wait to be read; one more ends it. 10,000. */
  maxBuffered?: number;
}

/** How a channel is entered. */
export interface ChannelOptions<Input = any> {
  /** What the channel runs first takes, and what presence may show. */
  input?: Input;
  /** Whether to be told who is there. */
  presence?: boolean;
}

/** The same with nothing left open. */
export type Settings = Required<Omit<ConnectOptions, "token">>
  & Pick<ConnectOptions, "token"> & { url: string; WebSocket: SocketType };
