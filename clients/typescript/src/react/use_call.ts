import { useCallback, useEffect, useState } from "react";
import type { AnyContract, Api, CallOptions } from "../index.js";
import type { Names, Of, Rest } from "../typing.js";

/** What a call has come to. */
export interface CallState<Output> {
  /** The last answer; undefined until there is one. */
  data: Output | undefined;
  /** Why the last call has failed. */
  error: unknown;
  isPending: boolean;
  /** Calls again. */
  reload(): void;
}

/**
 * Calls a strategy when the component is shown, and when the input is another. What
 * nobody waits for any more is cancelled.
 */
export function useCall<C, N extends Names<C, "calls">>(api: Api<C>, name: N,
  ...rest: Rest<Of<C, "calls", N, "input">, Omit<CallOptions, "signal">>):
  CallState<Of<C, "calls", N, "output">> {
  const [input, options] = rest as [unknown, CallOptions | undefined];
  const [state, setState] = useState<
    Omit<CallState<Of<C, "calls", N, "output">>, "reload">>(
      { data: undefined, error: undefined, isPending: true });
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify([input, options]);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const settle = (what: object) => {
      if (!signal.aborted)
        setState((old) => ({ ...old, error: undefined, isPending: false, ...what }));
    };
    setState((old) => ({ ...old, isPending: true }));
    (api as Api<unknown> as Api<AnyContract>)
      .call(name as string, input, { ...options, signal })
      .then((data) => settle({ data }), (error: unknown) => settle({ error }));
    return () => stop.abort();
  }, [api, name, key, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { ...state, reload };
}
