#pragma once

namespace flamigo {

class strategy_registry;

/// Registers the strategies `websocket:subscribe` and `websocket:unsubscribe`,
/// by which clients subscribe to channels (docs/protocol.md). Throws
/// std::invalid_argument if there is a strategy of these names.
void add_channel_strategies(strategy_registry& to);

} // namespace flamigo
