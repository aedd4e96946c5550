import type { Pending } from "./pending.js";
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
   * It was refused for want of a token: whether to send it again, behind another
   * one. Whom the server knew is so once.
   */
  renew(refused: Pending): boolean;
  /** Finds out whether the server is there. */
  probe(): void;
}
