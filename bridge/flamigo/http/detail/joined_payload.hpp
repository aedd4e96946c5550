#pragma once

#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "flamigo/http/http.hpp"
#include "flamigo/strategy/detail/text_kind.hpp"

namespace flamigo::detail {

/// The payload that a request has for a strategy, of its body, the parameters
/// of its path and those of its query, by the rule of `http_routes::strategy`.
/// `inputs` says what the members of the strategy's inputs are; what they do
/// not agree on is text. Fails with `malformed` or `invalid_payload`.
caf::expected<std::string>
joined_payload(const http_request& in, const std::vector<kind_finder>& inputs);

} // namespace flamigo::detail
