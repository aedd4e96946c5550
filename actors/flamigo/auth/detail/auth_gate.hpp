#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <caf/actor_clock.hpp>

#include "flamigo/auth/auth_options.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// How far one connection has come in proving who it is, and until when that
/// holds: a state without actor or clock, which its connection actor drives.
///
/// A gate is locked until the client is a user. A call of the authenticating
/// strategy that takes its time makes what comes behind it wait, so that a
/// client may send its first requests without waiting for the answer.
class auth_gate {
public:
  using time_point = caf::actor_clock::time_point;

  using wall_time = std::chrono::system_clock::time_point;

  auth_gate(const auth_options& options, time_point now);

  /// Whether the client is nobody yet.
  bool locked() const noexcept {
    return locked_;
  }

  /// Whether the client must not get what the bus has for it.
  bool is_deaf() const noexcept {
    return locked_ && !options_.guest_events;
  }

  /// Whether the connection may become this user's. One who has signed out
  /// leaves subscriptions behind, which are nobody else's business.
  bool is_for(const user& who) const noexcept {
    return owner_.empty() || owner_ == who.id;
  }

  /// The client has become this user, has refreshed its proof, or is nobody
  /// again.
  void set(const std::optional<user>& who, time_point now);

  // -- messages ---------------------------------------------------------------

  /// Counts a message that comes in; false when that was one too many.
  bool admit(std::size_t bytes);

  /// Whether messages have to wait: while a call runs that was begun by nobody,
  /// to its very end.
  bool holds() const noexcept {
    return holding_;
  }

  void hold(std::string_view text);

  /// The first message that waits, when it need not do so any more.
  std::optional<std::string> release();

  /// The first message that waits of which `f` says so.
  template <class F>
  std::optional<std::string> take_held(F f) {
    auto i = std::find_if(held_.begin(), held_.end(), f);
    if (i == held_.end())
      return std::nullopt;
    auto result = std::move(*i);
    held_.erase(i);
    held_bytes_ -= result.size();
    return result;
  }

  // -- the call ---------------------------------------------------------------

  /// Whether the authenticating strategy is running.
  bool calling() const noexcept {
    return calling_;
  }

  void calling(bool value) noexcept {
    calling_ = value;
    holding_ = value && locked_;
    revoked_ = false;
  }

  /// Whether the user was signed out while that strategy ran. What it proves
  /// was asked for before, and does not sign in again.
  bool revoked() const noexcept {
    return revoked_;
  }

  // -- time -------------------------------------------------------------------

  /// Whether the user's proof will not hold for ever.
  bool expires() const noexcept {
    return expiry_.has_value();
  }

  /// Whether the grace of the user's proof is over.
  bool is_over(wall_time today) const {
    return is_over(expiry_, today);
  }

  /// Whether the grace of a proof with this expiry is over.
  bool is_over(const std::optional<wall_time>& expiry, wall_time today) const;

  /// How long until the connection is to be looked at again; nothing if never.
  /// A minute at most where a time of day is waited for.
  std::optional<caf::timespan> time_left(time_point now, wall_time today) const;

  /// Why the connection ends when no time is left.
  close_reason verdict() const;

private:
  const auth_options& options_;
  time_point locked_since_;
  std::optional<wall_time> expiry_;
  /// Whose the connection is, for good.
  std::string owner_;
  std::deque<std::string> held_;
  std::size_t held_bytes_ = 0;
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
  bool locked_ = true;
  bool calling_ = false;
  bool holding_ = false;
  bool revoked_ = false;
};

} // namespace flamigo::detail
