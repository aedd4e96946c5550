import { useEffect, useState } from "react";
import type { Api, ChannelOf, Member as MemberOf } from "../index.js";
import type { Member } from "../typing.js";

/** Who is in a channel while the component is shown. */
export function usePresence<C, T extends string>(api: Api<C>,
  topic: [ChannelOf<C, T>] extends [never] ? never : T):
  MemberOf<Member<ChannelOf<C, T>, "presence">>[] {
  const [members, setMembers] =
    useState<MemberOf<Member<ChannelOf<C, T>, "presence">>[]>([]);
  useEffect(() => {
    const channel = (api as Api<any>).channel(topic, { presence: true });
    setMembers(channel.members);
    channel.on("presence", (what) => setMembers(what.members));
    channel.on("unsubscribed", () => setMembers([]));
    return () => channel.leave();
  }, [api, topic]);
  return members;
}
