import type { Member, Presence } from "./member.js";

/** Who is in a channel, as the list and its changes say. */
export class Members {
  #all = new Map<string, unknown>();

  get list(): Member[] {
    return [...this.#all].map(([key, state]) => ({ key, state }));
  }

  /** The list of a connection that was opened anew: who is new, or is gone. */
  replace(list: Member[]): Presence {
    const before = this.#all;
    this.#all = new Map(list.map(({ key, state }) => [key, state]));
    return {
      members: list,
      joined: list.filter(({ key }) => !before.has(key)),
      left: [...before.keys()].filter((key) => !this.#all.has(key)),
    };
  }

  /** Takes out who has left, then puts in who has joined. */
  change(joined: Member[], left: { key: string }[]): Presence {
    for (const { key } of left) this.#all.delete(key);
    for (const { key, state } of joined) this.#all.set(key, state);
    return { members: this.list, joined, left: left.map(({ key }) => key) };
  }
}
