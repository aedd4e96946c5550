#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>

#include "flamigo/bus/detail/receivers.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/metrics/detail/metric_block.hpp"

namespace flamigo::detail {

/// The execution unit of one thread, whose actors run nowhere else, and its one
/// queue for everything that other threads have for them: messages, events
/// (once for all of their receivers here) and actors that are ready. All of it
/// is handed on in the order in which it was put. So whatever one sender sends
/// and publishes keeps its order, although an event reaches no mailbox.
///
/// It lives until the last actor of the system has ended: whoever sends to one
/// of its actors may reach it.
class home_unit : public caf::execution_unit {
public:
  using caf::execution_unit::execution_unit;

  ~home_unit() override;

  /// Whether the calling thread is the one of this unit. On any thread.
  bool is_here() const noexcept {
    return current_ == this;
  }

  // -- on any thread ----------------------------------------------------------

  /// Events that may wait here. Beyond it `put` refuses them.
  static constexpr std::size_t max_events = 16'384;

  void put(homed_receiver to, caf::mailbox_element_ptr what);

  /// False when too many wait: none of the receivers will get it.
  bool put(std::shared_ptr<const homed_receivers> to, event_ptr what);

  /// Wakes the thread for what was put, unless that was done.
  void wake_up() noexcept;

  // -- on its own thread ------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  /// When this turn began, or the clock was looked at last.
  time_point now() const noexcept {
    return now_;
  }

  /// Hands on all that was put, so that nothing which happens next overtakes
  /// it. What is put meanwhile waits.
  void settle() {
    settle_some(taken_.max_size());
  }

  /// Where this thread counts; null where nobody wants to know.
  metric_block* meter() const noexcept {
    return meter_;
  }

protected:
  /// Says that the calling thread is that of this unit, as long as it lives.
  class scope {
  public:
    explicit scope(const home_unit* what) noexcept
      : before_(std::exchange(current_, what)) {
    }

    scope(const scope&) = delete;

    scope& operator=(const scope&) = delete;

    ~scope() {
      current_ = before_;
    }

  private:
    const home_unit* before_;
  };

  /// The thread has begun, and counts there from now on.
  void count_in(metric_block* where) noexcept {
    meter_ = where;
  }

  /// For `exec_later`, on another thread.
  void put(caf::resumable* what);

  /// The same until about so many have got something.
  void settle_some(std::size_t limit) {
    if (has_unsettled())
      hand_on(limit);
  }

  /// Whether something was put that was not handed on.
  bool has_unsettled() const noexcept {
    return next_ < taken_.size() || has_put_.load(std::memory_order_acquire);
  }

  /// When the turn that is under way began, or later.
  time_point now_ = std::chrono::steady_clock::now();

  /// Until `end_rest`, or something else is handed on, or half of `max_events`
  /// wait, events that others put do not wake this thread: it comes by itself.
  void begin_rest() noexcept;

  void end_rest() noexcept;

  /// The thread has stopped for good. What was put goes to mailboxes, and what
  /// is put from now on as well.
  void retire();

  /// Something was put: has the thread call `settle`, soon. Not called again
  /// before it has, unless this throws. From any thread.
  virtual void wake() = 0;

private:
  struct message {
    homed_receiver to;
    caf::mailbox_element_ptr content;
  };

  struct audience {
    std::shared_ptr<const homed_receivers> to;
    event_ptr what;
  };

  /// The last one is an actor that is ready to run.
  using entry = std::variant<message, audience, caf::resumable*>;

  /// False when this is refused.
  bool put(entry what);

  /// Whoever puts something next tries again if this fails.
  void wake_or_retry() noexcept;

  void hand_on(std::size_t limit);

  /// Takes what was put meanwhile. False when there is nothing.
  bool take();

  /// Returns how many have got something.
  std::size_t hand_on(entry& what);

  static inline thread_local const home_unit* current_ = nullptr;

  // -- of its own thread ------------------------------------------------------

  /// What is being handed on, from `next_` on.
  std::vector<entry> taken_;
  std::size_t next_ = 0;
  bool settling_ = false;
  metric_block* meter_ = nullptr;

  // -- of all threads ---------------------------------------------------------

  std::atomic<bool> has_put_ = false;
  std::mutex mtx_;
  std::vector<entry> put_;
  /// Of those, events.
  std::size_t events_ = 0;
  /// Whether the thread was woken for it.
  bool woken_ = false;
  /// Whether it is not for events.
  bool rests_ = false;
  bool retired_ = false;
};

} // namespace flamigo::detail
