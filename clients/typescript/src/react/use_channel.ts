import { useEffect, useRef, useState } from "react";
import type { Api, Channel, ChannelListeners, ChannelOf, ChannelOptions, Joined,
  Left } from "../index.js";
import type { Member } from "../typing.js";

/** What a channel is doing. */
export interface ChannelState<X> {
  /** Undefined until the component is shown. */
  channel: Channel<X> | undefined;
  /** The last answer of the server; undefined until there is one. */
  joined: Joined<Member<X, "result">> | undefined;
  /** Why it is over; undefined while it is not. */
  left: Left | undefined;
}

/**
 * Is in a channel while the component is shown, and tells `on` what it tells: its
 * events, and "subscribed", "unsubscribed", "presence". The listeners may be others
 * each time.
 */
export function useChannel<C, T extends string>(api: Api<C>,
  topic: [ChannelOf<C, T>] extends [never] ? never : T,
  on: Partial<ChannelListeners<ChannelOf<C, T>>> = {},
  options: ChannelOptions<Member<ChannelOf<C, T>, "input">> = {}):
  ChannelState<ChannelOf<C, T>> {
  type X = ChannelOf<C, T>;
  const [state, setState] = useState<ChannelState<X>>(
    { channel: undefined, joined: undefined, left: undefined });
  const listeners = useRef<Record<string, any>>(on);
  listeners.current = on;
  const events = Object.keys(on).sort().join("\n");
  const key = JSON.stringify(options);
  useEffect(() => {
    const channel: Channel<any> = (api as Api<any>).channel(topic, options);
    setState({ channel, joined: undefined, left: undefined });
    channel.on("subscribed", (joined) =>
      setState({ channel, joined, left: undefined }));
    channel.on("unsubscribed", (left) =>
      setState((old) => ({ ...old, left })));
    for (const event of events ? events.split("\n") : [])
      channel.on(event, (...what: unknown[]) =>
        listeners.current[event]?.(...what));
    return () => channel.leave();
  }, [api, topic, key, events]);
  return state;
}
