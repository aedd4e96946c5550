/** What is wrong with one member of an input. */
export interface FieldError {
  field: string;
  error: string;
}

/** What a `FlamigoError` is made of. */
export type ErrorParts =
  { message: string } & Partial<Omit<FlamigoError, keyof Error>>;

/**
 * Why a call has failed: what the server has answered, or what the client has
 * found out by itself, with the status 0. A handler of `onRequest` throws one for
 * the server to read, with a status from 400 to 599.
 */
export class FlamigoError extends Error {
  /** As in HTTP; 0 where the server has not answered. */
  readonly status!: number;
  /** The server's, or a `LocalCode`; empty where there is none. */
  readonly code!: string;
  readonly fieldErrors!: readonly FieldError[];
  /** The server's own account, where it is configured to show it. */
  readonly trace: string | undefined;
  /** After how many milliseconds to try again, where that is known. */
  readonly retryAfterMs: number | undefined;
  /** Whether the server may have done it all the same. */
  readonly maybeExecuted!: boolean;

  constructor(parts: ErrorParts) {
    super(parts.message);
    const { status = 0 } = parts;
    Object.assign(this, { name: "FlamigoError", code: "", fieldErrors: [],
      maybeExecuted: status === 504 }, parts, { status });
  }
}

/** What the client finds out by itself. */
export type LocalCode =
  /** The connection was lost before the answer. */
  | "lost"
  /** No answer, or no connection, in time. */
  | "timeout"
  /** There is no connection, and the call would not wait for one. */
  | "offline"
  /** There will be no connection any more. */
  | "closed"
  /** Of a channel's `ready`: `leave` was called before the answer. */
  | "left"
  /** The server has closed the connection because the message is too large. */
  | "too_large"
  /** Too many calls wait. */
  | "queue_full"
  /** More of a stream has come than may wait to be read. */
  | "overflow";

/** One with a code of the client's own. */
export function localError(code: LocalCode, message: string,
  maybeExecuted = false): FlamigoError {
  return new FlamigoError({ message, code, maybeExecuted });
}
