#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "flamigo/limit/detail/caller_state.hpp"

namespace flamigo {

/// What is counted of callers that come by several connections, or come again:
/// by their names. Whoever has used up what may be used, and goes, finds it
/// used up when it comes back. For any thread.
class caller_table {
public:
  /// Callers that are remembered after they have gone. Beyond them some are
  /// forgotten before their limits let them.
  static constexpr std::size_t max_idle = 1'000'000;

  /// Of `std::chrono::steady_clock`.
  using time_point = detail::pacer_clock::time_point;

  /// What is counted of this one from now on.
  std::shared_ptr<detail::caller_state> find(std::string_view name,
                                             time_point now);

  /// How many are remembered.
  std::size_t size() const;

private:
  struct shard {
    mutable std::mutex mtx;
    std::unordered_map<std::string, std::shared_ptr<detail::caller_state>>
      by_name;
    /// When it is worth while to look who can be forgotten.
    std::size_t sweep_at = 64;
  };

  static void sweep(shard& where, time_point now);

  std::array<shard, 64> shards_;
};

} // namespace flamigo
