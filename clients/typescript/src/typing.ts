// What the client's signatures read from a contract.

import type { AnyContract } from "./contract.js";

/** One part of a contract; nothing where it is missing. */
export type Part<C, K extends string> =
  0 extends 1 & C ? Part<AnyContract, K>
    : C extends { [P in K]: infer X } ? X : {};

/** The names in it. */
export type Names<C, K extends string> = keyof Part<C, K> & string;

/** One member of one entry. */
export type Member<T, M extends string> =
  0 extends 1 & T ? any : T extends { [P in M]: infer X } ? X : undefined;

export type Of<C, K extends string, N, M extends string> =
  N extends keyof Part<C, K> ? Member<Part<C, K>[N], M> : never;

/** The arguments behind a name: what need not be said may be left out. */
export type Rest<Input, Options> =
  undefined extends Input ? [input?: Input, options?: Options]
    : null extends Input ? [input?: Input, options?: Options]
      : [input: Input, options?: Options];

/** Whether the topic T is one of the channel P. */
type Matches<P extends string, T extends string> =
  string extends P ? true
    : P extends `${infer PHead}/${infer PTail}`
      ? T extends `${infer THead}/${infer TTail}`
        ? MatchesOne<PHead, THead> extends true ? Matches<PTail, TTail> : false
        : false
      : T extends `${string}/${string}` ? false : MatchesOne<P, T>;

type MatchesOne<P extends string, T extends string> =
  P extends "*" | `{${string}}` ? true : T extends P ? true : false;

/** The channel of a topic; `never` where there is none. */
export type ChannelOf<C, T extends string> = {
  [K in Names<C, "channels">]:
    Matches<K, T> extends true ? Part<C, "channels">[K] : never;
}[Names<C, "channels">];

/** The events of a channel. */
export type EventsOf<X> = 0 extends 1 & X ? { [name: string]: any }
  : X extends { events: infer E } ? E : {};
