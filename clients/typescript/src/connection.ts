import { delayOf } from "./delay.js";
import { encode } from "./encode.js";
import type { Frame } from "./frame.js";
import { makeHeartbeat } from "./heartbeat.js";
import { type Link, makeLink } from "./link.js";
import { makeLogin } from "./login.js";
import type { Settings } from "./options.js";
import type { Request } from "./pending.js";
import type { Reason, State } from "./state.js";
import { makeTimer } from "./timer.js";
import type { Wire } from "./wire.js";

/** Who hears what becomes of it. */
export interface ConnectionEvents {
  /** More may be sent than before. */
  ready(): void;
  heard(frame: Frame): void;
  /** `longest`: of all messages that were sent, in bytes. */
  lost(reason: Reason, longest: number | undefined): void;
  changed(state: State): void;
  /** Sends a request of the connection's own. */
  ask(request: Request): void;
}

/**
 * What may be sent before the server knows us, and what a message is reckoned to be
 * longer than its text: about half of what it allows, in bytes and in messages.
 */
const early = 4800;
const extra = 256;

/** How many ms a connection has to last, and a token, to be thought well of. */
const good = 5000;

const ended: Reason = { why: "program", message: "the program has ended it" };

/** One connection after the other. */
export interface Connection extends Wire {
  readonly state: State;
  open(): void;
  /** Sends it, whether or not the server knows us. */
  say(text: string): void;
  /** Another connection, with another token. */
  reopen(): void;
  /** For good. */
  close(reason?: Reason): void;
}

/** None is open yet. */
export function makeConnection(settings: Settings, events: ConnectionEvents):
  Connection {
  const { page, clock, token } = settings;
  /** The next attempt. */
  const timer = makeTimer(clock);
  const heartbeat = makeHeartbeat(settings,
    // Every server answers that, and does nothing.
    () => send(encode(`${settings.namespace}::websocket:cancel`,
      { ackId: "-" }, "-")),
    silent);
  const login = makeLogin(settings, {
    ask: events.ask,
    showing() {
      if (isFirst) allowance = early;
      change({ name: "authenticating" });
    },
    shown: events.ready,
    known() {
      openedAt = clock.now();
      heartbeat.start();
      allowance = Infinity;
      change({ name: "open" });
      events.ready();
    },
    failed: refused,
  });
  let state: State;
  let link: Link | undefined;
  /** What may still be sent; none before the token is. */
  let allowance: number | undefined;
  /** Whether no token was refused on this connection. */
  let isFirst: boolean;
  let attempts = 0;
  let openedAt: number | undefined;

  function isUp(): boolean {
    return allowance !== undefined && link!.isUp();
  }

  function send(text: string): number {
    const rest = allowance! - extra - text.length;
    if (!isUp() || rest < 0) return 0;
    allowance = rest;
    return link!.send(text);
  }

  function open(): void {
    const { url, protocols, WebSocket, patience } = settings;
    timer.stop();
    let socket;
    if (!isOffline())
      try {
        socket = new WebSocket(url, protocols);
      } catch (error: any) {
        // The first time it is the program's.
        if (!state) throw error;
        return lose({ why: "lost", message: error.message });
      }
    listen("add");
    if (!socket) return change({ name: "offline" });
    isFirst = true;
    const opening: Link = link = makeLink(socket, {
      opened() {
        timer.stop();
        login.start(opening.send);
      },
      heard(frame) {
        heartbeat.heard();
        events.heard(frame);
      },
      lost: (code, message) => lose({ code, message,
        why: code === 1005 || code === 1006 ? "lost" : "server" }),
    });
    login.prepare();
    timer.start(patience, silent);
    change({ name: "connecting", attempt: attempts + 1 });
  }

  function renew(): boolean {
    if (!token || !link) return false;
    // Else another one is on its way.
    if (state.name === "open" && allowance !== undefined) {
      if (clock.now() - openedAt! < good) return false;
      attempts = 0;
      proveAgain();
    }
    return true;
  }

  /** Nothing is sent until the server knows us. */
  function proveAgain(): void {
    isFirst = false;
    allowance = undefined;
    login.forget();
    login.start();
  }

  /** On the same connection: what was sent is about to be refused as well. */
  function refused(error: any, isOld?: boolean): void {
    login.forget();
    allowance = undefined;
    const status = error?.status;
    const message = String(error?.message ?? error);
    const reason: Reason = { why: "token", message, error };
    // Nobody has answered, or the connection is somebody else's.
    if (status === 0 || status === 409) return lose(reason);
    // An old one may simply have ended, unless it is the server that needs time.
    if (isOld && !(status >= 429)) return proveAgain();
    later(proveAgain, reason);
  }

  // -- the end ----------------------------------------------------------------

  function silent(): void {
    lose({ why: "lost", message: "the server does not answer" });
  }

  /** The close code decides what is done: docs/protocol.md. */
  function lose(reason: Reason): void {
    const { code } = reason;
    const unheard = code === 3502;
    if (unheard || code === 3005) login.forgetShown();
    if (clock.now() - openedAt! >= good) attempts = 0;
    if (unheard ? !token : /^(100[237]|[34][5-9]..)$/.test(`${code}`))
      return close(reason);
    if (!part(reason)) return;
    if (isOffline()) change({ name: "offline", reason });
    else later(open, reason);
  }

  function later(f: () => void, reason: Reason): void {
    const retryInMs = delayOf(settings, attempts++, reason.code === 3013);
    timer.start(retryInMs, f);
    change({ name: "waiting", reason, retryInMs });
  }

  function close(reason = ended): void {
    listen("remove");
    if (part(reason)) change({ name: "closed", reason });
  }

  /** Whether that is all: who hears of it may open another one, or close. */
  function part(reason: Reason): boolean {
    const before = state;
    timer.stop();
    heartbeat.stop();
    login.stop();
    const longest = link?.longest;
    link?.drop();
    link = allowance = openedAt = undefined;
    events.lost(reason, longest);
    return state === before;
  }

  /** To what tells of the network, and of a page that is kept for the way back. */
  function listen(how: "add" | "remove"): void {
    for (const type of ["online", "pagehide", "pageshow"])
      page[`${how}EventListener`]?.(type, notice);
  }

  function isOffline(): boolean {
    return page.navigator?.onLine === false;
  }

  function notice({ type, persisted }: { type: string; persisted?: boolean }) {
    if (type !== "online" && !persisted) return;
    if (type === "pagehide") {
      // The browser would answer pings for a page that nobody sees.
      const reason: Reason = { why: "kept", message: "the page was left" };
      if (part(reason)) change({ name: "waiting", reason });
    } else if (link) heartbeat.probe();
    else open();
  }

  function change(to: State): void {
    state = to;
    events.changed(to);
  }

  return {
    get state() { return state; },
    get closed() { return state.name === "closed" && state.reason; },
    isUp,
    send,
    say: (text) => link?.send(text),
    open,
    close,
    renew,
    probe: heartbeat.probe,
    reopen() {
      login.forget();
      attempts = 0;
      if (part(ended)) open();
    },
  };
}
