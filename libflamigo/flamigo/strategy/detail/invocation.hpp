#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"
#include "flamigo/strategy/detail/stream_source.hpp"

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
  /// Where the items go of one that answers in parts; null if nobody wants
  /// them, and it is run for what it does.
  detail::stream_source_ptr parts = nullptr;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::invocation)
