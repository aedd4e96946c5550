#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/waiting.hpp"

namespace flamigo::test {

/// A thread of connections on the test's own thread. Its turns, which are made
/// like those of an I/O thread, come when the test says so.
class virtual_thread final : public detail::home_unit {
public:
  explicit virtual_thread(caf::actor_system& system) : home_unit(&system) {
  }

  void exec_later(caf::resumable* what) override {
    if (what->subtype() != caf::resumable::io_actor) {
      if (is_here())
        leaving_.push_back(what);
      else
        system().scheduler().enqueue(what);
    } else if (is_here()) {
      ready_.push_back(what);
    } else {
      put(what);
    }
  }

  /// Whether it was woken, or has not done all that it has taken.
  bool due() const noexcept {
    return due_;
  }

  /// Whether something waits of which it was not told.
  bool sleeps_late() const noexcept {
    return !due_ && has_unsettled();
  }

  /// A turn that begins with this body, in which about `limit` get something
  /// before the ready actors have a share of `throughput` each.
  template <class F>
  void turn(F body, std::size_t limit, std::size_t throughput) {
    scope here{this};
    due_ = false;
    settle_some(limit);
    body();
    settle_some(limit);
    for (auto what : std::exchange(ready_, {})) {
      if (what->resume(this, throughput) == caf::resumable::resume_later)
        ready_.push_back(what);
      else
        caf::intrusive_ptr_release(what);
    }
    for (auto what : std::exchange(leaving_, {}))
      system().scheduler().enqueue(what);
    due_ = has_unsettled() || !ready_.empty();
  }

  /// Calls a function in the middle of a turn, as another thread would.
  template <class F>
  static void elsewhere(F f) {
    scope nowhere{nullptr};
    auto runs = std::exchange(detail::running_actor, nullptr);
    f();
    detail::running_actor = runs;
  }

  /// It has no more turns.
  void retire() {
    home_unit::retire();
    for (auto what : std::exchange(ready_, {}))
      system().scheduler().enqueue(what);
    due_ = false;
  }

private:
  void wake() override {
    due_ = true;
  }

  bool due_ = false;
  std::vector<caf::resumable*> ready_;
  std::vector<caf::resumable*> leaving_;
};

} // namespace flamigo::test
