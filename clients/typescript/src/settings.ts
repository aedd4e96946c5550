import { systemClock } from "./clock.js";
import type { SocketType } from "./link.js";
import type { ConnectOptions, Settings } from "./options.js";

/** What the options come to. Throws where nothing can come of them. */
export function settingsOf(url: string | URL, options: ConnectOptions): Settings {
  const WebSocket = (options.WebSocket ?? globalThis.WebSocket) as SocketType;
  if (!WebSocket)
    throw new TypeError("there is no WebSocket: give one, as of ws");
  const given: ConnectOptions = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined));
  const where = new URL(url, globalThis.location?.href);
  where.protocol = where.protocol.replace("http", "ws");
  return {
    protocols: ["flamigo.v1"],
    timeout: 15_000,
    minDelay: 500,
    maxDelay: 20_000,
    heartbeat: 30_000,
    patience: 10_000,
    maxInFlight: 48,
    maxQueued: 1000,
    namespace: "app",
    clock: systemClock,
    page: globalThis,
    ...given,
    url: where.href,
    WebSocket,
  };
}
