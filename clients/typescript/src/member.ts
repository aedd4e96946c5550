/** One who is in a channel. */
export interface Member<State = any> {
  /** `u:` and a user's id, or `c:` and a guest's connection. */
  key: string;
  /** What the channel shows of it. */
  state: State;
}

/** Who is there now, and what has changed. */
export interface Presence<State = any> {
  /** In the order in which they came. */
  members: Member<State>[];
  /** Who is new; of a change, also who has another state now. */
  joined: Member<State>[];
  /** Their keys. */
  left: string[];
}
