#pragma once

#include <string>

#include <caf/expected.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo {

class websocket_client;

namespace detail {

/// The client whose own actor runs this call, or why there is none.
caf::expected<websocket_client*> client_of(const context& ctx);

/// What a client has named.
caf::expected<topic> topic_of(const std::string& text);

} // namespace detail

} // namespace flamigo
