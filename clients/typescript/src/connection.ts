import { adviceFor } from "./advice.js";
import { Backoff } from "./backoff.js";
import { makeCredentials } from "./credentials.js";
import { encode } from "./encode.js";
import type { Frame } from "./frame.js";
import { makeHeartbeat } from "./heartbeat.js";
import { Link } from "./link.js";
import type { Settings } from "./options.js";
import type { Pending, Request } from "./pending.js";
import type { Reason, State } from "./state.js";
import { Timer } from "./timer.js";
import type { Wire } from "./wire.js";

/** Who hears what becomes of it. */
export interface ConnectionEvents {
  /** More may be sent than before. */
  ready(): void;
  heard(frame: Frame): void;
  lost(reason: Reason): void;
  changed(state: State): void;
  /** Sends a request of the connection's own. */
  ask(request: Request): void;
}

/** What may be sent before the server knows us: it allows twice as much. */
const early = { frames: 16, chars: 4096 };

/** How long a connection has to last to be thought well of. */
const good = 5000;

/** A token that is good no longer than that is not shown again. */
const soon = 5000;

const ended: Reason = { why: "program", message: "the program has ended it" };

/** One connection after the other, each of which proves who we are. */
export interface Connection extends Wire {
  readonly state: State;
  open(): void;
  /** Another connection, with another token. */
  reopen(): void;
  /** For good. */
  close(reason?: Reason): void;
}

/** What tells of the network, and of a page that is kept for the way back. */
const signs = ["online", "pagehide", "pageshow"];

/** None is open yet. */
export function makeConnection(settings: Settings, events: ConnectionEvents):
  Connection {
  const { url, protocols, WebSocket, connectTimeout, page, namespace, clock,
    token: hasToken, timeout } = settings;
  const credentials = makeCredentials(settings);
  const backoff = new Backoff(settings);
  /** The next attempt, or the next token. */
  const timer = new Timer(clock);
  const heartbeat = makeHeartbeat(settings,
    // Every server answers that, and does nothing.
    () => send(encode(`${namespace}::websocket:cancel`, { ackId: "-" }, "-")),
    silent);
  let state: State = { name: "connecting", attempt: 1 };
  let link: Link | undefined;
  /** What may still be sent; none before the token is. */
  let allowance: { frames: number; chars: number } | undefined;
  let openedAt: number | undefined;

  function isUp(): boolean {
    return !!allowance && link!.isOpen;
  }

  function send(text: string): boolean {
    if (!isUp() || allowance!.frames < 1 || allowance!.chars < text.length)
      return false;
    allowance!.frames--;
    allowance!.chars -= text.length;
    link!.send(text);
    return true;
  }

  function open(): void {
    timer.stop();
    for (const type of signs) page.addEventListener?.(type, notice);
    if (isOffline()) return change({ name: "offline" });
    const opening: Link = link = new Link(new WebSocket(url, protocols), {
      opened: () => prove(opening, true),
      heard(frame) {
        heartbeat.heard();
        events.heard(frame);
      },
      ended: (code, message) => lose({ code, message,
        why: code === 1006 || code === 1005 ? "lost" : "server" }),
    });
    // While the socket opens.
    if (!(credentials.rest()! > soon)) credentials.forget();
    credentials.get().catch(() => {});
    timer.start(connectTimeout, silent);
    change({ name: "connecting", attempt: backoff.attempts + 1 });
  }

  function close(reason = ended): void {
    for (const type of signs) page.removeEventListener?.(type, notice);
    part(reason);
    change({ name: "closed", reason });
  }

  function renew(refused: Pending): boolean {
    // Else another one is on its way.
    const isKnown = state.name === "open" && allowance;
    if (!hasToken || !link || (isKnown && refused.isSecond)) return false;
    if (isKnown) {
      refused.isSecond = true;
      credentials.forget();
      prove(link, false);
    }
    return true;
  }

  // -- who we are -------------------------------------------------------------

  /** Shows the token; what is sent behind it waits there for the outcome. */
  async function prove(to: Link, isFirst: boolean): Promise<void> {
    timer.stop();
    allowance = undefined;
    try {
      const token = await credentials.get();
      if (token !== null && to === link) change({ name: "authenticating" });
      if (to !== link) return;
      if (token !== null) {
        const shown = show(to, token);
        if (isFirst) allow(early);
        await shown;
      }
    } catch (error) {
      if (to === link) fail(to, error);
      return;
    }
    if (to !== link) return;
    openedAt = clock.now();
    refreshLater(to);
    heartbeat.start();
    change({ name: "open" });
    if (to === link) allow({ frames: Infinity, chars: Infinity });
  }

  /** On the same connection: what was sent is about to be refused as well. */
  function fail(to: Link, error: any): void {
    const reason: Reason = { why: "token", message: error?.message, error };
    credentials.forget();
    allowance = undefined;
    // Nobody has answered.
    if (error?.status === 0) return lose(reason);
    const retryInMs = backoff.next();
    timer.start(retryInMs, () => prove(to, false));
    change({ name: "waiting", reason, retryInMs });
  }

  async function show(to: Link, token: string): Promise<void> {
    const answer = await new Promise<any>((done, fail) => events.ask({
      topic: `${namespace}::websocket:auth`,
      payload: () => ({ token }),
      timeout,
      done,
      fail,
      send: (text) => to.send(text),
    }));
    credentials.taken(answer?.expiresInMs);
  }

  function refreshLater(to: Link): void {
    const ms = credentials.rest();
    if (ms) timer.start(Math.max(ms * 0.8, 1000), () => refresh(to));
  }

  /** What goes wrong is tried again until the server closes with 3005. */
  async function refresh(to: Link): Promise<void> {
    credentials.forget();
    try {
      const token = await credentials.get();
      if (token !== null && to === link) await show(to, token);
      if (to === link) refreshLater(to);
    } catch (error: any) {
      if (to !== link) return;
      // Somebody else needs a connection of their own.
      if (error?.status === 409)
        lose({ why: "token", message: error.message, error });
      else timer.start(5000, () => refresh(to));
    }
  }

  function allow(what: typeof early): void {
    allowance = { ...what };
    events.ready();
  }

  // -- the end ----------------------------------------------------------------

  function silent(): void {
    lose({ why: "lost", message: "the server does not answer" });
  }

  function lose(reason: Reason): void {
    const { retry, fresh, later } = adviceFor(reason.code, !!hasToken);
    if (fresh) credentials.forget();
    if (clock.now() - openedAt! >= good) backoff.reset();
    if (!retry) return close(reason);
    part(reason);
    if (isOffline()) return change({ name: "offline", reason });
    const retryInMs = backoff.next(later);
    timer.start(retryInMs, open);
    change({ name: "waiting", reason, retryInMs });
  }

  function part(reason: Reason): void {
    timer.stop();
    heartbeat.stop();
    link?.drop();
    link = allowance = openedAt = undefined;
    events.lost(reason);
  }

  function isOffline(): boolean {
    return page.navigator?.onLine === false;
  }

  function notice({ type, persisted }: { type: string; persisted?: boolean }) {
    if (type !== "online" && !persisted) return;
    if (type === "pagehide") {
      // The browser would answer pings for a page that nobody sees.
      const reason: Reason = { why: "kept", message: "the page was left" };
      part(reason);
      change({ name: "waiting", reason });
    } else if (link) heartbeat.probe();
    else open();
  }

  function change(to: State): void {
    state = to;
    events.changed(to);
  }

  return {
    get state() { return state; },
    get closed() { return state.name === "closed" ? state.reason : undefined; },
    isUp,
    send,
    open,
    close,
    renew,
    probe: heartbeat.probe,
    reopen() {
      credentials.forget();
      backoff.reset();
      part(ended);
      open();
    },
  };
}
