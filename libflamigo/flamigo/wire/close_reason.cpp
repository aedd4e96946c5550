#include "flamigo/wire/close_reason.hpp"

#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

namespace flamigo {

namespace {

constexpr auto close_category = caf::atom("wsclose");

bool is_close_reason(const caf::error& x) noexcept {
  return x && x.category() == close_category
         && x.context().match_elements<close_reason>();
}

} // namespace

bool may_reconnect(std::uint16_t code) noexcept {
  if (code >= 3000)
    return code % 1000 < 500;
  switch (static_cast<close_code>(code)) {
    case close_code::normal:
    case close_code::protocol_error:
    case close_code::unsupported_data:
    case close_code::invalid_utf8:
    case close_code::too_big:
      return false;
    default:
      return true;
  }
}

caf::error to_exit_reason(const close_reason& why) {
  // CAF's code is one byte and must not be 0; the real code is in the context.
  return caf::error{1, close_category, caf::make_message(why)};
}

close_reason from_exit_reason(const caf::error& exit_reason) {
  if (is_close_reason(exit_reason))
    return exit_reason.context().get_as<close_reason>(0);
  if (is_failure(exit_reason))
    return {close_code::internal_error, "internal error"};
  if (exit_reason == caf::exit_reason::user_shutdown)
    return {close_code::going_away, {}};
  return {close_code::normal, {}};
}

bool is_failure(const caf::error& exit_reason) noexcept {
  // CAF's `quit` without a reason gives an error that is none, which must not
  // be asked for its category.
  return exit_reason && exit_reason != caf::exit_reason::normal
         && exit_reason != caf::exit_reason::user_shutdown
         && !is_close_reason(exit_reason);
}

} // namespace flamigo
