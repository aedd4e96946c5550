import type { Settings } from "./options.js";

/** The token that the next connection shows, and until when it is good. */
export function makeCredentials({ token: ask, clock }: Settings) {
  let token: Promise<string | null> | undefined;
  /** By the clock; undefined where nobody has said. */
  let end: number | undefined;

  /** Asks for one where there is none. */
  function get(): Promise<string | null> {
    return token ??= (async () => {
      const got = await ask?.() ?? null;
      if (got === null || typeof got === "string") return got;
      taken(got.expiresInMs);
      return got.token;
    })();
  }

  /** The server has taken it, and may know until when it is good. */
  function taken(expiresInMs: number | undefined): void {
    if (expiresInMs) end = clock.now() + expiresInMs;
  }

  /** How long it is good; undefined if nobody knows. */
  function rest(): number | undefined {
    return end && end - clock.now();
  }

  function forget(): void {
    token = end = undefined;
  }

  return { get, taken, rest, forget };
}
