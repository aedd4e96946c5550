#pragma once

#include <iterator>
#include <string_view>

#include "flamigo/http/detail/parsed_request.hpp"

namespace flamigo::detail {

/// What a request says of its trace; empty if it says nothing, or several
/// things. As long as the request.
inline std::string_view traceparent_of(const parsed_request& req) {
  auto [first, last] = req.equal_range("traceparent");
  if (first == last || std::next(first) != last)
    return {};
  auto value = first->value();
  return {value.data(), value.size()};
}

} // namespace flamigo::detail
