#pragma once

#include <functional>
#include <string>
#include <vector>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/remote/detail/remote_listeners.hpp"
#include "flamigo/remote/remote_joined.hpp"
#include "flamigo/remote/remote_presence.hpp"

namespace flamigo::detail {

/// Calls a function of the program, if there is one. What it throws is logged.
template <class F, class... Ts>
void tell_if(const F& f, const char* where, const Ts&... what) {
  if (f)
    guarded_or_logged([&] { f(what...); }, [&] { return std::string{where}; });
}

/// One use of a channel: who hears what of it. All of it on the thread of the
/// connection.
struct remote_use {
  remote_listeners events;
  std::function<void(const remote_joined&)> on_joined;
  std::function<void(const caf::error&)> on_left;
  std::function<void(const remote_presence&)> on_presence;
  /// Who waits for the first answer of the server.
  std::vector<std::function<void(caf::expected<remote_joined>)>> ready;

  /// Who waits hears that.
  void settle(const caf::expected<remote_joined>& what);

  void joined(const remote_joined& what);

  void left(const caf::error& why);

  void present(const remote_presence& who) const;
};

} // namespace flamigo::detail
