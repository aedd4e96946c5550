/** What to do when a connection has ended. */
export interface Advice {
  retry: boolean;
  /** With another token. */
  fresh: boolean;
  /** Not soon. */
  later: boolean;
}

/** What a close code advises: docs/protocol.md. */
export function adviceFor(code = 1006, hasToken: boolean): Advice {
  const unheard = code === 3502;
  const refused = (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000)
    || [1002, 1003, 1007].includes(code);
  return {
    retry: unheard ? hasToken : !refused,
    fresh: unheard || code === 3005,
    later: code === 3013,
  };
}
