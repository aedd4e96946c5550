#pragma once

#include <memory>
#include <string_view>

#include "flamigo/claims/claims.hpp"
#include "flamigo/client/client_options.hpp"
#include "flamigo/limit/caller_table.hpp"
#include "flamigo/limit/detail/call_limits.hpp"

namespace flamigo::detail {

/// How often one connection may say something, alone and together with the
/// other connections of its user. For its actor.
class client_limits {
public:
  using time_point = pacer_clock::time_point;

  /// Both must outlive it.
  client_limits(const client_options& options, caller_table& users)
    : options_(options), users_(users) {
  }

  client_limits(const client_limits&) = delete;

  client_limits& operator=(const client_limits&) = delete;

  /// The connection is not one of its user's any more.
  ~client_limits();

  /// Whether there is anything to be asked of every message.
  static bool are_wanted(const client_options& options) noexcept;

  /// Counts a message and returns 0, or counts nothing and returns how long to
  /// wait.
  caf::timespan take_message(time_point now);

  /// The same for a call of what has these limits.
  caf::timespan take_call(call_limits& what, time_point now);

  /// The client becomes this user, or none. False, and nothing has changed, if
  /// that has as many connections as it may.
  bool become(const user* who, time_point now);

  /// Counts that something was refused; whether that goes on for too long.
  bool goes_on(time_point now);

private:
  void leave() noexcept;

  const client_options& options_;
  caller_table& users_;
  pacer messages_;
  pacer refusals_;
  /// Of the user, or of this connection if it is nobody's.
  std::shared_ptr<caller_state> caller_;
  bool is_counted_ = false;
};

} // namespace flamigo::detail
