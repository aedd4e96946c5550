#pragma once

#include <string>

namespace flamigo {

class authenticator;
class strategy_registry;

/// Registers the strategy `websocket:auth`, which makes a client a user:
/// `{"token": "..."}` in, `{"success": true}` out, with `expiresInMs` where the
/// proof ends, and the client is who `asked` says that the token is of. Throws
/// std::invalid_argument if there is a strategy of this name: an application
/// that has its own needs no authenticator.
void add_auth_strategy(strategy_registry& to, const authenticator& asked);

/// The name of that strategy, `app::websocket:auth`.
std::string auth_strategy_name(const strategy_registry& registry);

} // namespace flamigo
