import type { Member, Presence } from "./member.js";

/** Who is in a channel, as the list and its changes say. */
export type Members = ReturnType<typeof makeMembers>;

/** Who is new, and who is gone. */
interface Change {
  joined: Member[];
  left: { key: string }[];
}

/** Nobody is. */
export function makeMembers() {
  let all = new Map<string, Member>();

  const list = (): Member[] => [...all.values()];

  /** The list of a connection that was opened anew: who is new, or is gone. */
  function replace(members: Member[]): Presence {
    const before = all;
    all = new Map(members.map((one) => [one.key, one]));
    return {
      members,
      joined: members.filter(({ key }) => !before.has(key)),
      left: [...before.keys()].filter((key) => !all.has(key)),
    };
  }

  /** Takes out who has left, then puts in who has joined. */
  function change({ joined, left }: Change): Presence {
    for (const { key } of left) all.delete(key);
    for (const one of joined) all.set(one.key, one);
    return { members: list(), joined, left: left.map(({ key }) => key) };
  }

  return { list, replace, change };
}
