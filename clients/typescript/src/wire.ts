import type { Reason } from "./state.js";

/** What requests go by. */
export interface Wire {
  /** Its bytes; 0 if it was not sent, as before the server may take it. */
  send(text: string): number;
  /** Whether anything may be sent. */
  isUp(): boolean;
  /** Why there will be no connection any more; false while there may be. */
  readonly closed: Reason | false;
  /**
   * Something was refused for want of a token: whether another one is shown. None
   * is where one was good a moment ago.
   */
  renew(): boolean;
  /** Finds out whether the server is there. */
  probe(): void;
}
