import type { Reason } from "./state.js";

/** What requests go by. */
export interface Wire {
  /** Whether it was sent; nothing is before the server may take it. */
  send(text: string): boolean;
  /** Whether anything may be sent. */
  isUp(): boolean;
  /** Why there will be no connection any more; undefined while there may be. */
  readonly closed: Reason | undefined;
  /**
   * Something was refused for want of a token: whether another one is shown. None
   * is where one was good a moment ago.
   */
  renew(): boolean;
  /** Finds out whether the server is there. */
  probe(): void;
}
