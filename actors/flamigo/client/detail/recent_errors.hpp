#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo::detail {

/// The last errors that clients were told, for who looks for them: so many of
/// those that are the server's fault, and as many of all others, so that none
/// of these pushes one of those out. Thread-safe.
class recent_errors {
public:
  /// Of each kind.
  static constexpr std::size_t max_kept = 128;

  /// Of a trace; of a longer one the beginning is kept.
  static constexpr std::size_t max_trace_bytes = 2'000;

  struct entry {
    std::chrono::system_clock::time_point when;
    std::string connection;
    /// The id of the user that the client was; empty for a guest.
    std::string user;
    int status;
    std::string code;
    /// What the client has read.
    std::string message;
    std::string trace;
  };

  /// Lets go of the oldest one of its kind if there is no room.
  void add(const claims& who, const caf::error& why);

  /// The last ones, the latest first.
  std::vector<entry> latest(std::size_t limit, bool with_refusals) const;

private:
  mutable std::mutex mutex_;
  std::deque<entry> failures_;
  std::deque<entry> refusals_;
};

} // namespace flamigo::detail
