#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flamigo/remote/detail/remote_members.hpp"
#include "flamigo/remote/detail/remote_timers.hpp"
#include "flamigo/remote/detail/remote_use.hpp"
#include "flamigo/remote/remote_options.hpp"
#include "flamigo/remote/remote_place.hpp"
#include "flamigo/remote/remote_position.hpp"

namespace flamigo::detail {

/// One channel: what is wanted of it, and how far one is.
struct remote_subscription {
  remote_subscription(std::string topic_, const remote_options& options_,
                      remote_timers& clock);

  /// Whether this client wants it, and not the program on the server alone.
  bool is_own() const noexcept {
    return !uses.empty();
  }

  /// Whether an event is of this channel.
  bool has(const std::optional<remote_place>& offsets) const;

  /// We are in it.
  void tell(remote_joined what);

  /// The server has said, unasked, that we are in it at `at`.
  void tell_again(std::optional<bool> recovered);

  void tell(const remote_presence& who) const;

  /// We are in it no more.
  void tell_left(const caf::error& why);

  std::string topic;
  const remote_options& options;
  remote_members members;
  /// Who uses it.
  std::vector<std::shared_ptr<remote_use>> uses;
  /// One JSON value.
  std::optional<std::string> input;
  bool presence = false;
  bool is_joined = false;
  /// The last event that we have; nothing without a history.
  std::optional<remote_position> at;
  /// The last of those that were missed and come after later ones.
  std::optional<std::uint64_t> gap;
  remote_timer gap_timer;
  /// The request to subscribe, under way or waiting; 0 if there is none.
  std::uint64_t asking = 0;
  /// How often it was refused in a row, and what waits to ask again.
  int refused = 0;
  remote_timer retry_timer;
  /// The last answer.
  std::optional<remote_joined> joined;
};

using subscription_ptr = std::shared_ptr<remote_subscription>;

/// By topic.
using remote_subscriptions = std::map<std::string, subscription_ptr>;

} // namespace flamigo::detail
