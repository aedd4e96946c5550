export type { Api, EventPlace, SystemEvents } from "./api.js";
export type { Channel, ChannelEvent, ChannelListeners } from "./channel.js";
export type { Clock } from "./clock.js";
export { connect } from "./connect.js";
export type { AnyContract, Contract } from "./contract.js";
export { type FieldError, FlamigoError, type LocalCode } from "./flamigo_error.js";
export type { Joined, Left } from "./joined.js";
export type { Member, Presence } from "./member.js";
export type { CallOptions, ChannelOptions, ConnectOptions, StreamOptions, Token }
  from "./options.js";
export type { Page } from "./page.js";
export type { Reason, State } from "./state.js";
export type { ChannelOf } from "./typing.js";
