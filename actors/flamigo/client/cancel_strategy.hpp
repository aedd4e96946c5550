#pragma once

#include <string>

namespace flamigo {

class strategy_registry;

/// Registers the strategy `websocket:cancel`, by which a client ends what it
/// has asked for: `{"ackId": "7"}` in, `{"cancelled": true}` out, or `false`
/// where there was no such request (docs/protocol.md). Throws
/// std::invalid_argument if there is a strategy of this name.
void add_cancel_strategy(strategy_registry& to);

/// The name of that strategy, `app::websocket:cancel`.
std::string cancel_strategy_name(const strategy_registry& registry);

} // namespace flamigo
