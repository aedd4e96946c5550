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
  return {
    retry: unheard ? hasToken : !/^(100[237]|[34][5-9]..)$/.test(`${code}`),
    fresh: unheard || code === 3005,
    later: code === 3013,
  };
}
