#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace flamigo {

namespace detail {

class domain_host;
class domain_supervisor;

} // namespace detail

/// How the domains of an application are: what a readiness check asks.
/// Thread-safe.
class domain_health {
public:
  /// The domains that are down, whose strategies answer 503: restarted too
  /// often, not to be restarted, or waiting for the next attempt. One that has
  /// ended by its own decision, without an error, is none of them.
  std::vector<std::string> down() const;

  /// Whether none is down. Takes no lock.
  bool ok() const noexcept {
    return missing_ == 0;
  }

  /// How often a domain went down since the start.
  std::size_t failures() const noexcept {
    return failures_;
  }

  /// How often one was restarted.
  std::size_t restarts() const noexcept {
    return restarts_;
  }

  /// Events that domains have not heard, because too many waited
  /// (`hosting_options::max_queued_events`). What was coalesced is not counted.
  std::uint64_t dropped_events() const noexcept {
    return dropped_events_;
  }

private:
  friend class detail::domain_host;
  friend class detail::domain_supervisor;

  void went_down(const std::string& domain);

  void came_back(const std::string& domain);

  /// When it is not to be there any more, or will never be.
  void forget(const std::string& domain);

  mutable std::mutex mtx_;
  /// Two domains may have one name.
  std::multiset<std::string> down_;
  std::atomic<std::size_t> missing_ = 0;
  std::atomic<std::size_t> failures_ = 0;
  std::atomic<std::size_t> restarts_ = 0;
  std::atomic<std::uint64_t> dropped_events_ = 0;
};

} // namespace flamigo
