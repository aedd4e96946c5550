#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

/// What a client gets from the framework, under a topic that no program can
/// use.
struct framework_event {
  client_message what;
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::framework_event)
