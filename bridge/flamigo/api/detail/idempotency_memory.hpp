#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <caf/actor_clock.hpp>

namespace flamigo::detail {

/// Remembers for a while what was asked for with which key, so that it is not
/// done twice for a client that could not know that it was done. Thread-safe.
class idempotency_memory {
public:
  using time_point = caf::actor_clock::time_point;

  /// How long.
  static constexpr std::chrono::minutes span{5};

  /// How many keys. One more is refused: what was promised holds.
  static constexpr std::size_t max_keys = 100'000;

  enum class verdict {
    /// To be done, and remembered from now on.
    fresh,
    /// It was done.
    repeated,
    /// The key was of something else.
    conflict,
    /// There is no room.
    full,
  };

  /// What is to be done; `content` tells what is asked for.
  verdict begin(const std::string& key, std::size_t content, time_point now);

  /// It was not done after all.
  void forget(const std::string& key);

private:
  struct entry {
    std::size_t content;
    time_point since;
  };

  void forget_old(time_point now);

  std::mutex mutex_;
  std::unordered_map<std::string, entry> entries_;
  /// In the order of their times; some may have been forgotten.
  std::deque<std::pair<time_point, std::string>> ages_;
};

} // namespace flamigo::detail
