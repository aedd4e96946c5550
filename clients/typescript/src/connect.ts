import type { Api } from "./api.js";
import { makeClient } from "./client.js";
import type { AnyContract } from "./contract.js";
import type { ConnectOptions } from "./options.js";
import { settingsOf } from "./settings.js";

/**
 * A connection to a server, `wss://example.org/ws` or, in a page, `/ws`. It is
 * opened at once, and opened again when it is lost. Calls may be made, and channels
 * entered, before it is there.
 */
export function connect<C = AnyContract>(url: string | URL,
  options: ConnectOptions = {}): Api<C> {
  return makeClient(settingsOf(url, options)) as unknown as Api<C>;
}
