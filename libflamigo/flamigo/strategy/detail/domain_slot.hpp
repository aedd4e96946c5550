#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

#include <caf/actor.hpp>

namespace flamigo {

/// A place in a domain actor's queue, held from the request until the domain
/// begins with it or is gone. A copy holds a place of its own.
///
/// @private
class queue_ticket {
public:
  using counter = std::shared_ptr<std::atomic<std::size_t>>;

  queue_ticket() = default;

  explicit queue_ticket(counter used) : used_(std::move(used)) {
  }

  queue_ticket(const queue_ticket& other) : used_(other.used_) {
    if (used_)
      ++*used_;
  }

  queue_ticket(queue_ticket&& other) noexcept = default;

  queue_ticket& operator=(queue_ticket other) noexcept {
    used_.swap(other.used_);
    return *this;
  }

  ~queue_ticket() {
    if (used_)
      --*used_;
  }

private:
  counter used_;
};

/// Where the callers find the current incarnation of a domain actor. Its
/// supervisor fills it anew after a restart. Thread-safe.
///
/// @private
class domain_slot {
public:
  /// CAF's mailboxes are unbounded; `max_queued` bounds how many requests wait
  /// in this one.
  explicit domain_slot(std::size_t max_queued);

  /// The domain actor, or an empty handle while it is down.
  caf::actor get() const {
    std::lock_guard guard{mtx_};
    return actor_;
  }

  void set(caf::actor current) {
    std::lock_guard guard{mtx_};
    actor_.swap(current);
  }

  /// Takes a place in the queue; false when it is full.
  bool enter(queue_ticket& ticket) {
    if (queued_->fetch_add(1) >= max_queued_) {
      --*queued_;
      return false;
    }
    ticket = queue_ticket{queued_};
    return true;
  }

  /// How many requests wait.
  std::size_t queued() const noexcept {
    return queued_->load();
  }

  /// The domain has been restarted once more.
  void restarted() noexcept {
    ++restarts_;
  }

  std::size_t restarts() const noexcept {
    return restarts_;
  }

private:
  std::size_t max_queued_;
  queue_ticket::counter queued_;
  std::atomic<std::size_t> restarts_ = 0;
  mutable std::mutex mtx_;
  caf::actor actor_;
};

} // namespace flamigo
