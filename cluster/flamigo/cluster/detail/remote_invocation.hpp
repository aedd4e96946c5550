#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/strategy/detail/invocation.hpp"

namespace flamigo::detail {

/// The invocation of a hosted strategy that another node has asked for, as a
/// request to what stands in the `domain_slot`. It is answered with a
/// `strategy_reply` or an error, and not sent on to a third node. Cancelled by
/// a `call_notice`, as any other.
struct remote_invocation {
  invocation what;
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::remote_invocation)
