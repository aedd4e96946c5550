import type { Calls } from "./calls.js";
import type { Channel } from "./channel.js";
import { type Emitter, makeEmitter } from "./emitter.js";
import { copyOf, jsonOf } from "./encode.js";
import { makeEvents } from "./events.js";
import { FlamigoError, localError } from "./flamigo_error.js";
import type { Frame } from "./frame.js";
import type { Joined } from "./joined.js";
import type { ChannelOptions, Settings } from "./options.js";
import { makeSubscription, type Subscription } from "./subscription.js";

/** The channels of a client, over all its connections. */
export type Channels = ReturnType<typeof makeChannels>;

/** There are none; `emitter` hears what all of them tell. */
export function makeChannels(settings: Settings, calls: Calls, emitter: Emitter) {
  /** How often what is too much is asked for. */
  const tries = 5;
  /** How long to wait for that, in ms, and up to twice as long. */
  const pause = 1000;
  /** How many channels of the program are remembered. */
  const most = 1000;
  const { clock, namespace } = settings;
  const all = new Map<string, Subscription>();
  const events = makeEvents(all, emitter, giveUp);

  function use(topic: string, { input, presence }: ChannelOptions): Channel {
    // As it is now; what is not JSON is the caller's error.
    const text = input === undefined ? input : jsonOf(input);
    // As the server knows it.
    const x = get(copyOf(topic));
    const own = makeEmitter();
    const wants = !x.uses.size || (presence && !x.presence)
      || (text && text !== x.input);
    x.uses.add(own);
    x.presence ||= presence;
    x.input = text ?? x.input;
    const ready = new Promise<Joined>((resolve, reject) => {
      if (!wants && x.joined) resolve(x.joined);
      own.on("subscribed", resolve);
      own.on("", reject); // Under no name: why it is over.
    });
    ready.catch(() => {}); // Who wants to know it listens.
    if (wants) ask(x);
    return {
      topic: x.topic,
      ready,
      get isJoined() { return x.isJoined; },
      get members() { return x.members.list(); },
      on: own.on,
      leave: () => leave(x, own),
    };
  }

  function hear(frame: Frame): void {
    const { topic, payload } = frame;
    if (topic === "subscribed") placed(payload);
    else if (topic === "unsubscribed")
      end(payload.topic, new FlamigoError({ message: payload.code, ...payload }));
    else if (topic === "presence") {
      const x = all.get(payload.topic);
      x?.emit(topic, x.members.change(payload));
    } else events.hear(frame);
  }

  /** Each is entered again from where one was, when there is a connection. */
  function lost(): void {
    events.lost();
    for (const x of all.values()) {
      x.isJoined = false;
      forget(x);
      if (x.uses.size) ask(x);
      else if (all.size > most) all.delete(x.topic);
    }
  }

  /** There will be no other connection. */
  function close(error: FlamigoError): void {
    for (const topic of [...all.keys()]) end(topic, error);
  }

  // -- asking -----------------------------------------------------------------

  function ask(x: Subscription): void {
    forget(x);
    x.asking = calls.add({
      topic: `${namespace}::websocket:subscribe`,
      payload: () => ({ topic: x.topic, since: x.at,
        input: x.input && JSON.parse(x.input), presence: x.presence }),
      patience: true,
      idempotent: true,
      done: (answer) => entered(x, answer),
      fail: (error) => refused(x, error as FlamigoError),
    });
  }

  function forget(x: Subscription): void {
    x.retryTimer.stop();
    if (x.asking) calls.drop(x.asking, false);
    x.asking = undefined;
  }

  function entered(x: Subscription, answer: any): void {
    const { epoch, offset, recovered, presence, result } = answer;
    x.asking = undefined;
    x.refused = 0;
    const missed = recovered ? offset - x.at!.offset : 0;
    // Where all of it comes, the position moves with it.
    if (!recovered) x.at = epoch && { epoch, offset };
    tell(x, offset, recovered, missed, result);
    if (presence) x.emit("presence", x.members.replace(presence));
    if (recovered && x.at!.offset < x.gap!) events.wait(x);
    else events.close(x);
  }

  function refused(x: Subscription, error: FlamigoError): void {
    x.asking = undefined;
    const { status, code, retryAfterMs = 0 } = error;
    if (status === 429 ? x.refused++ < tries : status >= 500 || code === "timeout")
      x.retryTimer.start(Math.max(retryAfterMs, pause * (1 + clock.random())),
        () => ask(x));
    else if (x.uses.size) end(x.topic, error);
    // The program's, of which the client itself may not have what it missed.
    else if (x.gap) giveUp(x);
  }

  /** What was missed does not come. */
  function giveUp(x: Subscription): void {
    tell(x, x.at!.offset = x.gap!, false);
    events.close(x);
  }

  /** The server says where we are: mostly the program has subscribed us. */
  function placed({ topic, epoch, offset, recovered }: any): void {
    const x = get(topic);
    const { at } = x;
    const isSame = at?.epoch === epoch && recovered !== false;
    if (isSame && at!.offset < offset) {
      // On an earlier connection: what was missed comes if it is asked for.
      events.open(x, offset);
      if (!x.asking) ask(x);
      return;
    }
    if (!isSame) x.at = { epoch, offset };
    events.close(x);
    // An answer that is under way says it all.
    if (!x.asking) tell(x, offset, recovered ?? (at && isSame));
  }

  function tell(x: Subscription, offset: number | undefined,
    recovered: boolean | undefined, missed = 0, result = x.joined?.result): void {
    x.isJoined = true;
    const joined = x.joined = { topic: x.topic, result, offset, recovered, missed };
    emitter.emit("subscribed", joined);
    x.emit("subscribed", joined);
  }

  // -- the end ----------------------------------------------------------------

  function leave(x: Subscription, own: Emitter): void {
    own.emit("", localError("left", "it was left"));
    if (!x.uses.delete(own) || x.uses.size) return;
    const { topic, asking } = x;
    const isKnown = x.isJoined || asking?.size;
    remove(x);
    if (isKnown)
      calls.add({
        topic: `${namespace}::websocket:unsubscribe`,
        payload: () => ({ topic }),
        done() {},
        fail() {},
      });
  }

  function end(topic: string, error: FlamigoError): void {
    const x = all.get(topic);
    if (!x) return;
    remove(x);
    const left = { topic, code: error.code, error };
    emitter.emit("unsubscribed", left);
    x.emit("unsubscribed", left);
    x.emit("", error);
    x.uses.clear();
  }

  function remove(x: Subscription): void {
    all.delete(x.topic);
    forget(x);
    x.isJoined = false;
    events.close(x);
  }

  function get(topic: string): Subscription {
    const x = all.get(topic) ?? makeSubscription(topic, clock);
    all.set(topic, x);
    return x;
  }

  return { use, hear, lost, close };
}
