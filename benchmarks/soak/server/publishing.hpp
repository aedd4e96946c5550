#pragma once

#include <cstdint>

#include <caf/result.hpp>

#include <flamigo/context/context.hpp>

#include "messages.hpp"

namespace flamigo::soak {

/// Publishes one or two numbered events. The reply is the number of the next
/// one, and comes when the listeners are done, where they are waited for.
caf::result<std::uint64_t> publish(flamigo::context& ctx,
                                   const publication& what);

/// Subscribes the client that asks, to be forwarded what matches.
caf::result<void> subscribe(flamigo::context& ctx, const subscription& what);

/// Subscribes it with a handler, which sends it what it hears.
caf::result<void> listen(flamigo::context& ctx, const subscription& what);

} // namespace flamigo::soak
