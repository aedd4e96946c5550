import type { Settings } from "./options.js";

/** A token that was asked for, and what is known of it. */
export type Credential = ReturnType<typeof makeCredential> & {
  /** Whether the server has seen it. */
  isShown?: boolean;
  /** Whether it was asked for by an earlier connection. */
  isOld?: boolean;
};

/** Asks for one. */
export function makeCredential({ token: ask, clock }: Settings) {
  /** By the clock; undefined where nobody has said. */
  let end: number | undefined;

  /** Somebody may know how long it is good; the server, who is last, knows best. */
  function taken(expiresInMs: number | undefined): void {
    if (expiresInMs) end = clock.now() + expiresInMs;
  }

  const token = (async () => {
    await null; // Who is asked may call anything.
    const got = await ask?.();
    if (typeof got !== "object") return got;
    taken(got?.expiresInMs);
    return got?.token;
  })();

  return {
    token,
    taken,
    /** How long it is good; undefined if nobody knows. */
    rest: () => end && end - clock.now(),
  };
}
