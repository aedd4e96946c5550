import { adviceFor } from "./advice.js";
import { delayOf } from "./delay.js";
import { encode } from "./encode.js";
import type { Frame } from "./frame.js";
import { makeHeartbeat } from "./heartbeat.js";
import { type Link, makeLink } from "./link.js";
import { makeLogin } from "./login.js";
import type { Settings } from "./options.js";
import type { Request } from "./pending.js";
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

/**
 * What may be sent before the server knows us, and what a message is reckoned to be
 * longer than its text: about half of what it allows, in bytes and in messages.
 */
const early = 4800;
const extra = 256;

/** How many ms a connection has to last, and a token, to be thought well of. */
const good = 5000;

/** What tells of the network, and of a page that is kept for the way back. */
const signs = ["online", "pagehide", "pageshow"];

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
  const timer = new Timer(clock);
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
      change({ name: "open" });
      allowance = Infinity;
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
    return allowance !== undefined && !!link?.isOpen();
  }

  function send(text: string): boolean {
    const rest = allowance! - extra - text.length;
    if (!isUp() || rest < 0) return false;
    allowance = rest;
    link!.send(text);
    return true;
  }

  function open(): void {
    const { url, protocols, WebSocket, patience } = settings;
    timer.stop();
    for (const type of signs) page.addEventListener?.(type, notice);
    if (isOffline()) return change({ name: "offline" });
    isFirst = true;
    allowance = undefined;
    const opening: Link = link = makeLink(new WebSocket(url, protocols), {
      opened() {
        timer.stop();
        login.begin(opening.send);
      },
      heard(frame) {
        heartbeat.heard();
        events.heard(frame);
      },
      ended: (code, message) => lose({ code, message,
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
      proveAgain();
    }
    return true;
  }

  /** Nothing is sent until the server knows us. */
  function proveAgain(): void {
    isFirst = false;
    allowance = undefined;
    login.forget();
    login.begin();
  }

  /** On the same connection: what was sent is about to be refused as well. */
  function refused(error: any): void {
    login.forget();
    allowance = undefined;
    const { status, message } = error ?? {};
    const reason: Reason = { why: "token", message, error };
    // Nobody has answered, or the connection is somebody else's.
    if (status === 0 || status === 409) return lose(reason);
    const retryInMs = delayOf(settings, attempts++);
    timer.start(retryInMs, proveAgain);
    change({ name: "waiting", reason, retryInMs });
  }

  // -- the end ----------------------------------------------------------------

  function silent(): void {
    lose({ why: "lost", message: "the server does not answer" });
  }

  function lose(reason: Reason): void {
    const { retry, fresh, later } = adviceFor(reason.code, !!token);
    if (fresh) login.forgetShown();
    if (clock.now() - openedAt! >= good) attempts = 0;
    if (!retry) return close(reason);
    part(reason);
    if (isOffline()) return change({ name: "offline", reason });
    const retryInMs = delayOf(settings, attempts++, later);
    timer.start(retryInMs, open);
    change({ name: "waiting", reason, retryInMs });
  }

  function close(reason = ended): void {
    for (const type of signs) page.removeEventListener?.(type, notice);
    part(reason);
    change({ name: "closed", reason });
  }

  function part(reason: Reason): void {
    timer.stop();
    heartbeat.stop();
    login.stop();
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
    say: (text) => link?.send(text),
    open,
    close,
    renew,
    probe: heartbeat.probe,
    reopen() {
      login.forget();
      attempts = 0;
      part(ended);
      open();
    },
  };
}
