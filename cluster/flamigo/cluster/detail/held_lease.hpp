#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "flamigo/cluster/detail/lease_clock.hpp"

namespace flamigo::detail {

/// What the node's thread, which alone writes it, tells of a lease to all
/// others.
struct held_lease {
  using time_point = lease_clock::time_point;

  std::uint64_t token() const noexcept {
    while (!has_ended_) {
      auto result = token_.load();
      auto is_over = lease_clock::now().time_since_epoch().count()
                     >= until_.load();
      // A term that came meanwhile has another one.
      if (token_.load() == result)
        return is_over ? 0 : result;
    }
    return 0;
  }

  void set(std::uint64_t token, time_point until) noexcept {
    if (token != token_.load())
      token_ = 0;
    until_ = until.time_since_epoch().count();
    token_ = token;
  }

  void call(std::uint64_t token) {
    std::lock_guard guard{calling};
    if (on_change)
      on_change(token);
  }

  std::string holder() const {
    std::lock_guard guard{naming};
    return holder_name;
  }

  void set_holder(std::string id) {
    std::lock_guard guard{naming};
    holder_name = std::move(id);
  }

  /// Whoever has it has ended it.
  void end() {
    has_ended_ = true;
    {
      std::lock_guard guard{calling};
      on_change = nullptr;
    }
    if (give_back)
      give_back();
  }

  std::mutex calling;
  std::function<void(std::uint64_t)> on_change;
  /// Any thread, also after the node has ended.
  std::function<void()> give_back;
  mutable std::mutex naming;
  std::string holder_name;

private:
  std::atomic<bool> has_ended_ = false;
  std::atomic<std::uint64_t> token_ = 0;
  std::atomic<lease_clock::rep> until_ = 0;
};

} // namespace flamigo::detail
