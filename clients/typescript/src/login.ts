import { type Credential, makeCredential } from "./credential.js";
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
  /**
   * The token could not be got, or the server has refused it. `isOld`: it was asked
   * for by an earlier connection.
   */
  failed(error: any, isOld?: boolean): void;
}

/** Proves who we are, to one connection after the other. */
export function makeLogin(settings: Settings, events: LoginEvents) {
  /** A token that is good no longer than that, in ms, is not shown again. */
  const soon = 5000;
  const timer = makeTimer(settings.clock);
  /** By which a connection is known from those after it. */
  let run = 0;
  let send: (text: string) => number;
  /** The token that we have, or have asked for. */
  let current: Credential | undefined;

  /** While the socket opens. One that is still asked for is not asked for again. */
  function prepare(): void {
    const rest = current?.rest();
    if (rest ? rest <= soon : current?.isShown) forget();
    if (current) current.isOld = true;
    get().token.catch(() => {});
  }

  function get(): Credential {
    return current ??= makeCredential(settings);
  }

  function forget(): void {
    current = undefined;
  }

  /** Shows the token by `to`, and another one before it ends. */
  async function start(to = send): Promise<void> {
    send = to;
    const own = ++run;
    timer.stop();
    const credential = get();
    try {
      await show(credential, events);
    } catch (error) {
      if (own === run) events.failed(error, credential.isOld);
      return;
    }
    if (own !== run) return;
    refreshLater(credential);
    events.known();
  }

  /** `who` hears of it. A connection that has ended meanwhile is shown nothing. */
  async function show(credential: Credential, who?: LoginEvents): Promise<void> {
    const own = run;
    const token = await credential.token;
    if (token === undefined || own !== run) return;
    who?.showing();
    if (own !== run) return;
    credential.isShown = true;
    const answer = await new Promise<any>((done, fail) => {
      events.ask({ topic: `${settings.namespace}::websocket:auth`,
        payload: () => ({ token }), done, fail, send });
      who?.shown();
    });
    credential.taken(answer?.expiresInMs);
  }

  function refreshLater(credential: Credential): void {
    const ms = credential.rest();
    if (ms) timer.start(Math.max(ms * 0.8, 1000), refresh);
  }

  /** What goes wrong is tried again until the server closes with 3005. */
  async function refresh(): Promise<void> {
    const own = run;
    const credential = current = makeCredential(settings);
    try {
      await show(credential);
      if (own === run) refreshLater(credential);
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

  return { prepare, start, stop, forget,
    forgetShown: () => current?.isShown && forget() };
}
