#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"

namespace flamigo {

/// The request that a domain actor gets: run the strategy with this index. It
/// answers with a `strategy_reply` or an error.
///
/// @private
struct invocation {
  std::size_t index;
  /// A copy of the caller's context.
  context ctx;
  queue_ticket place;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::invocation)
