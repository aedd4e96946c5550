#pragma once

#include <string>
#include <utility>

#include <caf/timespan.hpp>

namespace flamigo {

/// What proves to a server who one is. Empty for a guest.
struct remote_token {
  remote_token() = default;

  /// A token of which nobody has said until when it is good, as a rule.
  remote_token(std::string what, // NOLINT: implicit, for `return "...";`
               caf::timespan rest = caf::timespan{0})
    : text(std::move(what)), expires_in(rest) {
  }

  /// The same.
  remote_token(const char* what) // NOLINT: implicit, as above
    : text(what) {
  }

  /// As the server's `app::websocket:auth` takes it.
  std::string text;

  /// For how long it is good from now on; 0 if that is not known. What the
  /// server says of it counts for more.
  caf::timespan expires_in{0};
};

} // namespace flamigo
