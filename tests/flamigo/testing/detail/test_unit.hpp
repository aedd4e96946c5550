#pragma once

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "flamigo/bus/detail/home_unit.hpp"

namespace flamigo::testing::detail {

/// The thread that makes it is its own, as long as it lives; its actors run
/// when CAF's test coordinator says so.
class test_unit final : public flamigo::detail::home_unit {
public:
  explicit test_unit(caf::actor_system& system)
    : flamigo::detail::home_unit(&system) {
  }

  void exec_later(caf::resumable* what) override {
    system().scheduler().enqueue(what);
  }

  /// What time it is for its actors.
  void set_now(time_point now) noexcept {
    now_ = now;
  }

private:
  void wake() override {
    // The test says when its turn is.
  }

  scope here_{this};
};

} // namespace flamigo::testing::detail
