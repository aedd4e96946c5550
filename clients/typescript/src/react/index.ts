export { type CallState, useCall } from "./use_call.js";
export { type ChannelState, useChannel } from "./use_channel.js";
export { usePresence } from "./use_presence.js";
