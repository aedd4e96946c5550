import { makeCredentials } from "./credentials.js";
import type { Settings } from "./options.js";
import type { Request } from "./pending.js";
import { makeTimer } from "./timer.js";

/** Who hears what becomes of it. */
export interface LoginEvents {
  /** Sends a request of the connection's own. */
  ask(request: Request): void;
  /** The token is about to be shown. */
  showing(): void;
  /** It was sent: so may be what goes behind it. */
  shown(): void;
  known(): void;
  /** The token could not be got, or the server has refused it. */
  failed(error: any): void;
}

/** A token that is good no longer than that, in ms, is not shown again. */
const soon = 5000;

/** Proves who we are, to one connection after the other. */
export function makeLogin(settings: Settings, events: LoginEvents) {
  const credentials = makeCredentials(settings);
  const timer = makeTimer(settings.clock);
  /** By which a connection is known from those after it. */
  let run = 0;
  let send: (text: string) => number;
  /** Whether the server has seen the token that we have. */
  let isShown = false;

  /** While the socket opens. One that is still asked for is not asked for again. */
  function prepare(): void {
    const rest = credentials.rest();
    if (rest ? rest <= soon : isShown) forget();
    credentials.get().catch(() => {});
  }

  function forget(): void {
    isShown = false;
    credentials.forget();
  }

  /** Shows the token by `to`, and another one before it ends. */
  async function begin(to = send): Promise<void> {
    send = to;
    const own = ++run;
    timer.stop();
    try {
      const token = await credentials.get();
      if (token !== null && own === run) events.showing();
      if (own !== run) return;
      if (token !== null) await show(token, events.shown);
    } catch (error) {
      if (own === run) events.failed(error);
      return;
    }
    if (own !== run) return;
    refreshLater();
    events.known();
  }

  async function show(token: string, then?: () => void): Promise<void> {
    isShown = true;
    const answer = await new Promise<any>((done, fail) => {
      events.ask({ topic: `${settings.namespace}::websocket:auth`,
        payload: () => ({ token }), done, fail, send });
      then?.();
    });
    credentials.taken(answer?.expiresInMs);
  }

  function refreshLater(): void {
    const ms = credentials.rest();
    if (ms) timer.start(Math.max(ms * 0.8, 1000), refresh);
  }

  /** What goes wrong is tried again until the server closes with 3005. */
  async function refresh(): Promise<void> {
    const own = run;
    forget();
    try {
      const token = await credentials.get();
      if (token !== null && own === run) await show(token);
      if (own === run) refreshLater();
    } catch (error: any) {
      if (own !== run) return;
      // Somebody else needs a connection of their own.
      if (error?.status === 409) events.failed(error);
      else timer.start(5000, refresh);
    }
  }

  /** The connection has ended, or may not be trusted. */
  function stop(): void {
    ++run;
    timer.stop();
  }

  return { prepare, begin, stop, forget,
    forgetShown: () => isShown && forget() };
}
