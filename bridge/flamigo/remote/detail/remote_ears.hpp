#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/json/json.hpp"
#include "flamigo/remote/detail/remote_listeners.hpp"

namespace flamigo::detail {

/// Writes a line about an event that is not what its listener expects.
void log_unfit_event(std::string_view event, const caf::error& why);

/// Makes one of a function that takes an event, and perhaps where it stands.
template <class T, class F>
std::shared_ptr<remote_ear> make_ear(std::string event, F f) {
  return std::make_shared<remote_ear>(
    [event = std::move(event), f = std::move(f)](
      const std::string& payload, const remote_place& where) mutable {
      auto what = from_json<T>(payload);
      if (!what)
        return log_unfit_event(event, what.error());
      if constexpr (std::is_invocable_v<F&, const T&, const remote_place&>)
        f(*what, where);
      else
        f(*what);
    });
}

} // namespace flamigo::detail
