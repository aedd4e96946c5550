#pragma once

#include <cstdint>
#include <optional>
#include <set>

namespace flamigo::soak {

/// What a client has heard of one publisher, whose events are numbered: each
/// has to come once and in order, from the first one that it hears.
class event_track {
public:
  enum class verdict {
    right,
    late,
    twice
  };

  /// Below `first`, nothing has to come.
  explicit event_track(std::uint64_t first = 0) : first_(first), next_(first) {
  }

  verdict heard(std::uint64_t number);

  /// One more than the latest.
  std::uint64_t next() const {
    return next_;
  }

  /// The first event that has not come, though a later one has.
  std::optional<std::uint64_t> missing() const;

private:
  std::uint64_t first_;
  std::uint64_t next_;
  std::set<std::uint64_t> left_out_;
};

} // namespace flamigo::soak
