#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "flamigo/limit/detail/pacer.hpp"

namespace flamigo::detail {

/// What is counted of one caller: a user, or one client that is none. For any
/// thread.
class caller_state {
public:
  /// Counts a call of something that has these limits. `others` says how long
  /// its caller has to wait for limits that are not its own, and is asked when
  /// these let it pass.
  template <class Others>
  caf::timespan admit(const void* of, const std::vector<rate>& limits,
                      pacer_clock::time_point now, Others others) {
    std::scoped_lock lock{mtx_};
    auto& mine = calls_of(of, limits.size());
    for (std::size_t i = 0; i < limits.size(); ++i) {
      auto attempt = mine[i];
      if (auto wait = attempt.take(limits[i], now); wait.count() > 0)
        return wait;
    }
    auto wait = others();
    for (std::size_t i = 0; i < limits.size() && wait.count() == 0; ++i)
      mine[i].take(limits[i], now);
    return wait;
  }

  /// Its messages, over all connections.
  shared_pacer messages;

  /// Its connections that are open.
  std::atomic<std::size_t> connections = 0;

  /// Whether nothing is lost when it is forgotten.
  bool is_idle(pacer_clock::time_point now) const;

private:
  std::vector<pacer>& calls_of(const void* of, std::size_t size);

  mutable std::mutex mtx_;
  /// Few have limits.
  std::vector<std::pair<const void*, std::vector<pacer>>> calls_;
};

} // namespace flamigo::detail
