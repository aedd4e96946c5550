import type { Timer } from "./timer.js";

/** What a request is, and who waits for its answer. */
export interface Request {
  topic: string;
  /** What is sent, as it is then. */
  payload: () => unknown;
  /** In ms; that of the settings where it is not given. */
  timeout?: number | undefined;
  done(result: any): void;
  fail(error: unknown): void;
  part?(item: any): void;
  /** It is sent again if its answer is lost. */
  idempotent?: boolean;
  /** Sends it at once, past whatever waits; its size. */
  send?(text: string): number;
  /** Its time is that of the answer, and not of the wait for a connection. */
  patience?: boolean;
}

/** A request from when it is made until it is answered. */
export interface Pending extends Request {
  /** The `ackId`; it tells also which was made first. */
  id: string;
  lane: Lane;
  /** Of its message, in bytes, while that is sent and not answered; else none. */
  size?: number;
  /** Whether the server may have done it before. */
  maybe?: boolean;
  timer: Timer;
  deadline?: number;
}

/** Requests of one kind: so many at once, the others in line. */
export interface Lane {
  queue: Pending[];
  inFlight: number;
  limit: number;
}
