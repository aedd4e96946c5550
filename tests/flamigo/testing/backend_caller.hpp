#pragma once

#include <chrono>
#include <future>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/strategy/backend.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/failure.hpp"

namespace flamigo::testing {

/// A `flamigo::backend` for tests: it lets the actors run instead of waiting
/// for them.
class backend_caller {
public:
  /// The fixture must outlive it.
  backend_caller(actor_fixture& in, caf::timespan timeout)
    : in_(&in), caller_(in.services, timeout) {
    in.adopt(caller_.handle());
  }

  /// As `backend::answer`.
  template <class R>
  using answer = backend::answer<R>;

  /// Calls a strategy and returns its answer. Throws a `failure` when it has
  /// not answered and there is nothing left to do.
  template <class R = void, class T = caf::unit_t>
  caf::expected<answer<R>>
  call(std::string_view name, const T& input = {}) const {
    auto result = call_async<R>(name, input);
    if (result.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
      throw failure{"expected " + std::string{name}
                    + " to answer the backend, but it waits for something: "
                      "use call_async, then let it have that, or advance the "
                      "clock"};
    return result.get();
  }

  /// Calls a strategy and lets the actors run. The future is fulfilled as soon
  /// as the strategy has answered, or the time is up.
  template <class R = void, class T = caf::unit_t>
  std::future<caf::expected<answer<R>>>
  call_async(std::string_view name, const T& input = {}) const {
    auto result = caller_.call_async<R>(name, input);
    in_->run();
    return result;
  }

  /// The CAF actor, as `flamigo::backend` has it.
  const caf::actor& handle() const noexcept {
    return caller_.handle();
  }

private:
  actor_fixture* in_;
  backend caller_;
};

} // namespace flamigo::testing
