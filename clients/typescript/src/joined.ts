import type { FlamigoError } from "./flamigo_error.js";

/** What the server has answered to a subscription. */
export interface Joined<Result = any> {
  topic: string;
  /** What the channel runs first has answered. */
  result: Result;
  /** Of the newest event; undefined where the channel keeps none. */
  offset: number | undefined;
  /**
   * Undefined the first time. true: every event that was missed comes now, in
   * order. false: there may have been others, so fetch the state anew. It may
   * come at any time.
   */
  recovered: boolean | undefined;
  /** How many events that were missed come now. */
  missed: number;
}

/** Why one is in a channel no more. */
export interface Left {
  topic: string;
  /** The server's: `forbidden`, say. */
  code: string;
  /** What it has answered, or says by itself. */
  error: FlamigoError;
}
