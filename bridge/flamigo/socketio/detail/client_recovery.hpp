#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/client/detail/kept_client.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/socketio/detail/kept_clients.hpp"
#include "flamigo/socketio/detail/position_log.hpp"

namespace flamigo::detail {

/// What a client of Socket.IO is recovered by, on its thread.
class client_recovery {
public:
  /// The client has shown this when it connected; both may be empty.
  client_recovery(kept_clients& of, std::string known, std::string position)
    : all(of), shown(std::move(known)), position_(std::move(position)) {
  }

  /// Counts an event, whose arguments and offsets these are, as of a
  /// `position_log`. Returns what they end with in place of their bracket,
  /// until the next call.
  std::string_view count(std::string_view arguments, std::string_view offsets);

  /// Takes over what is kept of the client. Returns what it has, as it shows by
  /// its position; none if it cannot have the rest.
  std::optional<kept_client> begin(kept_clients::session what);

  /// Whether it has all of that again.
  void finish(bool recovered);

  /// It has gone while it was let in. If `what` is none, for good.
  void end(std::optional<kept_client> what, const std::string& where,
           kept_clients::time_point now);

  /// It has gone before.
  void end_early(bool comes_again, kept_clients::time_point now);

  kept_clients& all;
  /// Which it has shown.
  std::string shown;
  /// Its own.
  std::string pid = random_id();

private:
  std::string position_;
  position_log log_{random_id().substr(0, 8)};
  std::optional<kept_clients::session> kept_;
  std::string tail_;
};

} // namespace flamigo::detail
