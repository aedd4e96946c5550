#pragma once

#include <functional>

#include "flamigo/client/detail/kept_client.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo {

class websocket_client;

namespace detail {

/// Subscribes the client whose actor runs this to what it had, as if it asked
/// for that by itself: with what it has of each, and past all that guards them.
/// `then` is told, once, whether every one has recovered; if not, the client
/// has none of them. What it has missed comes behind that.
task<void> recover_channels(context ctx, websocket_client& self,
                            kept_client what, std::function<void(bool)> then);

} // namespace detail

} // namespace flamigo
