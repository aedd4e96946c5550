#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include <caf/actor_clock.hpp>

#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// Which users were kicked a short while ago: a connection that was there then
/// may become such a user yet, with a proof that was on its way.
class kick_memory {
public:
  using time_point = caf::actor_clock::time_point;

  /// How long a connection may have been about to authenticate.
  static constexpr std::chrono::minutes span{1};

  /// Users that are remembered. Beyond it nobody is told apart: for a while
  /// every connection that was there has to come back with its proof.
  static constexpr std::size_t max_users = 100'000;

  void add(const std::unordered_set<std::string>& users, time_point now) {
    // Looked through when it has doubled, which is little for each order.
    if (users_.size() + users.size() > sweep_at_) {
      std::erase_if(users_, [now](auto& x) { return now - x.second > span; });
      sweep_at_ = 2 * (users_.size() + users.size()) + min_sweep;
    }
    if (users_.size() + users.size() > max_users) {
      users_.clear();
      everyone_ = now;
      return;
    }
    for (auto& id : users)
      users_[id] = now;
  }

  /// What becomes of a connection that is there since then and is this user
  /// now; nothing if it may stay.
  std::optional<close_reason> verdict(const std::string& user, time_point since,
                                      time_point now) const {
    auto recent = [&](time_point x) { return x >= since && now - x <= span; };
    if (auto i = users_.find(user); i != users_.end() && recent(i->second))
      return close_reason{close_code::kicked, "disconnected by the server"};
    if (everyone_ && recent(*everyone_))
      return close_reason{close_code::auth_expired, "authenticate again"};
    return std::nullopt;
  }

  std::size_t size() const noexcept {
    return users_.size();
  }

private:
  static constexpr std::size_t min_sweep = 64;

  std::unordered_map<std::string, time_point> users_;
  std::optional<time_point> everyone_;
  std::size_t sweep_at_ = min_sweep;
};

} // namespace flamigo::detail
