#pragma once

#include <string_view>

#include "flamigo/http/detail/parsed_request.hpp"

namespace flamigo::detail {

/// What the target of a request says of its session. Refers to the request.
struct engine_query {
  std::string_view version;
  std::string_view transport;
  std::string_view sid;

  bool is_polling() const noexcept {
    return transport == "polling";
  }

  bool is_websocket() const noexcept {
    return transport == "websocket";
  }
};

/// Reads it. None of the values has anything that would be encoded: what is, is
/// another one. Of several ones the first counts.
engine_query query_of(const parsed_request& req);

} // namespace flamigo::detail
