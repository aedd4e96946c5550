/** Why a connection has ended, or does not begin. */
export interface Reason {
  why:
    /** It broke, or could not be made. */
    | "lost"
    /** The server has closed it; see `code`. */
    | "server"
    /** `token` has failed, or the server refuses what it gave; see `error`. */
    | "token"
    /** The browser keeps the page for the way back, and nobody sees it. */
    | "kept"
    /** The program has called `close` or `reconnect`. */
    | "program";
  /** The close code, where there is one: docs/protocol.md. */
  code?: number;
  /** The close frame's text, or a sentence. */
  message: string;
  error?: unknown;
}

/** What the connection is doing. */
export type State =
  /** A socket is being opened, for the `attempt`-th time since it last held. */
  | { name: "connecting"; attempt: number }
  /** The server looks at the token. */
  | { name: "authenticating" }
  | { name: "open" }
  /** It is tried again, after `retryInMs` or when the page is shown again. */
  | { name: "waiting"; reason: Reason; retryInMs?: number }
  /** The browser says that there is no network; it is tried when there is. */
  | { name: "offline"; reason?: Reason }
  /** Not tried again, unless by `reconnect`. */
  | { name: "closed"; reason: Reason };
