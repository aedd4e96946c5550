#pragma once

#include <cstdint>

#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// What to do when a connection has ended.
struct remote_advice {
  bool retry = true;
  /// With another token.
  bool fresh = false;
  /// Not soon.
  bool later = false;
};

/// What a close code advises (docs/protocol.md); 0 is none.
constexpr remote_advice advice_of(std::uint16_t code, bool has_token) noexcept {
  auto which = static_cast<close_code>(code);
  auto unheard = which == close_code::auth_deadline;
  auto refused = (code >= 3000 && code < 5000 && code % 1000 >= 500)
                 || which == close_code::protocol_error
                 || which == close_code::unsupported_data
                 || which == close_code::invalid_utf8;
  return {unheard ? has_token : !refused,
          unheard || which == close_code::auth_expired,
          which == close_code::too_many_requests};
}

} // namespace flamigo::detail
