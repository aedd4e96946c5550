#pragma once

#include <memory>

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/context/detail/call_state.hpp"

namespace flamigo::detail {

/// Tells the actor that runs a call that nobody waits for its answer, or, with
/// `none`, that it was given. The former may come before the call does, which
/// does not begin then, and after its end.
struct call_notice {
  std::shared_ptr<call_state> what;
  errc why;

  void apply() const noexcept {
    if (why == errc::none)
      what->close();
    else
      call_state::stop(what, why);
  }
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::call_notice)
