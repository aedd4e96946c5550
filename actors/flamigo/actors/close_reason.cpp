#include "flamigo/actors/close_reason.hpp"

#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

namespace flamigo {

namespace {

constexpr auto close_category = caf::atom("wsclose");

} // namespace

caf::error to_exit_reason(const close_reason& why) {
  // CAF's code is one byte and must not be 0; the real code is in the context.
  return caf::error{1, close_category, caf::make_message(why)};
}

close_reason from_exit_reason(const caf::error& exit_reason) {
  if (exit_reason.category() == close_category
      && exit_reason.context().match_elements<close_reason>())
    return exit_reason.context().get_as<close_reason>(0);
  return {close_code::internal_error, to_string(exit_reason)};
}

} // namespace flamigo
